"""A plan that cannot be accepted any more says which rules it would break, and where."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.utils.html import strip_tags

from capx.templatetags.dates import written_day
from grandtour.models import Application, Host, Journey, Needs, Stay
from grandtour.planning import problem as asked
from grandtour.planning.problem import Locks
from grandtour.planning.written import read
from grandtour.plans import accepting
from grandtour.plans.reading import problem_of
from tests.factories import OrganiserFactory
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_journey_pages import PRESSED, desk
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


def test_what_only_postgresql_knew_is_said_in_the_same_words(client, organiser, monkeypatch):
    here, there = round_of(), round_of(("SK", "HU", "NL"))
    one = here.applications.order_by("pk")[0]
    both = applicant(there, one.country, person=one.person)
    plan, other = planned(here, reasons=False), planned(there, reasons=False)
    read_before = problem_of(here, plan.seed, Locks(), plan.day)
    accepting.accept(other, other.asked_by, at=NOON)
    assert both.seats.exists()
    monkeypatch.setattr(accepting, "problem_of", lambda *_asked: read_before)

    said = refused(client, plan)

    assert "It would break a rule of what stands by now" in said
    assert f"or travels in another edition: {one.person}" in said
