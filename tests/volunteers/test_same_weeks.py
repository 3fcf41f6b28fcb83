"""Somebody's page and the gate hold the same minutes in each week, wherever they live."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import PersonFactory
from tests.undone import undone
from tests.volunteers import clocks
from volunteers import gate
from volunteers.load import HOUR, most_weekly
from volunteers.models import Bandwidth, Commitment
from volunteers.models.bandwidth import days, today

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LIVE, DONE = ("planned", "running"), "done"
# So little is declared, and so much is wished, that the gate names each week it looks at.
DECLARED, WISHED = Decimal("0.1"), Decimal(7)
WEEKS = 6
# Ratios of the gate have four digits: of six minutes they tell a thousandth of one.
FINE = Fraction(1, 1000)


@st.composite
def taken(draw):
    """Draw a commitment: days from today, its hours a week, how far it is."""
    first, length = draw(st.integers(-30, 50)), draw(st.integers(1, 60))
    state = draw(st.sampled_from(Commitment.State.values))
    return first, length, Decimal(draw(st.integers(1, 80 * HOUR))) / HOUR, state


def lived(person, moment, some):
    """Write down what somebody has taken on, and give its minutes on each day."""
    day = today(person, moment)
    Bandwidth.objects.create(
        person=person, period=days(day - WEEK, day + 60 * WEEK), weekly_hours=DECLARED
    )
    minutes = {}
    for n, (ahead, length, hours, state) in enumerate(some):
        first, last = day + ahead * DAY, day + (ahead + length - 1) * DAY
        row = Commitment.objects.create(
            person=person,
            what="It",
            source="by_hand",
            key=f"{n}",
            period=days(first, last),
            weekly_hours=min(hours, most_weekly(first, last)).quantize(Decimal("0.000001")),
            state=state,
        )
        for k in range(length):
            one = first + k * DAY
            if state in LIVE or (state == DONE and one < day):
                minutes[one] = minutes.get(one, 0) + Fraction(row.weekly_hours) * HOUR / 7
    return minutes


def week_of(minutes, monday):
    return sum((minutes.get(monday + n * DAY, Fraction(0)) for n in range(7)), Fraction(0))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(clocks.moments(), st.lists(taken(), max_size=6))
def test_page_and_gate_hold_the_same_minutes_in_each_week(client, there, some):
    zone, moment = there
    with undone(), time_machine.travel(moment, tick=False):
        person = PersonFactory(time_zone=zone)
        minutes = lived(person, moment, some)
        client.force_login(person)
        day = today(person, moment)
        wish = gate.Wish(day, day + WEEKS * WEEK, WISHED)

        shown = client.get("/me/bandwidth/").context["picture"]["weeks"]
        full = dict(gate.overfull(person, now=moment, wish=wish))

    assert shown[0].monday <= day < shown[1].monday
    for week in shown:
        assert abs(Fraction(week.load) * HOUR - week_of(minutes, week.monday)) < FINE
        assert week.load >= 0
    assert len(full) in {WEEKS, WEEKS + 1}
    for monday, ratio in full.items():
        wished = sum(HOUR for n in range(7) if wish.span(day).holds(monday + n * DAY))
        held = Fraction(ratio) * Fraction(DECLARED) * HOUR - wished
        assert abs(held - week_of(minutes, monday)) < FINE
