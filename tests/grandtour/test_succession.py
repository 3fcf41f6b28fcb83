"""Who takes over a place fits the money and the carbon that are left, and what was agreed."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from grandtour.actions import journeys, partners
from grandtour.models import Plan, Seat
from grandtour.plans import accepting, budget, succession
from grandtour.plans.room import room_of
from tests.factories import MembershipFactory, OrganiserFactory
from tests.grandtour.rounds import applicant, city, planned, round_of
from tests.grandtour.test_journey_pages import PRESSED, read
from tests.grandtour.test_leaving import confirmed
from tests.grandtour.test_partners import exchange, naming
from tests.grandtour.test_plan_money import granted, spent
from tests.grandtour.tours import NOON
from tests.together import Beside
from volunteers.models import Block

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]


def offered(edition):
    """Give the first journey of a plan whose places are offered."""
    plan = planned(edition)
    accepting.accept(plan, plan.asked_by, at=NOON)
    made = edition.journeys.order_by("pk").first()
    journeys.offer(made, plan.asked_by, reply_by=NOON + timedelta(days=7), at=NOON)
    return made


def refused(journey, **which):
    """Let somebody say no to their place."""
    seat = journey.seats.live().filter(**which).order_by("pk").first()
    journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)
    seat.refresh_from_db()
    return seat


@pytest.mark.parametrize("which_way", [1, -1])
def test_who_has_blocked_or_is_blocked_is_not_next_in_line_nor_chosen(client, which_way):
    edition = round_of()
    journey = offered(edition)
    seat = refused(journey)
    waits = applicant(edition, "DK", state="waiting")
    pair = (journey.seats.live().first().person, waits.person)[::which_way]
    block = Block.objects.create(person=pair[0], blocked=pair[1])

    assert succession.follow(NOON) == 0
    with pytest.raises(succession.DoesNotFit) as refusal:
        succession.by_hand(journey, waits, "", OrganiserFactory(), at=NOON)

    seat.refresh_from_db()
    assert (refusal.value.why, seat.passed_over) == ("", {})
    block.delete()
    assert succession.by_hand(journey, waits, "", OrganiserFactory(), at=NOON)


def costs(journey, *applications):
    """Give what stands costs, and what a place costs for each of some."""
    room = room_of(journey.edition)
    line = {one.seats[0].traveller: one for one in succession.line_of(journey, room)}
    stands = sum(s.cost for one in room.stands for s in one.seats)
    return stands, *(line[f"a{one.pk}"].seats[0].cost for one in applications)


def said(client, journey, organiser=None):
    """Read what the desk says about a journey."""
    client.force_login(organiser or OrganiserFactory())
    return read(client, reverse("admin:grandtour_journey_show", args=[journey.pk]))


def test_who_would_break_the_budget_is_passed_over_and_the_desk_says_why(client):
    edition = round_of()
    journey = offered(edition)
    dear = applicant(edition, "DK")
    cheap = applicant(edition, "PL", state="waiting")
    cheap.place = city("CZ")
    cheap.save()
    seat = refused(journey, country="PL")
    stands, more, less = costs(journey, dear, cheap)
    assert 0 < less < more
    granted(edition, stands + less)

    assert succession.follow(NOON) == 1

    seat.refresh_from_db()
    assert Seat.objects.get(state="proposed").application == cheap
    assert seat.passed_over == {f"a{dear.pk}": "money_budget"}
    assert f"No money is left for a place for: {dear.person}." in said(client, journey)


def test_who_just_fits_the_budget_is_not_passed_over():
    edition = round_of()
    journey = offered(edition)
    dear = applicant(edition, "DK")
    refused(journey, country="NL")
    granted(edition, sum(costs(journey, dear)))

    assert succession.follow(NOON) == 1
    assert Seat.objects.get(state="proposed").application == dear


def test_two_places_are_not_followed_up_with_the_money_for_one():
    edition = round_of()
    journey = offered(edition)
    waiting = [applicant(edition, "DK"), applicant(edition, "NL")]
    refused(journey, country="NL")
    refused(journey, country="HU")
    stands, one, other = costs(journey, *waiting)
    granted(edition, stands + max(one, other))

    assert succession.follow(NOON) == 1

    assert journey.seats.filter(state="proposed").count() == 1


def test_in_a_confirmed_journey_what_is_confirmed_is_spent_and_what_waits_still_counts():
    edition = round_of()
    journey = confirmed(offered(edition))
    waiting = [applicant(edition, "DK"), applicant(edition, "NL")]
    for seat in journey.seats.filter(country__in=["NL", "HU"]):
        journeys.cancel(seat, journeys.Given("papers"), at=NOON)
    journey.refresh_from_db()
    stands, *both = costs(journey, *waiting)
    line = granted(edition, max(both))

    assert stands == 0
    assert succession.follow(NOON) == 1
    made = journey.seats.get(state="proposed")
    spent(line, made, 5_000)
    assert budget.to_follow_with(edition) == max(both)
    assert succession.follow(NOON + timedelta(days=2)) == 0
    still = journey.seats.get(state="cancelled", followed_at=None)
    assert set(still.passed_over.values()) == {"money_budget"}


def test_who_has_agreed_with_a_host_elsewhere_is_passed_over_and_the_desk_says_why(client):
    edition = exchange()
    journey = offered(edition)
    visited = journey.stops.get().host
    other = edition.hosts.exclude(pk=visited.pk).order_by("pk").first()
    applicant(edition, "DK")
    agreed = naming(edition, "DK", other)
    partners.answer(other, agreed, agrees=True, at=NOON)
    seat = refused(journey)
    last = applicant(edition, seat.country, state="waiting")

    succession.follow(NOON)

    seat.refresh_from_db()
    assert f"a{agreed.pk}" in seat.passed_over
    assert seat.passed_over[f"a{agreed.pk}"] == "keep"
    made = journey.seats.get(state="proposed")
    assert made.application == last
    text = said(client, journey)
    assert f"They are to stay with another host, as was agreed: {agreed.person}." in text
    colleague = OrganiserFactory()
    ours = MembershipFactory(person=colleague).affiliate
    MembershipFactory(person=agreed.person, affiliate=ours)
    assert "as was agreed" not in said(client, journey, colleague)


def test_who_has_agreed_with_a_host_here_comes_first():
    edition = exchange()
    journey = offered(edition)
    visited = journey.stops.get().host
    applicant(edition, "NL")
    applicant(edition, "DK")
    agreed = naming(edition, "DK", visited, peer_role="mentor")
    partners.answer(visited, agreed, agrees=True, at=NOON)
    refused(journey)

    succession.follow(NOON)

    assert journey.seats.get(state="proposed").application == agreed


def test_whom_an_organiser_left_out_of_the_plan_is_not_next_inline_of():
    edition = round_of()
    journey = offered(edition)
    left_out, last = applicant(edition, "DK"), applicant(edition, "NL", state="waiting")
    pin = {"traveller": f"a{left_out.pk}", "stay": ""}
    locks = {"keep": [], "exclude": [pin], "together": [], "apart": []}
    Plan.objects.filter(state="accepted").update(locks=locks)
    seat = refused(journey, country="NL")

    succession.follow(NOON)

    seat.refresh_from_db()
    assert seat.passed_over == {f"a{left_out.pk}": "exclude"}
    assert journey.seats.get(state="proposed").application == last
    # By hand an organiser may still place them.
    refused_again = journey.seats.get(state="proposed")
    journeys.cancel(refused_again, journeys.Given("other"), at=NOON)
    organiser = OrganiserFactory()
    made = succession.by_hand(journey, left_out, "", organiser, at=NOON)
    assert made.application == left_out


def test_by_hand_nobody_is_placed_without_money_and_the_desk_says_so(client):
    edition = round_of()
    journey = offered(edition)
    dear = applicant(edition, "DK")
    refused(journey, country="NL")
    stands, _more = costs(journey, dear)
    granted(edition, stands)
    client.force_login(OrganiserFactory())
    address = reverse("admin:grandtour_journey_place", args=[journey.pk])

    page = client.post(address, {**PRESSED, "who": dear.pk})

    assert page.context["form"].errors == {
        "who": [f"No money is left for a place for: {dear.person}."]
    }
    assert not dear.seats.exists()


def beside_after(monkeypatch, number, act):
    """Let somebody act in another session once `follow` has ended so many transactions."""
    attempt, ended = succession.attempt, []

    def attempted(*asked):
        done = attempt(*asked)
        ended.append(asked)
        if len(ended) == number:
            thread = Beside(act)
            thread.start()
            thread.end()
        return done

    monkeypatch.setattr(succession, "attempt", attempted)


@pytest.mark.django_db(transaction=True)
def test_who_gives_up_their_place_while_the_next_in_line_are_looked_for_makes_room(monkeypatch):
    edition = round_of()
    journey = offered(edition)
    next_in_line = applicant(edition, "PL")
    for country in ("NL", "HU"):
        refused(journey, country=country)
    granted(edition, *costs(journey))
    beside_after(monkeypatch, 2, partial(refused, journey, country="PL"))

    assert succession.follow(NOON) == 1

    assert journey.seats.get(state="proposed").application == next_in_line
    assert not any(journey.seats.values_list("passed_over", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_place_that_is_filled_by_hand_while_it_is_looked_after_is_not_filled_twice(
    monkeypatch,
):
    edition = round_of()
    journey = offered(edition)
    chosen, next_in_line = applicant(edition, "DK"), applicant(edition, "NL")
    for country in ("NL", "HU"):
        refused(journey, country=country)
    by_hand = partial(succession.by_hand, journey, chosen, "", OrganiserFactory(), at=NOON)
    beside_after(monkeypatch, 1, by_hand)

    assert succession.follow(NOON) == 1

    proposed = journey.seats.filter(state="proposed").order_by("pk")
    assert [seat.application for seat in proposed] == [chosen, next_in_line]
    assert not journey.seats.filter(state="refused", followed_at=None).exists()
