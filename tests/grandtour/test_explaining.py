"""Reasons are worked out once a plan stands: whatever happens to them, the plan is there."""

import re
import sys
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grandtour.models import Application, Needs, Plan
from grandtour.plans import accepting, child, explaining, running, told
from tests.factories import OrganiserFactory
from tests.grandtour.rounds import planned, round_of
from tests.grandtour.test_journey_pages import read
from tests.grandtour.tours import NOON
from tests.together import Beside

pytestmark = pytest.mark.django_db


def stands(edition, organiser):
    """Let an edition be planned; its reasons wait for their turn."""
    plan = running.ask(edition, organiser, running.Wish(seconds=20), at=NOON)
    assert running.run_next()
    plan.refresh_from_db()
    assert plan.state == "done", plan.fault
    return plan


def test_how_far_the_reasons_are_is_shown(client):
    organiser = OrganiserFactory()
    plan = stands(round_of(), organiser)
    plan.reasons_state, plan.heard_at = "running", NOON
    plan.reasons_done, plan.reasons_of = 40, 149
    plan.save()
    client.force_login(organiser)
    address = reverse("admin:grandtour_plan_reasons", args=[plan.pk])

    page = client.get(plan.get_absolute_url()).content.decode()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()

    for shown_there in (page, part):
        assert "Its reasons are being worked out: 40 of 149." in shown_there
        assert f'hx-get="{address}"' in shown_there
    assert reverse("admin:grandtour_plan_accept", args=[plan.pk]) in page
    assert client.get(address).url == plan.get_absolute_url()

    explaining.take_up(NOON + timedelta(hours=1))
    running.run_queued()

    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "All reasons are there." in part
    assert "hx-get" not in part
    assert "how reviewers read it" in read(client, plan.get_absolute_url())


def test_a_plan_stands_is_shown_and_accepted_before_its_reasons_are_known(client):
    organiser = OrganiserFactory()
    edition = round_of()
    plan = stands(edition, organiser)
    client.force_login(organiser)

    assert (plan.state, plan.reasons, plan.reasons_state) == ("done", None, "waiting")
    page = read(client, plan.get_absolute_url())
    assert "as soon as there is room for it" in page
    assert "on all dates that begin on the edition" in page
    assert re.search(
        r"Rules broken</th>\s*<td[^>]*>\s*<bdi[^>]*>0</bdi>\s*</td>\s*<td[^>]*>\s*\u2013\s",
        page,
    )
    for name in edition.applications.values_list("person__name", flat=True):
        assert name in page
    accepting.accept(plan, organiser, at=NOON)
    assert running.run_queued() == 1

    plan.refresh_from_db()
    assert (plan.state, plan.reasons_state) == ("accepted", "known")
    assert {why["code"] for why in plan.reasons["travellers"]} == {"placed"}


CRASHES = {
    "a crash": "import os, sys; sys.stdin.readline(); os.abort()",
    "a kill": "import os, sys; sys.stdin.readline(); os.kill(os.getpid(), 9)",
    "an error": "import sys; sys.stdin.readline(); raise ValueError",
    "nothing": "import sys; sys.stdin.readline()",
}


@pytest.mark.parametrize("crash", CRASHES)
def test_whatever_ends_the_reasons_the_plan_stands_and_a_press_works_them_out(
    client, monkeypatch, crash
):
    organiser = OrganiserFactory()
    plan = stands(round_of(), organiser)
    client.force_login(organiser)
    address = reverse("admin:grandtour_plan_reasons", args=[plan.pk])
    program = child.PROGRAM
    monkeypatch.setattr(child, "PROGRAM", [sys.executable, "-c", CRASHES[crash]])
    assert running.run_queued() == 1

    plan.refresh_from_db()
    assert (plan.state, plan.reasons_state, plan.reasons) == ("done", "failed", None)
    page = read(client, plan.get_absolute_url())
    assert "has not been worked out" in page
    assert (
        reverse("admin:grandtour_plan_accept", args=[plan.pk])
        in client.get(plan.get_absolute_url()).content.decode()
    )
    monkeypatch.setattr(child, "PROGRAM", program)
    client.post(address)
    client.post(address)  # a second press begins nothing twice
    assert running.run_queued() == 1

    plan.refresh_from_db()
    assert plan.reasons_state == "known"
    assert "has not been worked out" not in read(client, plan.get_absolute_url())


def test_reasons_are_worked_out_from_the_page_as_a_browser_does():
    organiser, browser = OrganiserFactory(), Client(enforce_csrf_checks=True)
    plan = stands(round_of(), organiser)
    Plan.objects.update(reasons_state="failed", reasons_fault="worker")
    browser.force_login(organiser)
    address = reverse("admin:grandtour_plan_reasons", args=[plan.pk])
    page = browser.get(plan.get_absolute_url()).content.decode()
    form = re.search(rf'<form action="{address}".*?</form>', page, re.DOTALL)[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)

    assert token
    assert browser.post(address, {"csrfmiddlewaretoken": token[1]}).status_code == 302
    plan.refresh_from_db()
    assert plan.reasons_state == "waiting"


def test_reasons_whose_worker_has_gone_are_begun_again_by_the_next_run():
    plan = stands(round_of(), OrganiserFactory())
    gone = {"reasons_state": "running", "heard_at": NOON}
    Plan.objects.update(**gone, reasons_attempts=1)

    assert running.take_up(NOON + timedelta(minutes=1)) == 0
    assert running.take_up(NOON + timedelta(minutes=3)) == 1
    assert running.run_queued() == 1
    plan.refresh_from_db()
    assert (plan.state, plan.reasons_state) == ("done", "known")

    Plan.objects.update(**gone, reasons=None, reasons_attempts=2)
    assert running.take_up(NOON + timedelta(minutes=3)) == 1
    plan.refresh_from_db()
    assert (plan.state, plan.reasons_state, plan.reasons_fault) == ("done", "failed", "worker")


def test_a_plan_that_waits_comes_before_the_reasons_of_another(monkeypatch):
    organiser = OrganiserFactory()
    first = stands(round_of(), organiser)
    second = running.ask(round_of(), organiser, running.Wish(seconds=20), at=NOON)
    order = []
    work_out = child.work_out

    def noted(job, *more):
        order.append("reasons" if "plan" in job else "plan")
        return work_out(job, *more)

    monkeypatch.setattr(child, "work_out", noted)

    assert not explaining.explain_next()
    assert running.run_queued() == 3
    assert order == ["plan", "reasons", "reasons"]
    for plan in (first, second):
        plan.refresh_from_db()
        assert plan.reasons_state == "known"


@pytest.mark.django_db(transaction=True)
def test_reasons_are_put_back_when_somebody_asks_for_a_plan_meanwhile(monkeypatch):
    organiser, edition = OrganiserFactory(), round_of()
    plan = stands(round_of(), organiser)
    slow = "import sys; sys.stdin.readline(); print('{}', flush=True); sys.stdin.read()"
    program = child.PROGRAM
    monkeypatch.setattr(child, "PROGRAM", [sys.executable, "-c", slow])
    monkeypatch.setattr(child, "EVERY", 0.1)

    worker = Beside(explaining.explain_next)
    worker.start()
    worker.until(Plan.objects.filter(pk=plan.pk, reasons_state="running").exists)
    running.ask(edition, organiser, running.Wish(seconds=20), at=timezone.now())
    worker.end()

    plan.refresh_from_db()
    assert (plan.reasons_state, plan.reasons_attempts) == ("waiting", 0)
    monkeypatch.setattr(child, "PROGRAM", program)
    assert running.run_queued() == 3


def test_one_who_needs_nothing_any_more_takes_nobodys_reasons_away(client):
    edition, organiser = round_of(("PL", "PL", "SK", "NL"), largest_group=2), OrganiserFactory()
    needing = edition.applications.get(country="NL")
    needs = Needs.objects.create(application=needing, step_free=True)
    plan = stands(edition, organiser)
    assert "step-free" not in str(plan.problem)
    assert explaining.problem_again(plan).fingerprint() == plan.fingerprint

    accepting.accept(plan, organiser, at=NOON)
    needs.delete()
    running.run_queued()

    plan.refresh_from_db()
    assert (plan.reasons_state, plan.reasons_fault) == ("known", "changed")
    why = {one["key"]: one for one in plan.reasons["travellers"]}
    assert len(why) == 4
    assert "access" not in why[f"a{needing.pk}"]["rules"]
    client.force_login(organiser)
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "The reasons hold for what is needed now." in page
    out = edition.applications.filter(seats=None)
    out.update(state="waiting")
    assert out.count() == 2
    for one in out:
        assert told.to_applicant(one, published=True) != ""


@pytest.mark.parametrize(("changes", "told_as"), [(False, "tie"), (True, "unknown")])
def test_no_tie_is_told_where_what_was_needed_may_have_decided(monkeypatch, changes, told_as):
    edition = round_of()
    needing = edition.applications.get(country="NL")
    needs = Needs.objects.create(application=needing, step_free=True)
    plan = stands(edition, OrganiserFactory())
    why = {"key": "h1", "code": "tie", "stays": ["h2"], "deciding": [], "rules": {}}
    said = {"reasons": {"travellers": [why], "stays": [why]}, "baseline": {}}
    bounds = []

    def work_out(job, *_more):
        bounds.append(job["plan"]["bound"])
        return {"done": said}, ""

    monkeypatch.setattr(child, "work_out", work_out)
    if changes:
        needs.delete()
    running.run_queued()

    plan.refresh_from_db()
    codes = [one["code"] for kind in plan.reasons.values() for one in kind]
    assert codes == [told_as, told_as]
    assert bounds == [explaining.UNPROVEN if changes else plan.result["bound"]]


def test_one_who_needs_more_than_their_journey_gives_takes_nobodys_reasons_away():
    edition = round_of(("PL", "PL", "SK"), largest_group=2)
    plan = stands(edition, OrganiserFactory())
    placed = edition.applications.get(country="SK")
    Needs.objects.create(application=placed, step_free=True)

    running.run_queued()

    plan.refresh_from_db()
    assert plan.reasons_state == "known"
    codes = [one["code"] for one in plan.reasons["travellers"]]
    assert codes.count("placed") == 2
    assert codes.count("tie") == 1


@pytest.mark.parametrize("change", [{"result": {}}, {"problem": {}}, {"fingerprint": "x"}])
def test_a_plan_that_stands_stays_as_its_reasons_found_it(change):
    plan = planned(round_of())

    with pytest.raises(IntegrityError, match="plan_that_stands"):
        Plan.objects.filter(pk=plan.pk).update(**change)


def test_a_plan_in_which_nobody_travels_leads_to_reasons_once_they_are_there(client):
    organiser = OrganiserFactory()
    plan = stands(round_of(("PL",)), organiser)
    client.force_login(organiser)

    page = read(client, plan.get_absolute_url())
    assert "The best plan within these rules is to let nobody travel." in page
    assert "Look below" not in page

    running.run_queued()

    assert "Look below at what stands in the way." in read(client, plan.get_absolute_url())


def test_an_applicant_is_told_nothing_before_reasons_are_known():
    edition = round_of(("PL", "PL", "SK"), largest_group=2)
    plan = stands(edition, OrganiserFactory())
    accepting.accept(plan, plan.asked_by, at=NOON)
    left = edition.applications.exclude(seats__isnull=False).get()
    Application.objects.filter(pk=left.pk).update(state="waiting")
    left.refresh_from_db()

    assert told.to_applicant(left, published=True) == ""

    running.run_queued()

    assert told.to_applicant(left, published=True) != ""
