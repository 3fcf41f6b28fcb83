"""Planning anew once a journey has been moved: it stands, on whatever days it has by then."""

from datetime import date, timedelta

import pytest
import time_machine

from grandtour.actions import expectations as agreeing
from grandtour.actions import journeys, moving
from grandtour.models import Expectation, Journey, Seat, Side
from grandtour.planning import problem as asked
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.verify import broken
from grandtour.planning.written import read
from grandtour.plans import accepting, reading
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_plan_money import granted, spent
from tests.grandtour.tours import NOON
from volunteers.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
ALONE = {"smallest_group": 1, "largest_group": 1, "fewest_stops": 1, "most_stops": 1}
WEEKS = {"kind": "visiting", "fewest_nights": 14, "most_nights": 56}
WORDS = {"goals": "To scan.", "programme": "Scanning.", "afterwards": "Scan at home."}
MAY_FIRST = date(2026, 5, 1)
FIRST_WEEKS = (MAY_FIRST, date(2026, 5, 20))
A_DAY = timedelta(days=1)


def visit():
    """Let the stay of a guest with days until the twentieth be planned and accepted."""
    edition = round_of((), **ALONE | WEEKS)
    applicant(edition, "PL", nights=14, windows=[FIRST_WEEKS])
    plan = planned(edition, reasons=False)
    accepting.accept(plan, plan.asked_by, at=NOON)
    return Journey.objects.get(edition=edition)


def move(journey, days):
    """Let a stay begin and end so many days later."""
    stop = journey.stops.get()
    now = (stop.arrive + timedelta(days), stop.leave + timedelta(days))
    wish = moving.Wish((stop.arrive, stop.leave), now)
    moving.move(journey, {stop.pk: wish}, OrganiserFactory(), at=NOON)
    return now


def said_yes(journey, days):
    """Let guest and host say yes, and agree on a stay so many days later."""
    by = OrganiserFactory()
    journeys.offer(journey, by, reply_by=NOON + 7 * A_DAY, at=NOON)
    seat, stop = journey.seats.get(), journey.stops.get()
    host = MembershipFactory(affiliate=stop.host.affiliate, role="steward").person
    journeys.accept(seat, at=NOON)
    journeys.welcome(stop, host, at=NOON)
    arrive, leave = stop.arrive + timedelta(days), stop.leave + timedelta(days)
    words = Expectation(seat=seat, stop=stop, arrive=arrive, leave=leave, **WORDS)
    guest = agreeing.Speaker(seat.person, Side.TRAVELLER)
    put = agreeing.propose(words, guest, read=0, at=NOON)
    agreeing.confirm(put, agreeing.Speaker(host, Side.HOST), at=NOON)


def planned_anew(journey):
    """Let it be planned anew for somebody who has come since, too; give what is accepted."""
    edition = journey.edition
    new = applicant(edition, "SK", nights=14)
    plan = planned(edition)
    problem, result = read(asked.Problem, plan.problem), read(asked.Plan, plan.result)
    assert (plan.state, broken(problem, result)) == ("done", [])
    assert f"a{new.pk}" in {seat.traveller for seat in result.seats()}
    return accepting.accept(plan, plan.asked_by, at=NOON)


@pytest.mark.parametrize("days", [1, 8])
def test_a_stay_that_was_moved_stands_when_all_is_planned_anew(days):
    journey = visit()
    said_yes(journey, days)
    now = move(journey, days)

    found = planned_anew(journey)

    stop = journey.stops.get()
    assert (found.kept, found.ended, len(found.begun)) == ([journey], [], 1)
    assert (stop.arrive, stop.leave) == now
    assert journey.seats.get().state in {"accepted", "agreed"}


def test_what_is_only_proposed_can_be_moved_to_another_day_of_the_week_and_stands():
    journey = visit()
    now = move(journey, 1)

    found = planned_anew(journey)

    stop = journey.stops.get()
    assert (found.kept, found.ended) == ([journey], [])
    assert (stop.arrive, stop.leave) == now
    assert {one.stops[0].arrive.weekday() for one in found.begun} == {
        journey.edition.travel_first_day.weekday()
    }


def test_what_a_host_refused_is_begun_anew_on_the_day_of_the_week_of_all_others():
    journey = visit()
    journeys.offer(journey, OrganiserFactory(), reply_by=NOON + 7 * A_DAY, at=NOON)
    move(journey, 1)
    stop = journey.stops.get()
    no = journeys.Given(Seat.Reason.HOST, "No room.", PersonFactory())
    journeys.host_refuses(stop, no, at=NOON)

    lock = Locks(keep=(Pin("", f"h{stop.host_id}"),))
    plan = planned(journey.edition, reasons=False, locks=lock)

    (begun,) = read(asked.Plan, plan.result).journeys
    assert begun.stops[0].arrive == stop.arrive - A_DAY


def test_two_stays_moved_to_the_same_days_at_one_host_both_stand():
    edition = round_of((), **ALONE | WEEKS)
    edition.hosts.exclude(place__country="DE").delete()
    edition.hosts.update(groups=2)
    for country, last in (("PL", 20), ("SK", 31)):
        applicant(edition, country, nights=14, windows=[(MAY_FIRST, date(2026, 5, last))])
    plan = planned(edition, reasons=False)
    accepting.accept(plan, plan.asked_by, at=NOON)
    journeys_there = list(Journey.objects.order_by("pk"))
    for journey in journeys_there:
        said_yes(journey, (date(2026, 5, 2) - journey.stops.get().arrive).days)
        move(journey, (date(2026, 5, 2) - journey.stops.get().arrive).days)

    again = planned(edition)
    found = accepting.accept(again, again.asked_by, at=NOON)

    assert (again.state, found.begun, found.ended, found.leave) == ("accepted", [], [], [])
    assert sorted(one.pk for one in found.kept) == [one.pk for one in journeys_there]


def begins_soon(*, yes=True):
    """Give a stay from the Tuesday after its first Friday, moved there, and who else waits."""
    journey = visit()
    if yes:
        said_yes(journey, 4)
    move(journey, 4)
    applicant(journey.edition, "SK", nights=14)
    return journey


@pytest.mark.parametrize("day", [3, 6])
def test_what_begins_before_a_plan_could_or_has_begun_stays_with_who_said_yes(day):
    journey = begins_soon()
    edition, stop, now = journey.edition, journey.stops.get(), NOON.replace(month=5, day=day)
    granted(edition, 1_000_000)

    with time_machine.travel(now, tick=False):
        plan = planned(edition, at=now)
        found = accepting.accept(plan, plan.asked_by, at=now)
        counted = reading.shown(edition, now.date())

    assert (found.settled, found.ended, found.leave) == ([journey], [], [])
    assert (len(found.begun), plan.travellers) == (1, 1)
    assert f"h{stop.host_id}" not in {one["key"] for one in plan.problem["stays"]}
    assert journey.seats.get().state in {"accepted", "agreed"}
    assert (counted["travellers"], counted["settled"]) == (1, 1)
    assert not Notice.objects.filter(key__startswith="seat-cancelled").exists()


def test_money_that_is_set_aside_for_what_begins_soon_is_not_planned_with_again():
    journey = begins_soon()
    line = granted(journey.edition, 1_000_000)
    spent(line, journey.seats.get(), 50_000)
    now = NOON.replace(month=5, day=3)

    def left(at):
        return reading.problem_of(journey.edition, 1, Locks(), at.date()).rules.money_budget

    assert left(NOON) - left(now) >= 50_000


def test_what_nobody_said_yes_to_or_a_host_said_no_to_makes_room_for_a_plan():
    for yes in (False, True):
        journey, now = begins_soon(yes=yes), NOON.replace(month=5, day=3)
        if yes:
            no = journeys.Given(Seat.Reason.HOST, "No room.", PersonFactory())
            journeys.host_refuses(journey.stops.get(), no, at=NOON)

        with time_machine.travel(now, tick=False):
            plan = planned(journey.edition, reasons=False, at=now)
            found = accepting.accept(plan, plan.asked_by, at=now)

        assert (found.settled, found.ended) == ([], [journey])
