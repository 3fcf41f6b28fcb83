"""Why there is no place, or why on these days: told to whom it concerns, and not too early."""

import re
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from django.utils.html import strip_tags

from grandtour.actions import journeys, moving
from grandtour.models import Application, Decision, Edition, Journey, Plan
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.why import VISITED, Code
from grandtour.plans import sentences, told
from grandtour.plans.shown import shown
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.planning.test_why import second_best, untried
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_journey_pages import read
from tests.grandtour.test_plans import NEXT_WEEK, accepted
from tests.grandtour.tours import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
HEAD = "Why there is no place"
OF_HOSTS = {*VISITED, Code.CLOSED, Code.FULL}
DECIDING = ("countries", "group_size", "groups_max", "carbon_budget", "money_budget", "share")


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


@pytest.mark.parametrize("code", sorted(set(Code) - {Code.PLACED, *OF_HOSTS}))
def test_no_reason_tells_points_or_names_anybody(code):
    rules = {"access": 3, "window": 2, "locked": 4}
    deciding = [{"name": name, "about": ["a41", "Zyx"]} for name in (*DECIDING, "apart")]
    why = {"code": code, "rules": rules, "parts": {"worth": 99}, "lack": (7, 9)}

    said = [told.left_out(why | {"deciding": deciding[:number]}) for number in (0, 1, 9)]

    assert all(said)
    assert not re.search(r"\d|point|score|review|Zyx", " ".join(said))


def read_by_both(client, edition, country, **wish):
    """Give what is said of the one without a place, who is of a country: here, and to them."""
    plan = accepted(edition, **wish)
    reason = next(one for one in plan.reasons["travellers"] if one["code"] != "placed")
    out = published(Application.objects.get(pk=int(reason["key"][1:])))
    assert out.country == country
    page = shown(plan)
    client.force_login(out.person)
    return page.left[0]["why"], why(read(client, out.get_absolute_url()))


def test_a_lock_that_decided_is_named(client):
    edition = round_of()
    key = {row.country: f"a{row.pk}" for row in edition.applications.all()}
    locks = Locks(apart=(frozenset({key["PL"], key["SK"]}),))
    keep = replace(locks, keep=(Pin(key["SK"]),))

    here, there = read_by_both(client, edition, "PL", locks=keep)

    assert "this rule fell away, such a plan could be among the best" in here
    assert "Lock: in different groups" in here
    assert "among the best: what organisers and hosts had settled beforehand." in there
    assert "seed" not in here + there


def test_the_rule_of_countries_is_named_where_places_are_free(client):
    here, there = read_by_both(client, round_of(("PL", "PL", "SK")), "PL")

    assert "all of the best plans would be such plans: Different countries in a group" in here
    assert "that in a group everybody comes from another country" in there
    assert "fewer places" not in here + there


def test_the_size_of_groups_is_named_where_it_decided(client):
    edition = round_of(("PL", "SK", "HU"), smallest_group=2, largest_group=2)

    plan = planned(edition)

    [left] = shown(plan).left
    assert "could be among the best: The largest size of a group." in left["why"]


OLD = {"stays": [], "rules": {}, "parts": {}, "missing": 12.5, "journey": None}


@pytest.mark.parametrize("code", ["tie", "outbid", "share", "carbon", "money", "no_group"])
def test_a_reason_that_was_kept_before_it_was_proven_says_only_what_is_known(code):
    old, neutral = OLD | {"code": code}, sentences.nothing_proven()

    assert sentences.of_traveller(old, []) == neutral
    assert sentences.of_stay(old, []) == neutral
    assert told.left_out(old) == neutral


def test_beside_what_is_not_proven_nothing_is_said_to_have_weighed():
    given, plan = second_best()

    dana = asdict(untried(given, plan)["dana"])

    assert told.left_out(dana) == sentences.nothing_proven()


def test_a_host_hears_of_no_price():
    used = OLD | {"code": "used", "parts": {"price": 1068.0}}
    assert sentences.of_stay(used, []) == "Visited."


NEEDED = {
    "Any plan without it is worth at least 7 less than this one.": ("used", (7, None)),
    "The best plan without it is worth 9 less than this one.": ("used", (9, 9)),
    "The best plan without it is worth between 7 and 9 less than this one.": ("used", (7, 9)),
    "The best plan without it that was found is worth 9 less than this one.": ("used", (0, 9)),
    "A plan without it is worth no less than this one.": ("used", (0, 0)),
    "What a plan without it is worth could not be proven in the time.": ("used", (0, None)),
    "No plan that keeps all rules, locks and places that stand is without it.": (
        "needed",
        (None, None),
    ),
}


@pytest.mark.parametrize("said", NEEDED)
def test_of_a_visited_host_the_desk_reads_what_a_plan_without_it_is_worth(said):
    code, lack = NEEDED[said]
    assert sentences.of_stay(OLD | {"code": code, "lack": lack}, []) == f"Visited. {said}"


def test_points_of_a_host_are_not_told_where_somebody_is_nobodys_to_judge():
    edition = round_of()
    plan = planned(edition)
    told_of = {row["why"] for row in shown(plan).hosts if row["journeys"]}
    everybody = set(edition.applications.values_list("pk", flat=True))

    assert told_of
    assert all("worth" in said for said in told_of)
    closed = shown(plan, everybody).hosts
    assert {row["why"] for row in closed if row["journeys"]} == {"Visited."}


def test_whom_only_locks_keep_out_is_not_told_of_what_they_wrote():
    locked = OLD | {"code": "no_stay", "rules": {"locked": 3}}
    assert "what you wrote" not in told.left_out(locked)


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

    said = read(client, host.get_absolute_url())
    assert "you are open from the first to the last" in said
    assert "plan without you" in said

    later = timedelta(days=7)
    wishes = {
        stop.pk: moving.Wish(
            (stop.arrive, stop.leave), (stop.arrive + later, stop.leave + later)
        )
        for stop in journey.stops.all()
    }
    moving.move(journey, wishes, plan.asked_by, at=NOON)

    said = read(client, host.get_absolute_url())
    assert "Organisers have moved a stay to other days than were planned." in said
    assert "you are open from the first to the last" not in said


WITHOUT = {
    "No plan that keeps all rules is without you.": ("needed", (None, None)),
    "Every plan without you comes to a lower sum": ("used", (7, None)),
    "The best plan without you that was found comes to a lower sum": ("used", (0, 7)),
    "A plan without you would have been as good": ("used", (0, 0)),
}


@pytest.mark.parametrize("said", WITHOUT)
def test_a_visited_host_reads_what_there_was_without_it_and_no_points(said):
    edition = round_of()
    plan = accepted(edition)
    journey = Journey.objects.get()
    journeys.offer(journey, plan.asked_by, reply_by=NEXT_WEEK, at=NOON)
    host = journey.stops.first().host
    code, lack = WITHOUT[said]
    why = OLD | {"key": f"h{host.pk}", "code": code, "lack": lack}
    Plan.objects.update(reasons={"travellers": [], "stays": [why]})

    text = told.to_host(host)

    assert said in text
    assert not re.search(r"\d", text)


def unvisited(**why):
    """Give what a host reads to which nobody comes, once that is settled."""
    edition = round_of(most_stops=2)
    accepted(edition)
    host = edition.hosts.get(stops=None)
    host.edition.state = Edition.State.DECIDED
    row = OLD | {"key": f"h{host.pk}", "lack": (7, 9)} | why
    Plan.objects.update(reasons={"travellers": [], "stays": [row]})
    return told.to_host(host)


def test_a_host_reads_what_weighed_against_plans_with_it():
    said = unvisited(code="outbid", weighs={"groups_max": 90, "hosts": 80, "money_budget": 70})

    assert (
        "What weighed most against plans with you: how many journeys there are at most, "
        "hosts to which others could go as well."
    ) in said
    assert not re.search(r"\d", said)


def test_a_host_whom_nobody_could_visit_reads_that():
    assert "Nobody on the short list could come to you" in unvisited(
        code="no_group", parts={"suiting": 0.0}
    )
    assert "No group could be made" in unvisited(code="no_group", parts={"suiting": 2.0})
