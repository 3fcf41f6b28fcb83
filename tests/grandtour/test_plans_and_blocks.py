"""Who has blocked whom is planned apart; no page of a plan says so, and no row keeps it."""

import pytest
from django.urls import reverse

from grandtour.actions import journeys
from grandtour.models import Journey, Plan
from grandtour.planning import problem as asked
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.written import read
from grandtour.plans import accepting, broken, explaining, succession
from grandtour.plans.reading import problem_of
from grandtour.plans.shown import rules_that_collide
from tests.factories import MembershipFactory, OrganiserFactory
from tests.grandtour.rounds import applicant, here, planned, round_of
from tests.grandtour.test_plans import offered
from tests.grandtour.test_succession import refused
from tests.grandtour.tours import NOON
from volunteers.models import Block

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
NAMES = ("Zyxandra Quell", "Wolfhild Brock")


@pytest.fixture
def edition():
    """Give a round of which all four would travel in one group."""
    return round_of()


def two_of(edition):
    """Give two applications whose people have names that no other page holds."""
    two = edition.applications.get(country="PL"), edition.applications.get(country="SK")
    for one, name in zip(two, NAMES, strict=True):
        one.person.name = name
        one.person.save()
    return two


def block(one, other):
    """Let somebody block somebody else."""
    return Block.objects.create(person=one, blocked=other)


def groups(plan):
    """Give who travels with whom, and where."""
    made = read(asked.Plan, plan.result).journeys
    return [{*one.travellers, *(stop.stay for stop in one.stops)} for one in made]


@pytest.mark.parametrize("which_way", [1, -1])
def test_two_with_a_block_between_them_are_in_no_group(edition, which_way):
    pair = two_of(edition)
    keys = {f"a{one.pk}" for one in pair}
    assert any(keys <= group for group in groups(planned(edition, reasons=False)))

    block(*[one.person for one in pair][::which_way])
    plan = planned(edition, reasons=False)

    assert plan.travellers == 3
    assert not any(keys <= group for group in groups(plan))


@pytest.mark.parametrize("which_way", [1, -1])
def test_nobody_comes_to_a_host_one_of_whose_people_they_have_blocked(edition, which_way):
    one, _other = two_of(edition)
    host = edition.hosts.first()
    member = MembershipFactory(affiliate=host.affiliate, confirmed_at=NOON).person
    waits = MembershipFactory(affiliate=edition.hosts.last().affiliate, confirmed_at=None)
    locks = Locks(keep=(Pin("", f"h{host.pk}"),))
    keys = {f"a{one.pk}", f"h{host.pk}"}
    assert any(keys <= group for group in groups(planned(edition, locks=locks, reasons=False)))

    block(*(one.person, member)[::which_way])
    block(one.person, waits.person)
    plan = planned(edition, locks=locks, reasons=False)

    assert not any(keys <= group for group in groups(plan))
    private = problem_of(edition, 1, locks, plan.day).private
    assert private == (frozenset(keys),)


def test_no_page_of_a_plan_says_so_and_no_row_keeps_it(client, edition):
    pair = two_of(edition)
    block(*(one.person for one in pair))
    plan = planned(edition)

    row = str(Plan.objects.values().get(pk=plan.pk))
    keys = [f"a{one.pk}" for one in pair]
    out = next(one for one in plan.reasons["travellers"] if one["code"] != "placed")
    assert (out["key"] in keys, out["rules"], out["deciding"]) == (True, {}, [])
    assert plan.baseline["broken"].get("private") is None
    assert plan.problem["private"] == []
    assert not any(f"['{one}', '{other}']" in row for one in keys for other in keys)

    client.force_login(OrganiserFactory())
    page = client.get(plan.get_absolute_url()).content.decode()
    for word in ("private", "block between", "blocked"):
        assert word not in page
    left = page[page.index(NAMES[keys.index(out["key"])]) :]
    assert "Lock: in different groups" not in left


def test_where_rules_collide_it_is_told_in_the_words_of_what_somebody_needs(edition):
    one, other = two_of(edition)
    block(one.person, other.person)
    pins = (Pin(f"a{one.pk}"), Pin(f"a{other.pk}"))

    plan = planned(edition, locks=Locks(keep=pins))

    assert plan.state == "infeasible"
    said = rules_that_collide(plan)
    about = [words for words in said if not words.startswith("Lock: must be in: ")]
    assert about == ["Something private, such as what travellers need to reach a host"]


def test_a_plan_is_not_accepted_over_a_block_of_since_then(client, edition):
    one, other = two_of(edition)
    plan = planned(edition, reasons=False)
    block(other.person, one.person)

    client.force_login(plan.asked_by)
    address = reverse("admin:grandtour_plan_accept", args=[plan.pk])
    page = client.post(address, {"sure": "yes"}, follow=True).content.decode()

    with pytest.raises(accepting.Outdated):
        accepting.accept(plan, plan.asked_by, at=NOON)
    assert not Journey.objects.exists()
    assert "Somebody has come, left or changed since this was planned" in page
    assert broken.now(plan, plan.day, plan.asked_by, needs=True) == []


def test_a_plan_in_which_the_two_do_not_meet_is_accepted_over_a_block(edition):
    one, other = two_of(edition)
    first = block(one.person, other.person)
    plan = planned(edition, reasons=False)
    [group] = groups(plan)
    [out] = [row for row in (one, other) if f"a{row.pk}" not in group]
    there = edition.applications.get(country="NL")
    assert f"a{there.pk}" in group

    first.delete()
    block(there.person, out.person)

    assert accepting.accept(plan, plan.asked_by, at=NOON).begun


def test_the_fingerprint_on_a_page_is_the_same_whoever_blocks_whom(edition):
    before = planned(edition, reasons=False)
    block(*(one.person for one in two_of(edition)))

    assert planned(edition, reasons=False).fingerprint == before.fingerprint


def test_reasons_are_worked_out_beside_a_block_of_since_then(monkeypatch, edition):
    one, other = two_of(edition)
    plan = planned(edition, reasons=False)
    block(one.person, other.person)
    block(one.person, edition.applications.get(country="NL").person)
    monkeypatch.setattr("grandtour.plans.child.work_out", here)

    assert explaining.problem_again(plan).private == ()
    assert explaining.explain_next()

    plan.refresh_from_db()
    assert (plan.reasons_state, plan.reasons_fault) == ("known", "")
    assert {why["code"] for why in plan.reasons["travellers"]} == {"placed"}


def test_reasons_are_of_the_problem_that_was_planned(edition):
    one, other = two_of(edition)
    standing = block(one.person, other.person)
    plan = planned(edition, reasons=False)

    asked_then = plan.result["fingerprint"]
    assert explaining.problem_again(plan).fingerprint() == asked_then
    standing.delete()
    assert explaining.problem_again(plan).fingerprint() != asked_then


def test_who_has_said_yes_keeps_their_journey(edition):
    one, other = two_of(edition)
    journey = offered(edition)
    for seat in journey.seats.live():
        journeys.accept(seat, at=NOON)
    block(one.person, other.person)

    plan = planned(edition, reasons=False)

    assert (plan.state, plan.travellers) == ("done", 4)
    assert accepting.accept(plan, plan.asked_by, at=NOON).kept == [journey]


def test_who_has_said_nothing_yet_is_planned_apart(edition):
    one, other = two_of(edition)
    offered(edition)
    block(one.person, other.person)

    plan = planned(edition, reasons=False)

    assert not any({f"a{one.pk}", f"a{other.pk}"} <= group for group in groups(plan))


def test_nobody_follows_to_a_host_one_of_whose_people_has_blocked_them(edition):
    journey = offered(edition)
    seat = refused(journey)
    waits = applicant(edition, "DK", state="waiting")
    host = journey.stops.first().host
    member = MembershipFactory(affiliate=host.affiliate, confirmed_at=NOON).person
    standing = block(member, waits.person)

    assert succession.follow(NOON) == 0
    with pytest.raises(succession.DoesNotFit) as refusal:
        succession.by_hand(journey, waits, "", OrganiserFactory(), at=NOON)

    seat.refresh_from_db()
    assert (refusal.value.why, seat.passed_over) == ("", {})
    standing.delete()
    assert succession.by_hand(journey, waits, "", OrganiserFactory(), at=NOON)
