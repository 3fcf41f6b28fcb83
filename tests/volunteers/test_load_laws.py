"""What holds of load whatever the numbers: no minute is lost, and no order matters."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from capx.zones import elsewhere
from tests.volunteers import clocks
from volunteers.gate import LONGEST, Wish
from volunteers.load import (
    HOUR,
    Calendar,
    Span,
    monday_of,
    month_of,
    split,
    spread_over,
    weekly,
)
from volunteers.models import Person, room
from volunteers.models.bandwidth import today

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
FIRST = date(2026, 3, 2)
PART = {"weeks": monday_of, "months": month_of}
minutes = st.integers(1, 1_000_000)
lengths = st.integers(1, 36_500)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
hours = st.decimals(0, 80, places=6)


@st.composite
def spans(draw, first=FIRST, weeks=6):
    start = first + draw(st.integers(-20, 7 * weeks)) * DAY
    end = draw(st.none() | st.integers(1, 60).map(lambda n: start + n * DAY))
    return Span(start, end, draw(hours))


def weeks_of(span):
    """Give every Monday that a span with an end touches."""
    monday = monday_of(span.first)
    while monday < span.end:
        yield monday
        monday += WEEK


@given(minutes, days, lengths)
def test_the_minutes_come_back_from_the_hours_a_week(total, first, length):
    last = first + (length - 1) * DAY
    span = Span(first, last + DAY, weekly(Decimal(total) / HOUR, first, last))

    assert span.minutes(before=last + DAY) == total


@given(minutes, days, st.integers(1, 900))
def test_the_load_of_all_weeks_is_what_was_promised(total, first, length):
    last = first + (length - 1) * DAY
    span = Span(first, last + DAY, weekly(Decimal(total) / HOUR, first, last))
    calendar = Calendar(commitments=[span])

    assert round(sum(calendar.load(monday) for monday in weeks_of(span)) * HOUR) == total


@given(st.integers(0, 10**9), st.lists(st.integers(0, 1000), min_size=1).filter(any))
def test_parts_add_up_and_are_fair_to_a_minute(total, weights):
    parts = split(total, weights)

    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1 + 1e-6 * total


@given(minutes, days, st.integers(1, 900), st.sampled_from(list(PART)))
def test_no_minute_is_lost_between_weeks_or_months(total, first, length, part):
    parts = spread_over(PART[part], total, first, first + length * DAY)

    assert sum(parts.values()) == total
    assert min(parts.values()) >= 0
    assert list(parts) == sorted(parts)


@given(clocks.moments())
def test_the_day_is_the_one_that_began_last_where_the_person_lives(there):
    zone, moment = there
    day = today(Person(time_zone=zone), moment)

    assert clocks.begins(zone, day) <= moment < clocks.ends(zone, day)


@given(clocks.moments())
def test_whoever_reads_the_day_reads_the_same_in_every_time_zone(there):
    zone, moment = there
    utc = elsewhere(moment)
    by_lists = utc.day + ((zone in utc.ahead) - (zone in utc.behind)) * DAY
    standing = room.Standing(1, zone, *[None] * 8)

    assert by_lists == standing.day(moment) == today(Person(time_zone=zone), moment)


@given(clocks.moments(), minutes, st.integers(0, 900), st.integers(1, 365))
def test_no_minute_of_a_wish_is_lost_between_the_weeks_it_is_held_against(
    there, total, ahead, length
):
    zone, moment = there
    day = today(Person(time_zone=zone), moment)
    first, last = day + ahead * DAY, day + (ahead + length - 1) * DAY
    span = Wish(first, last, weekly(Decimal(total) / HOUR, first, last)).span(day)
    effects = list(Calendar().effects(span))

    assert round(sum(effect.more for effect in effects) * HOUR) == total
    assert min(effect.more for effect in effects) > 0
    assert [effect.monday for effect in effects] == list(weeks_of(span))


@given(clocks.moments(), hours, st.integers(1, 900), st.integers(0, 900))
def test_of_a_wish_that_has_begun_the_days_to_come_are_left_each_with_its_minutes(
    there, a_week, ago, ahead
):
    zone, moment = there
    day = today(Person(time_zone=zone), moment)
    span = Wish(day - ago * DAY, day + ahead * DAY, a_week).span(day)
    left = min(ahead, LONGEST.days) + 1

    assert (span.first, span.end) == (day, day + left * DAY)
    taken = sum(effect.more for effect in Calendar().effects(span))
    assert round(taken, 12) == round(a_week * left / 7, 12)


@given(st.lists(spans()), st.lists(spans()), st.lists(spans()), st.randoms())
def test_nothing_is_ever_less_than_nothing_and_no_order_matters(said, rests, taken, chance):
    calendar = Calendar(said, rests, taken)
    shuffled = Calendar(*([*some] for some in (said, rests, taken)))
    for some in (shuffled.declared, shuffled.rests, shuffled.commitments):
        chance.shuffle(some)

    for n in range(-3, 9):
        week = FIRST + n * WEEK
        assert calendar.load(week) >= 0
        assert (calendar.capacity(week) or 0) >= 0
        assert calendar.load(week) == shuffled.load(week)
        assert calendar.capacity(week) == shuffled.capacity(week)
        assert calendar.utilisation(week) == shuffled.utilisation(week)


@given(st.lists(spans()), st.lists(spans()), st.lists(spans(), min_size=1), st.data())
def test_a_period_in_pieces_is_the_same_load(said, rests, taken, data):
    whole = taken[0]
    last = whole.end or whole.first + 100 * DAY
    cuts = sorted(data.draw(st.sets(st.dates(whole.first, last), max_size=4)))
    edges = [whole.first, *(cut for cut in cuts if whole.first < cut < last), whole.end]
    pieces = [Span(first, end, whole.weekly_hours) for first, end in pairwise(edges)]
    one = Calendar(said, rests, taken)
    other = Calendar(said, rests, [*taken[1:], *pieces])

    for n in range(-3, 12):
        week = FIRST + n * WEEK
        assert one.load(week) == other.load(week)
        assert one.utilisation(week) == other.utilisation(week)


@given(st.lists(spans()), st.lists(spans()), st.lists(spans()))
def test_days_counted_one_by_one_give_the_same(said, rests, taken):
    calendar = Calendar(said, rests, taken)
    for n in range(-3, 9):
        week = FIRST + n * WEEK
        dates = [week + k * DAY for k in range(7)]
        load = sum((s.weekly_hours for s in taken for day in dates if s.holds(day)), Decimal(0))
        assert calendar.load(week) == load / 7
        if all(any(s.holds(day) for s in said) for day in dates):
            free = [day for day in dates if not calendar.rests_on(day)]
            held = sum(
                (s.weekly_hours for s in said for day in free if s.holds(day)), Decimal(0)
            )
            assert calendar.capacity(week) == held / 7
