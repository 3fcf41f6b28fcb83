from datetime import date, timedelta
from decimal import Decimal

import pytest

from volunteers.load import Calendar, Span, weekly

MONDAY = date(2026, 3, 2)
WEEK = timedelta(weeks=1)


def span(hours, *, weeks=1, first=MONDAY):
    return Span(first, first + weeks * WEEK, Decimal(hours))


@pytest.mark.parametrize(
    ("hours", "days", "a_week"),
    [
        ("7", 7, "7.00"),
        ("6", 14, "3.00"),
        ("8", 1, "56.00"),
        ("0.1", 365, "0.01"),
        ("10", 3, "23.33"),
    ],
)
def test_hours_are_spread_evenly_over_their_days(hours, days, a_week):
    last = MONDAY + timedelta(days=days - 1)

    assert weekly(Decimal(hours), MONDAY, last) == Decimal(a_week)


def test_what_is_spread_adds_up_to_the_hours_again():
    a_day = Span(MONDAY, MONDAY + timedelta(days=1), weekly(Decimal(8), MONDAY, MONDAY))

    assert Calendar(commitments=[a_day]).load(MONDAY) == 8


def test_a_span_ends_before_its_end():
    a_week = span(1)

    assert a_week.holds(MONDAY)
    assert not a_week.holds(MONDAY + WEEK)
    assert Span(MONDAY, None).holds(date.max)


def test_nothing_declared_is_unknown_and_never_full():
    calendar = Calendar(commitments=[span(60)])

    assert calendar.capacity(MONDAY) is None
    assert calendar.fullest(span(60)) == 0


def test_rest_takes_its_days_off_the_capacity():
    rest = Span(MONDAY, MONDAY + timedelta(days=2))

    assert Calendar([span(7)], [rest]).capacity(MONDAY) == 5


def test_a_promise_in_a_week_of_rest_is_twice_too_much():
    assert Calendar([span(7)], [span(0)]).fullest(span(1)) == 2


def test_nothing_asked_of_a_week_of_rest_is_nothing():
    assert Calendar([span(7)], [span(0)]).fullest(span(0)) == 0


def test_the_fullest_week_counts():
    calendar = Calendar([span(10, weeks=3)], commitments=[span(5, first=MONDAY + WEEK)])

    assert calendar.fullest(span(5, weeks=3)) == 1
    assert list(calendar.weeks(span(5, weeks=3))) == [
        (MONDAY, Decimal("0.5")),
        (MONDAY + WEEK, Decimal(1)),
        (MONDAY + 2 * WEEK, Decimal("0.5")),
    ]


def test_weeks_begin_on_monday_wherever_an_ask_begins():
    thursday = MONDAY + timedelta(days=3)
    ask = Span(thursday, thursday + WEEK, Decimal(7))

    assert [monday for monday, _full in Calendar([span(7, weeks=2)]).weeks(ask)] == [
        MONDAY,
        MONDAY + WEEK,
    ]


def test_what_has_no_end_is_looked_at_for_eight_weeks():
    calendar = Calendar([Span(MONDAY, None, Decimal(4))])

    assert len(list(calendar.weeks(Span(MONDAY, None, Decimal(1))))) == 8
