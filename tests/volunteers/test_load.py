from datetime import date, timedelta
from decimal import Decimal

import pytest

from volunteers.load import OVER, Calendar, Effect, Span, most_weekly, together, weekly

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
        ("0.1", 365, "0.001918"),
        ("10", 3, "23.333333"),
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


def test_a_promise_in_a_week_of_rest_is_over_whatever_was_declared():
    assert Calendar([span(7)], [span(0)]).fullest(span(1)) == OVER


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


def test_a_week_that_is_exactly_full_is_not_too_full_by_a_hair():
    three_days = Span(MONDAY, MONDAY + timedelta(days=3))
    twenty = weekly(Decimal(20), MONDAY, MONDAY + timedelta(days=2))
    ask = Span(three_days.first, three_days.end, twenty)

    assert Calendar([span(20)]).fullest(ask) == 1


@pytest.mark.parametrize(
    ("days", "most"),
    [(1, "168"), (3, "168"), (4, "140"), (6, "93.333333"), (7, "80"), (99, "80")],
)
def test_a_week_holds_eighty_hours_and_a_day_twenty_four(days, most):
    assert most_weekly(MONDAY, MONDAY + timedelta(days=days - 1)) == Decimal(most)


def test_what_is_pencilled_in_stays_apart():
    calendar = Calendar([span(10)], commitments=[span(4)], tentative=[span(7)])

    assert calendar.load(MONDAY) == 4
    assert calendar.pencilled_in(MONDAY) == 7
    assert calendar.utilisation(MONDAY) == Decimal("0.4")


def test_utilisation_is_unknown_where_nothing_was_declared():
    assert Calendar(commitments=[span(3)]).utilisation(MONDAY) is None


@pytest.mark.parametrize(
    ("declared", "rest", "load", "utilisation"),
    [
        ("7", True, "1", OVER),
        ("0", False, "1", OVER),
        ("7", True, "0", 0),
        ("0", False, "0", 0),
    ],
)
def test_load_at_rest_is_over_and_no_load_is_none(declared, rest, load, utilisation):
    calendar = Calendar([span(declared)], [span(0)] if rest else [], [span(load)])

    assert calendar.utilisation(MONDAY) == utilisation


def test_a_week_of_which_some_days_are_declared_counts_the_others_as_these():
    wednesday = MONDAY + timedelta(days=2)
    from_wednesday = Span(wednesday, None, Decimal(7))

    assert Calendar([from_wednesday]).capacity(MONDAY) == 7
    assert Calendar([from_wednesday], [Span(MONDAY, wednesday)]).capacity(MONDAY) == 5
    assert Calendar([from_wednesday], [Span(wednesday, None)]).capacity(MONDAY) == 2


def test_a_change_in_the_middle_of_a_week_counts_by_its_days():
    thursday = MONDAY + timedelta(days=3)
    calendar = Calendar([Span(MONDAY, thursday, Decimal(14)), Span(thursday, None, Decimal(7))])

    assert calendar.capacity(MONDAY) == 6 + 4


@pytest.mark.parametrize(
    ("declared", "rest_days", "load", "rests"),
    [
        ("10", 7, "9", True),
        ("10", 6, "9", False),
        ("10", 0, "1", True),
        ("10", 0, "1.1", False),
        (None, 0, "0", True),
        (None, 0, "0.1", False),
    ],
)
def test_a_week_of_rest_is_rest_or_next_to_nothing(declared, rest_days, load, rests):
    calendar = Calendar(
        [span(declared)] if declared else [],
        [Span(MONDAY, MONDAY + timedelta(days=rest_days))] if rest_days else [],
        [span(load)],
    )

    assert calendar.is_rest(MONDAY) == rests


def weeks_of(*hours):
    """Make a calendar of ten hours a week, with these weeks taken before Monday."""
    start = MONDAY - len(hours) * WEEK
    taken = [span(each, first=start + n * WEEK) for n, each in enumerate(hours)]
    return Calendar([Span(start, None, Decimal(10))], commitments=taken)


@pytest.mark.parametrize(
    ("hours", "due"),
    [
        ([9, 9, 9, 9, 9, 9], True),
        ([9, 12, 10, 9, "9.5", 30], True),
        ([9, 9, 9, "8.9", 9, 9], False),
        ([9, 9, 9, 9, 9], False),
        ([0, 9, 9, 9, 9, 9, 9], True),
        ([9, 9, 9, 9, 9, 9, 1], False),
    ],
)
def test_rest_is_due_after_six_full_weeks_in_a_row(hours, due):
    assert weeks_of(*hours).rest_due(MONDAY) == due


def test_a_week_of_rest_ends_the_row_even_with_something_in_it():
    calendar = weeks_of(9, 9, 9, 9, 9, 9)
    calendar.rests.append(Span(MONDAY - 3 * WEEK, MONDAY - 2 * WEEK))

    assert not calendar.rest_due(MONDAY)


@pytest.mark.parametrize(
    ("hours", "full"),
    [
        ([11, 11, 11, 0], [0, 1, 2]),
        ([11, 0, 11, 11], [0, 2, 3]),
        ([11, 10, 10, 11], []),
        ([11, 11, 11, 11], [0, 1, 2, 3]),
    ],
)
def test_three_weeks_of_four_that_are_too_full_are_overload(hours, full):
    first = MONDAY - 4 * WEEK

    assert weeks_of(*hours).overload(first) == [first + n * WEEK for n in full]


def test_a_group_is_as_full_as_its_sums_not_as_its_mean():
    small = Calendar([span(2)], commitments=[span(2)])
    large = Calendar([span(18)], commitments=[span(3)])
    silent = Calendar(commitments=[span(40)])

    assert together([small, large, silent], MONDAY) == Decimal("0.25")
    assert together([silent], MONDAY) is None
    assert together([Calendar([span(0)], commitments=[span(1)])], MONDAY) == OVER


def test_an_ask_shows_each_week_before_and_after():
    calendar = Calendar([span(10)], commitments=[span(8)])

    effects = list(calendar.effects(span(6, weeks=2)))

    assert effects == [
        Effect(MONDAY, load=Decimal(8), more=Decimal(6), capacity=Decimal(10)),
        Effect(MONDAY + WEEK, load=Decimal(0), more=Decimal(6), capacity=None),
    ]
    assert [(effect.before, effect.after) for effect in effects] == [
        (Decimal("0.8"), Decimal("1.4")),
        (None, None),
    ]
    assert [effect.too_full for effect in effects] == [True, False]
