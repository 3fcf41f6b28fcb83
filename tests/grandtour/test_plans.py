"""Plans: run in the background, stopped, accepted; who refuses is followed by the next."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from capx.states import IllegalMove
from grandtour.actions import applications, journeys
from grandtour.models import Application, Host, Journey, Leg, Plan, Seat
from grandtour.planning import problem as asked
from grandtour.planning.problem import Locks, Pin
from grandtour.planning.verify import broken
from grandtour.planning.written import read
from grandtour.plans import accepting, child, running, succession
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_journeys import at_once
from tests.grandtour.tours import NOON
from tests.together import Beside
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
NEXT_WEEK = NOON + timedelta(days=7)


def accepted(edition, **wish):
    """Let it be planned and accepted."""
    plan = planned(edition, **wish)
    accepting.accept(plan, plan.asked_by, at=NOON)
    return plan


def offered(edition):
    """Let a plan be accepted and every place be offered; give the journey."""
    plan = accepted(edition)
    journey = Journey.objects.get()
    journeys.offer(journey, plan.asked_by, reply_by=NEXT_WEEK, at=NOON)
    return journey


def test_a_plan_is_worked_out_by_a_program_of_its_own_and_breaks_no_rule():
    plan = running.ask(round_of(), OrganiserFactory(), running.Wish(seconds=20), at=NOON)
    assert running.run_queued() == 2
    plan.refresh_from_db()

    problem, result = read(asked.Problem, plan.problem), read(asked.Plan, plan.result)
    assert (plan.state, plan.travellers, plan.groups) == ("done", 4, 1)
    assert broken(problem, result) == []
    assert (plan.worth, plan.grams, plan.cost) == (result.worth, result.grams, result.cost)
    assert plan.gap is not None
    assert plan.gap <= running.GAP
    assert plan.fingerprint == problem.fingerprint()
    assert [why["code"] for why in plan.reasons["travellers"]] == ["placed"] * 4
    assert plan.baseline["worth"] <= plan.worth


def test_nothing_of_who_somebody_is_goes_into_a_plan():
    edition = round_of()
    person = edition.applications.first().person
    person.name = "Zyx Quorra"
    person.save()

    plan = planned(edition)

    assert "Zyx" not in str(plan.problem) + str(plan.result) + str(plan.reasons)


def test_the_same_seed_gives_the_same_plan():
    edition = round_of()

    one, other = planned(edition), planned(edition)

    assert one.result["journeys"] == other.result["journeys"]
    assert one.fingerprint == other.fingerprint


def test_one_plan_of_an_edition_is_at_work():
    edition, organiser = round_of(), OrganiserFactory()
    running.ask(edition, organiser, running.Wish(), at=NOON)

    with pytest.raises(running.AtWork):
        running.ask(edition, organiser, running.Wish(), at=NOON)


def test_locks_hold():
    edition = round_of()
    out = edition.applications.get(country="NL")
    locks = Locks(exclude=(Pin(f"a{out.pk}"),))

    plan = planned(edition, locks=locks)

    result = read(asked.Plan, plan.result)
    assert plan.travellers == 3
    assert f"a{out.pk}" not in {seat.traveller for seat in result.seats()}


def test_rules_that_collide_are_named():
    edition = round_of()
    one, other = edition.applications.filter(country__in=["PL", "SK"])
    pins = (Pin(f"a{one.pk}"), Pin(f"a{other.pk}"))
    apart = (frozenset({f"a{one.pk}", f"a{other.pk}"}),)

    # One group at most: three hosts take one group each, and a journey visits two.
    plan = planned(edition, locks=Locks(keep=pins, apart=apart))

    assert plan.state == "infeasible"
    assert {rule["name"] for rule in plan.collisions} >= {"keep", "apart"}


def test_a_plan_that_waits_is_stopped_at_once():
    plan = running.ask(round_of(), OrganiserFactory(), running.Wish(), at=NOON)

    running.stop(plan, at=NOON)

    assert Plan.objects.get().state == "cancelled"
    assert running.run_queued() == 0


@pytest.mark.django_db(transaction=True)
def test_a_plan_that_runs_is_stopped(monkeypatch):
    slow = "import sys, json; sys.stdin.readline(); "
    slow += "print(json.dumps({'progress': {'step': 'closing', 'worth': 7, 'bound': 9.5}}), "
    slow += "flush=True); sys.stdin.read(); print(json.dumps({'cancelled': True}))"
    monkeypatch.setattr(child, "PROGRAM", [sys.executable, "-c", slow])
    plan = running.ask(round_of(), OrganiserFactory(), running.Wish(), at=timezone.now())

    worker = Beside(running.run_queued)
    worker.start()
    worker.until(Plan.objects.exclude(worth=None).exists)
    running.stop(Plan.objects.get(), at=timezone.now())
    worker.end()

    plan.refresh_from_db()
    assert (plan.state, plan.worth, plan.bound) == ("cancelled", 7, 9.5)


def test_a_planner_that_falls_over_says_so(monkeypatch):
    monkeypatch.setattr(child, "PROGRAM", [sys.executable, "-c", "raise SystemExit(3)"])

    plan = running.ask(round_of(), OrganiserFactory(), running.Wish(), at=NOON)
    running.run_queued()

    plan.refresh_from_db()
    assert (plan.state, plan.fault) == ("failed", "error")


def test_a_run_nobody_hears_of_is_begun_again_once():
    edition = round_of()
    plan = running.ask(edition, OrganiserFactory(), running.Wish(seconds=20), at=NOON)
    killed = {"state": "running", "heard_at": NOON, "began_at": NOON}
    Plan.objects.update(**killed, attempts=1)

    assert running.take_up(NOON + timedelta(minutes=1)) == 0
    assert running.take_up(NOON + timedelta(minutes=3)) == 1
    plan.refresh_from_db()
    assert plan.state == "queued"

    Plan.objects.update(**killed, attempts=2)
    running.take_up(NOON + timedelta(minutes=3))
    plan.refresh_from_db()
    assert (plan.state, plan.fault) == ("failed", "worker")


def test_the_program_ends_when_nobody_waits_for_it():
    program = subprocess.run(
        child.PROGRAM, check=False, input=b"", capture_output=True, timeout=60
    )

    assert program.returncode == 1


def test_accepting_makes_journeys_of_a_plan():
    edition = round_of()

    plan = accepted(edition)

    journey = Journey.objects.get()
    result = read(asked.Plan, plan.result)
    seats = list(journey.seats.order_by("number"))
    assert journey.plan == plan
    assert [seat.number for seat in seats] == [1, 2, 3, 4]
    assert {seat.state for seat in seats} == {"proposed"}
    assert [stop.number for stop in journey.stops.order_by("number")] == [1, 2, 3][
        : len(result.journeys[0].stops)
    ]
    assert Leg.objects.count() == len(result.journeys[0].legs)
    assert (
        sum(leg.grams for leg in Leg.objects.exclude(seat=None))
        + 4 * sum(leg.grams for leg in Leg.objects.shared())
        == plan.grams
    )
    assert set(edition.applications.values_list("state", flat=True)) == {"shortlisted"}
    assert not Notice.objects.exists()


def test_who_travels_in_another_edition_is_planned_on_other_days():
    accepted(round_of())
    away = Seat.objects.live().select_related("person").order_by("pk")[0]
    edition = round_of(("SK", "HU", "NL"))
    both = applicant(edition, away.country, person=away.person)

    plan = planned(edition)
    accepting.accept(plan, plan.asked_by, at=NOON)

    read_anew = {one.key: one for one in read(asked.Problem, plan.problem).travellers}
    first, last = away.period.lower, away.period.upper - timedelta(days=1)
    assert read_anew[f"a{both.pk}"].windows
    assert not any(
        one.first <= last and first <= one.last for one in read_anew[f"a{both.pk}"].windows
    )


def test_a_plan_is_accepted_once():
    plan = accepted(round_of())

    with pytest.raises((IllegalMove, accepting.Outdated)):
        accepting.accept(plan, plan.asked_by, at=NOON)


def test_a_plan_is_accepted_until_its_first_day_has_come_where_its_host_is():
    plan = planned(round_of())
    first = read(asked.Plan, plan.result).journeys[0].stops[0].arrive
    evening = datetime(first.year, first.month, first.day, 21, tzinfo=UTC) - timedelta(days=1)

    # In Berlin, Praha and Wien it is two hours later.
    with pytest.raises(accepting.Outdated):
        accepting.accept(plan, plan.asked_by, at=evening + timedelta(hours=1.5))
    plan.refresh_from_db()
    accepting.accept(plan, plan.asked_by, at=evening)

    assert Plan.objects.get().state == "accepted"


def test_a_plan_is_not_accepted_when_somebody_has_left_since():
    edition = round_of()
    plan = planned(edition)
    edition.applications.filter(country="NL").update(state="withdrawn", ended_at=NOON)

    with pytest.raises(accepting.Outdated):
        accepting.accept(plan, plan.asked_by, at=NOON)

    assert Plan.objects.get().state == "done"
    assert not Journey.objects.exists()


def test_an_offer_is_answered_by_all_and_agreed():
    journey = offered(round_of())
    seats = list(journey.seats.order_by("number"))
    assert {seat.state for seat in seats} == {"offered"}
    assert set(Application.objects.values_list("state", flat=True)) == {"placed"}

    for seat in seats:
        journeys.accept(seat, at=NOON)
    speaker = PersonFactory()
    assert {seat.state for seat in journey.seats.all()} == {"accepted"}
    for stop in journey.stops.all():
        assert journeys.welcome(stop, speaker, at=NOON)
        assert not journeys.welcome(stop, speaker, at=NOON)

    assert {seat.state for seat in journey.seats.all()} == {"agreed"}
    told = Notice.objects.values_list("key", flat=True)
    assert sum(key.startswith("seat-offered") for key in told) == 4
    assert sum(key.startswith("seat-agreed") for key in told) == 4


def test_a_second_press_offers_nothing_twice():
    edition = round_of()
    journey = offered(edition)
    before = Notice.objects.count()

    assert journeys.offer(journey, OrganiserFactory(), reply_by=NEXT_WEEK, at=NOON) == 0
    assert Notice.objects.count() == before


def test_after_a_no_the_next_in_line_who_fits_is_proposed():
    edition = round_of()
    last = applicant(edition, "DK", state="waiting")
    applicant(edition, "PL", state="waiting")
    applicant(edition, "DE", state="waiting", languages=["el"])
    journey = offered(edition)
    seat = journey.seats.get(country="NL")

    journeys.refuse(seat, journeys.Given("dates", "Exams", seat.person), at=NOON)
    assert succession.follow(NOON) == 1
    assert succession.follow(NOON) == 0

    seat.refresh_from_db()
    made = Seat.objects.get(state="proposed")
    assert (made.application, made.number) == (last, 4 if made.number == 4 else made.number)
    assert (seat.state, seat.number, seat.application.state) == ("refused", None, "waiting")
    assert made.legs.count() == 2
    assert Leg.objects.filter(seat=made, origin=None).get().target == journey.stops.get(
        number=1
    )


def test_where_nobody_fits_the_place_stays_free():
    edition = round_of()
    applicant(edition, "DE", state="waiting", languages=["el"])
    journey = offered(edition)
    seat = journey.seats.get(country="NL")

    journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)

    assert succession.follow(NOON) == 0
    assert journey.seats.live().count() == 3


def test_an_offer_lapses_by_itself_once():
    journey = offered(round_of())
    kept = journey.seats.get(country="PL")
    journeys.accept(kept, at=NOON)

    assert journeys.lapse(NEXT_WEEK) == 0
    assert journeys.lapse(NEXT_WEEK + timedelta(hours=1)) == 3
    assert journeys.lapse(NEXT_WEEK + timedelta(hours=2)) == 0

    assert list(journey.seats.live()) == [kept]
    told = Notice.objects.filter(key__startswith="seat-lapsed")
    assert told.count() == 3


def test_who_answers_too_late_is_told_so():
    seat = offered(round_of()).seats.first()

    with pytest.raises(journeys.TooLate):
        journeys.accept(seat, at=NEXT_WEEK + timedelta(seconds=1))


def test_planning_anew_keeps_who_said_yes_and_changes_little():
    edition = round_of()
    journey = offered(edition)
    for country in ("PL", "SK", "HU"):
        journeys.accept(journey.seats.get(country=country), at=NOON)
    seat = journey.seats.get(country="NL")
    journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)
    new = applicant(edition, "DK")

    plan = planned(edition)
    found = accepting.accept(plan, plan.asked_by, at=NOON)

    assert found.kept == [journey]
    assert (found.begun, found.ended, found.leave, found.move) == ([], [], [], [])
    assert len(found.stay) == 3
    assert found.come == [f"a{new.pk}"]
    assert journey.seats.live().count() == 4


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_accept_a_plan_at_once_one_makes_journeys():
    plan = planned(round_of())

    def press(_number):
        own = Plan.objects.get(pk=plan.pk)
        try:
            accepting.accept(own, plan.asked_by, at=NOON)
        except (IllegalMove, accepting.Outdated) as refused:
            raise IntegrityError from refused

    assert at_once(press) == 1
    assert Journey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_accepts_while_the_offer_lapses_is_in_or_out_and_never_both():
    journey = offered(round_of())
    seat = journey.seats.first()
    late = NEXT_WEEK + timedelta(hours=1)

    def act(number):
        if number % 2:
            journeys.lapse(late)
        else:
            try:
                journeys.accept(Seat.objects.get(pk=seat.pk), at=NEXT_WEEK)
            except IllegalMove as refused:
                raise IntegrityError from refused

    at_once(act)

    seat.refresh_from_db()
    assert (seat.state, seat.number) in {("accepted", seat.number), ("lapsed", None)}
    assert (seat.number is None) == (seat.state == "lapsed")


def test_who_withdraws_leaves_the_journey():
    edition = round_of()
    journey = offered(edition)
    seat = journey.seats.get(country="NL")

    applications.withdraw(Application.objects.get(pk=seat.application_id), at=NOON)

    seat.refresh_from_db()
    assert (seat.state, seat.number, seat.reason) == ("cancelled", None, "other")
    assert Host.objects.count() == 3
