"""Why there is no place, or why on these days: told to whom it concerns, and not too early."""

import re

import pytest
import time_machine
from django.utils.html import strip_tags

from grandtour.actions import journeys
from grandtour.models import Decision, Edition, Journey
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.why import Code
from grandtour.plans import told
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.rounds import applicant, round_of
from tests.grandtour.test_journey_pages import read
from tests.grandtour.test_plans import NEXT_WEEK, accepted
from tests.grandtour.tours import NOON

pytestmark = pytest.mark.django_db
HEAD = "Why there is no place"


@pytest.fixture(autouse=True)
def _in_february():
    """Let every test happen while offers are open."""
    with time_machine.travel(NOON, tick=False):
        yield


def published(application, outcome="shortlisted"):
    """Let a letter about an application be out."""
    Decision.objects.create(
        application=application,
        outcome=outcome,
        by=OrganiserFactory(),
        decided_at=NOON,
        published_at=NOON,
    )
    return application


def without_a_place(edition):
    """Let a plan be accepted in which the one from the Netherlands has no place."""
    out = edition.applications.get(country="NL")
    accepted(edition, locks=Locks(exclude=(Pin(f"a{out.pk}"),)))
    return out


def why(page):
    """Give what the page of an application says in that part."""
    found = re.search(rf"{HEAD}</h2>(.*?)</section>", page, re.DOTALL)
    return " ".join(strip_tags(found[1]).split()) if found else ""


def test_whoever_has_no_place_reads_why_once_their_letter_is_out(client):
    out = without_a_place(round_of())
    client.force_login(out.person)
    assert HEAD not in read(client, out.get_absolute_url())

    published(out)

    said = why(read(client, out.get_absolute_url()))
    assert "An organiser left you out of the plan by hand." in said
    assert not re.search(r"\d", said)


def test_whoever_has_a_place_or_came_onto_the_list_later_reads_nothing_of_it(client):
    edition = round_of()
    without_a_place(edition)
    placed = published(edition.applications.get(country="PL"))
    late = published(applicant(edition, "DK"))
    for one in (placed, late):
        client.force_login(one.person)
        assert HEAD not in read(client, one.get_absolute_url())


@pytest.mark.parametrize("outcome", ["declined", "waiting"])
def test_whoever_was_not_on_the_list_reads_that_no_journey_was_planned_with_it(client, outcome):
    edition = round_of()
    without_a_place(edition)
    ended = {"ended_at": NOON} if outcome == "declined" else {}
    no = published(applicant(edition, "DK", state=outcome, **ended), outcome)
    client.force_login(no.person)

    assert "yours was not on it" in why(read(client, no.get_absolute_url()))


def test_what_would_open_more_hosts_is_said_without_a_number(client):
    edition = round_of()
    out = edition.applications.get(country="NL")
    edition.hosts.update(languages=["de"])
    edition.applications.exclude(pk=out.pk).update(languages=["de"])
    accepted(edition)
    published(out)
    client.force_login(out.person)

    said = why(read(client, out.get_absolute_url()))
    assert "No host suited what you wrote." in said
    assert "What would open more hosts: one more language." in said
    assert not re.search(r"\d", said)


@pytest.mark.parametrize("code", sorted(set(Code) - {Code.PLACED, Code.USED, Code.CLOSED}))
def test_no_reason_tells_points_or_names_anybody(code):
    rules = {"access": 3, "window": 2, "locked": 4}
    said = told.left_out({"code": code, "rules": rules, "parts": {"worth": 99}, "missing": 7})

    assert said
    assert not re.search(r"\d|point|score|review", said)


def test_a_host_reads_why_nobody_comes_once_it_is_settled(client):
    edition = round_of()
    host = edition.hosts.order_by("pk").first()
    member = MembershipFactory(affiliate=host.affiliate, role="editor").person
    accepted(edition, locks=Locks(exclude=(Pin("", f"h{host.pk}"),)))
    client.force_login(member)
    assert "Why nobody comes" not in read(client, host.get_absolute_url())

    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.DECIDED)

    assert "Why nobody comes" in read(client, host.get_absolute_url())
    assert "An organiser left you out of the plan by hand." in read(
        client, host.get_absolute_url()
    )
    client.force_login(PersonFactory())
    assert "Why nobody comes" not in read(client, host.get_absolute_url())


def test_a_host_reads_why_on_these_days_once_a_journey_is_offered(client):
    edition = round_of()
    plan = accepted(edition)
    journey = Journey.objects.get()
    host = journey.stops.first().host
    client.force_login(MembershipFactory(affiliate=host.affiliate, role="editor").person)
    assert "Why on these days" not in read(client, host.get_absolute_url())

    journeys.offer(journey, plan.asked_by, reply_by=NEXT_WEEK, at=NOON)

    assert "you are open from the first to the last" in read(client, host.get_absolute_url())
