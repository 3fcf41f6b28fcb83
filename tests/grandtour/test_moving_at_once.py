"""Days are moved while others write: nobody ends where the rules forbid it."""

from datetime import date, timedelta
from functools import partial

import pytest

from capx.states import IllegalMove
from grandtour.actions import hosts, journeys, moving
from grandtour.models import Journey, Window
from grandtour.plans import accepting, succession
from tests.factories import PersonFactory
from tests.grandtour.rounds import applicant, planned, round_of
from tests.grandtour.test_moving import visit, wished
from tests.grandtour.tours import NOON
from tests.together import together
from volunteers.models.bandwidth import days

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_february")]
A_DAY = timedelta(days=1)
WEEK = 7 * A_DAY


def on(journey, later):
    """Give the wish that all stops of a journey are so much later."""
    return {
        stop.pk: moving.Wish(
            (stop.arrive, stop.leave), (stop.arrive + later, stop.leave + later)
        )
        for stop in journey.stops.all()
    }


def test_a_host_who_takes_days_back_meanwhile_has_nobody_there_on_them(organiser):
    stop = visit("proposed")
    host, host_knew = stop.host, stop.host.revision
    host.revision = "their form"
    came = together(
        partial(moving.move, stop.journey, wished(stop, 3, 24), organiser, at=NOON),
        partial(
            hosts.change_days,
            host,
            [(date(2026, 5, 1), date(2026, 5, 20))],
            PersonFactory(),
            based_on=host_knew,
        ),
        refused=(moving.Collides, hosts.Visited),
    )
    stop.refresh_from_db()
    moved = came[1] == "Visited"
    assert (came[0] == "Collides") is not moved
    assert stop.leave == (date(2026, 5, 24) if moved else date(2026, 5, 16))
    [offered] = host.stays.values_list("period", flat=True)
    assert offered.lower <= stop.arrive
    assert stop.leave < offered.upper


def test_who_is_next_in_line_meanwhile_can_be_away_on_all_days(organiser):
    edition = round_of()
    plan = planned(edition, reasons=False)
    accepting.accept(plan, plan.asked_by, at=NOON)
    journey = edition.journeys.get()
    journeys.offer(journey, organiser, reply_by=NOON + WEEK, at=NOON)
    seat = journey.seats.get(country="NL")
    journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)
    follower = applicant(edition, "DK", state="waiting")
    period = days(journey.period.lower, journey.last_day)
    Window.objects.filter(application=follower).update(period=period)
    came = together(
        partial(moving.move, journey, on(journey, A_DAY), organiser, at=NOON),
        partial(succession.follow, NOON),
        refused=moving.Collides,
    )
    there = journey.seats.live().filter(application=follower).exists()
    assert there is (came[0] == "Collides")
    assert came[1] == int(there)
    before = period.lower
    journey.refresh_from_db()
    assert journey.period.lower == (before if there else before + A_DAY)


def test_a_plan_that_is_accepted_meanwhile_leaves_no_journey_with_other_days(organiser):
    edition = round_of()
    plan = planned(edition, reasons=False)
    accepting.accept(plan, plan.asked_by, at=NOON)
    journey = edition.journeys.get()
    again = planned(edition, reasons=False)
    began = journey.period.lower
    came = together(
        partial(moving.move, journey, on(journey, A_DAY), organiser, at=NOON),
        partial(accepting.accept, again, again.asked_by, at=NOON),
        refused=(moving.Collides, IllegalMove, accepting.Outdated),
    )
    again.refresh_from_db()
    assert (again.state == "accepted") is (came[1] != "Outdated")
    live = Journey.objects.live().filter(edition=edition)
    for one in live:
        stops = one.stops.order_by("number")
        assert one.period.lower == stops.first().arrive
        assert {seat.period for seat in one.seats.live()} == {one.period}
    moved = isinstance(came[0], moving.Moved)
    assert moved or came[1] != "Outdated"
    assert live.get(pk=journey.pk).period.lower == (began + A_DAY if moved else began)
