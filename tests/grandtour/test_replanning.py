"""Planning anew: around hosts that said no and what is settled, and with what people need."""

from datetime import date, timedelta

import pytest

from grandtour.actions import applications, journeys
from grandtour.models import Host, Journey, JourneyEvent, Leg, Needs, Plan, Seat
from grandtour.planning import problem as asked
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.written import read
from grandtour.plans import accepting, succession
from grandtour.plans.reading import first_day, problem_of
from tests.factories import MembershipFactory, PersonFactory
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_plans import NEXT_WEEK, accepted, offered
from tests.grandtour.tours import DAY, NOON, settle
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
NO_LOCKS = Locks()


def all_say_yes(journey):
    """Let every traveller say yes."""
    for seat in journey.seats.live():
        journeys.accept(seat, at=NOON)


def host_says_no(stop, by=None):
    """Let a host say no to a stop; give its key."""
    given = journeys.Given(Seat.Reason.HOST, "No room.", by or PersonFactory())
    journeys.host_refuses(stop, given, at=NOON)
    return f"h{stop.host_id}"


def hosts_of(plan):
    """Give the hosts that a plan visits."""
    return {stop.stay for one in read(asked.Plan, plan.result).journeys for stop in one.stops}


def settled(journey, state):
    """Let a journey be confirmed, and be as far as it says."""
    for seat in journey.seats.live():
        settle(seat)
    journey.stops.update(accepted_at=NOON, accepted_by=PersonFactory())
    journey.seats.live().update(state="confirmed", accepted_at=NOON)
    Journey.objects.filter(pk=journey.pk).update(state="confirmed")
    seats = {"travelling": "travelling", "returned": "returned", "closed": "closed"}
    journey.seats.live().update(state=seats.get(state, "confirmed"))
    Journey.objects.filter(pk=journey.pk).update(state=state)
    rows = journey.edition.applications.filter(seats__journey=journey)
    rows.update(state="confirmed" if state in {"confirmed", "travelling"} else "travelled")
    return [
        (stop.host_id, stop.arrive, stop.leave) for stop in journey.stops.order_by("number")
    ]


def test_nobody_is_planned_again_at_a_host_that_refused_them():
    edition = round_of()
    journey = offered(edition)
    all_say_yes(journey)
    refused = host_says_no(journey.stops.get(number=1))

    plan = planned(edition)
    found = accepting.accept(plan, plan.asked_by, at=NOON)

    assert plan.state == "accepted"
    assert refused not in hosts_of(plan)
    assert plan.travellers == 4
    assert (found.kept, found.ended) == ([], [journey])
    assert set(Journey.objects.live().get().seats.live().values_list("state", flat=True)) == {
        "proposed"
    }


def test_a_host_that_refused_is_asked_again_where_organisers_lock_it():
    edition = round_of()
    journey = offered(edition)
    refused = host_says_no(journey.stops.get(number=1))

    plan = planned(edition, locks=Locks(keep=(Pin("", refused),)))
    accepting.accept(plan, plan.asked_by, at=NOON)

    made = Journey.objects.live().get()
    assert made != journey
    assert made.stops.get(host=int(refused[1:])).refused_at is None


def test_that_a_host_refused_is_known_after_the_journey_was_called_off():
    edition = round_of()
    journey = offered(edition)
    refused = host_says_no(journey.stops.get(number=1))
    in_it = {f"a{seat.application_id}" for seat in journey.seats.live()}
    given = journeys.Given(Seat.Reason.HOST, "No room.", PersonFactory())
    journeys.call_off(journey, given, at=NOON)
    new = applicant(edition, "DK")

    problem = problem_of(edition, 1, NO_LOCKS, DAY)

    assert {pin.traveller for pin in problem.locks.exclude if pin.stay == refused} == in_it
    assert f"a{new.pk}" not in in_it


def test_who_said_yes_to_what_cannot_be_comes_before_who_had_nothing():
    edition = round_of(("PL", "SK"))
    journey = offered(edition)
    all_say_yes(journey)
    host_says_no(journey.stops.get(number=1))
    edition.applications.update(first_time=False)
    better = [applicant(edition, country, first_time=True) for country in ("HU", "NL", "DK")]
    Host.objects.update(most_guests=3)

    plan = planned(edition)

    travels = {seat.traveller for seat in read(asked.Plan, plan.result).seats()}
    assert travels >= {f"a{seat.application_id}" for seat in journey.seats.live()}
    assert len(travels & {f"a{one.pk}" for one in better}) == 1


@pytest.mark.parametrize("state", ["confirmed", "travelling", "returned", "closed"])
def test_what_is_settled_is_touched_by_no_plan(state):
    edition = round_of(("PL", "SK"))
    accepted(edition)
    first = Journey.objects.get()
    stood = settled(first, state)
    Host.objects.update(groups=2)
    for country in ("HU", "NL", "DK"):
        applicant(edition, country)

    plan = planned(edition)
    found = accepting.accept(plan, plan.asked_by, at=NOON)

    first.refresh_from_db()
    now = [(stop.host_id, stop.arrive, stop.leave) for stop in first.stops.order_by("number")]
    assert (first.state, now, first.seats.live().count()) == (state, stood, 2)
    assert (found.settled, found.kept, found.ended, found.leave) == ([first], [], [], [])
    assert Journey.objects.exclude(pk=first.pk).get().seats.live().count() == 3
    assert not Notice.objects.exists()


def test_what_settled_journeys_use_is_not_given_away_again():
    edition = round_of(("PL", "SK"))
    accepted(edition)
    first = Journey.objects.get()
    settled(first, "confirmed")
    grams = sum(leg.grams for leg in Leg.objects.exclude(seat=None))
    grams += 2 * sum(leg.grams for leg in Leg.objects.shared())

    problem = problem_of(edition, 1, NO_LOCKS, DAY)

    assert problem.rules.carbon_budget == edition.carbon_budget * 1000 - grams
    assert {stay.key for stay in problem.stays}.isdisjoint(
        f"h{stop.host_id}" for stop in first.stops.all()
    )
    assert problem.travellers == ()


def test_beds_of_settled_guests_are_not_given_away_again():
    edition = round_of(("PL", "SK"))
    accepted(edition)
    first = Journey.objects.get()
    settled(first, "confirmed")
    Host.objects.update(groups=2)

    stop = first.stops.get(number=1)
    stays = problem_of(edition, 1, NO_LOCKS, DAY).stays

    stay = next(one for one in stays if one.key == f"h{stop.host_id}")
    nights = [stop.arrive + timedelta(n) for n in range(stop.nights)]
    assert (stay.groups, stay.taken) == (1, tuple((night, 2) for night in nights))


def test_who_said_yes_keeps_their_days():
    edition = round_of(("PL", "SK", "HU"))
    journey = offered(edition)
    all_say_yes(journey)
    key = f"a{journey.seats.get(country='PL').application_id}"
    late = applicant(edition, "DK", windows=[(date(2026, 5, 18), date(2026, 5, 31))])

    together = (frozenset({key, f"a{late.pk}"}),)
    plan = planned(edition, locks=Locks(keep=(Pin(f"a{late.pk}"),), together=together))

    assert plan.state == "infeasible"
    assert {rule["name"] for rule in plan.collisions} >= {"window", "stands"}


def test_the_next_in_line_who_was_proposed_is_not_planned_away():
    edition = round_of()
    last = applicant(edition, "DK", state="waiting")
    journey = offered(edition)
    seat = journey.seats.get(country="NL")
    journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)
    succession.follow(NOON)

    plan = planned(edition)
    found = accepting.accept(plan, plan.asked_by, at=NOON)

    assert f"a{last.pk}" in found.stay
    assert found.kept == [journey]


def test_no_journey_of_a_plan_begins_before_it_was_asked_for():
    edition = round_of()
    first = edition.travel_first_day

    assert first_day(edition, first - timedelta(100)) == first
    assert first_day(edition, first - timedelta(1)) == first
    assert first_day(edition, first) == first + timedelta(7)
    assert first_day(edition, first + timedelta(13)) == first + timedelta(14)


def test_a_plan_is_not_accepted_once_its_journeys_would_have_begun():
    plan = planned(round_of())

    with pytest.raises(accepting.Outdated):
        accepting.accept(plan, plan.asked_by, at=NOON + timedelta(days=120))

    assert not Journey.objects.exists()


def test_journeys_that_a_plan_ends_are_called_off_and_their_hosts_hear_it():
    edition = round_of()
    journey = offered(edition)
    stop = journey.stops.get(number=1)
    speaker = MembershipFactory(affiliate=stop.host.affiliate, role="steward").person
    journeys.welcome(stop, speaker, at=NOON)
    refused = host_says_no(journey.stops.get(number=2))

    plan = planned(edition)
    accepting.accept(plan, plan.asked_by, at=NOON)

    journey.refresh_from_db()
    assert refused not in hosts_of(plan)
    assert (journey.state, journey.ended_for, journey.ended_because) == (
        "cancelled",
        "plan",
        "",
    )
    assert journey.get_ended_for_display() == "Organisers have planned anew"
    happened = JourneyEvent.objects.filter(journey=journey, what="cancelled")
    assert happened.filter(seat=None, by=plan.asked_by).count() == 1
    assert happened.exclude(seat=None).count() == 4
    heard = Notice.objects.filter(key__startswith="host-called_off")
    assert [notice.recipient for notice in heard] == [speaker]
    assert Notice.objects.filter(key__startswith="seat-cancelled").count() == 4


def test_who_cannot_take_steps_is_planned_only_where_there_are_none():
    edition = round_of()
    Needs.objects.create(application=edition.applications.get(country="NL"), step_free=True)

    there = planned(edition)
    why = next(why for why in there.reasons["travellers"] if why["code"] != "placed")
    Host.objects.update(step_free=True)
    then = planned(edition)

    assert (there.travellers, then.travellers) == (3, 4)
    assert (why["code"], why["rules"]["access"]) == ("no_stay", 3)


def test_what_somebody_needs_stays_in_no_plan():
    edition = round_of()
    row = edition.applications.get(country="NL")
    Needs.objects.create(application=row, step_free=True)
    plan = planned(edition)
    assert "step-free" not in str(plan.problem)
    assert "access" in str(plan.reasons)

    applications.purge_needs(edition.travel_last_day + timedelta(days=61))

    assert "access" not in str(Plan.objects.get().reasons)
    assert not Needs.objects.exists()


def test_the_next_in_line_needs_a_way_in_too():
    edition = round_of()
    Needs.objects.create(application=applicant(edition, "DK", state="waiting"), step_free=True)
    journey = offered(edition)
    seat = journey.seats.get(country="NL")
    journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)

    assert succession.follow(NOON) == 0


def test_an_offer_of_a_new_plan_can_be_answered():
    edition = round_of()
    journey = offered(edition)
    all_say_yes(journey)
    host_says_no(journey.stops.get(number=1))
    plan = planned(edition)
    accepting.accept(plan, plan.asked_by, at=NOON)

    made = Journey.objects.live().get()
    journeys.offer(made, plan.asked_by, reply_by=NEXT_WEEK, at=NOON)
    all_say_yes(made)

    assert {seat.state for seat in made.seats.live()} == {"accepted"}
