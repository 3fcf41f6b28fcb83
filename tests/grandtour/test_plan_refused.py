"""A plan that cannot be accepted any more says which rules it would break, and where."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils.html import strip_tags

from capx.templatetags.dates import written_day
from grandtour.actions import journeys
from grandtour.models import Application, Host, Journey, Needs, Stay, Window
from grandtour.planning import problem as asked
from grandtour.planning.problem import Locks
from grandtour.planning.written import read
from grandtour.plans import accepting
from grandtour.plans.reading import problem_of
from tests.factories import OrganiserFactory
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_journey_pages import PRESSED, desk
from tests.grandtour.test_moving import is_not_offered, knows_them, travels_there
from tests.grandtour.tours import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]


@pytest.fixture
def organiser(client):
    person = OrganiserFactory()
    client.force_login(person)
    return person


def refused(client, plan):
    """Press 'accept'; give what the page says then, in one line."""
    answer = client.post(desk("plan_accept", plan), PRESSED, follow=True)
    plan.refresh_from_db()
    assert (plan.state, Journey.objects.filter(plan=plan).count()) == ("done", 0)
    return re.sub(r"\s+", " ", strip_tags(answer.content.decode()))


def first_stop(plan):
    """Give the host of the first stop of a plan, and the day on which a group comes."""
    stop = read(asked.Plan, plan.result).journeys[0].stops[0]
    return Host.objects.get(pk=stop.stay[1:]), stop.arrive


def test_the_host_and_the_day_are_named_where_a_host_has_taken_days_back(client, organiser):
    plan = planned(round_of(), reasons=False)
    host, day = first_stop(plan)
    Stay.objects.filter(host=host).update(period=(day.replace(day=30), day.replace(day=31)))

    said = refused(client, plan)

    assert "nothing was done" in said
    assert f"A day on which a host takes nobody: {host.affiliate}, {written_day(day)}" in said


def test_travellers_are_named_who_have_left_or_share_no_language_any_more(client, organiser):
    edition = round_of()
    plan = planned(edition, reasons=False)
    one, other = edition.applications.order_by("pk")[:2]
    Application.objects.filter(pk=one.pk).update(languages=["sw"])

    said = refused(client, plan)

    assert f"No language shared with a host: {one.person}, " in said
    Application.objects.filter(pk=other.pk).update(state="withdrawn", ended_at=NOON)
    assert f"Not on the short list any more: {other.person}" in refused(client, plan)


def test_what_somebody_needs_is_named_to_nobody_who_may_not_read_needs(client, organiser):
    edition = round_of()
    plan = planned(edition, reasons=False)
    one = edition.applications.order_by("pk")[0]
    Needs.objects.create(application=one, step_free=True)
    host, _day = first_stop(plan)
    words = f"A host who cannot be reached without steps: {one.person}, {host.affiliate}"
    assert words in refused(client, plan)

    Permission.objects.get(codename="view_needs").group_set.clear()
    said = refused(client, plan)

    assert "nothing was done" in said
    assert "without steps" not in said


def in_both(edition):
    """Plan an edition; give the plan, and the place one of it has in another one since then."""
    one, there = edition.applications.order_by("pk")[0], round_of(("SK", "HU", "NL"))
    both = applicant(there, one.country, person=one.person)
    plan, other = planned(edition, reasons=False), planned(there, reasons=False)
    accepting.accept(other, other.asked_by, at=NOON)
    week = NOON + timedelta(days=7)
    journeys.offer(there.journeys.get(), other.asked_by, reply_by=week, at=NOON)
    return plan, both.seats.get()


def test_what_only_postgresql_knew_is_said_in_the_same_words(client, organiser, monkeypatch):
    here = round_of()
    read_before = problem_of(here, 1, Locks(), NOON.date())
    plan, place = in_both(here)
    monkeypatch.setattr(accepting, "problem_of", lambda *_asked: read_before)

    said = refused(client, plan)

    assert "It would break a rule of what stands by now" in said
    assert f"or travels in another edition: {place.person}" in said


@pytest.mark.parametrize("hidden", [travels_there, knows_them, is_not_offered])
def test_nobody_is_named_whose_place_elsewhere_an_organiser_may_not_know_of(
    client, organiser, hidden
):
    plan, place = in_both(round_of())
    words = "Days on which somebody cannot be away, or travels in another edition"
    assert f"{words}: {place.person}" in refused(client, plan)

    hidden(place, organiser)

    said = refused(client, plan)
    assert words in said
    assert f"{words}:" not in said
    Window.objects.filter(application__edition=plan.edition).delete()
    assert f"{words}: {place.person}" in refused(client, plan)
