"""What holds of load whatever the numbers: no minute is lost, and no order matters."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from volunteers.load import (
    HOUR,
    Calendar,
    Span,
    monday_of,
    month_of,
    on_day,
    split,
    spread_over,
    weekly,
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
FIRST = date(2026, 3, 2)
PART = {"weeks": monday_of, "months": month_of}
minutes = st.integers(1, 1_000_000)
lengths = st.integers(1, 36_500)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
hours = st.decimals(0, 80, places=6)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001 -- the zone follows
zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)


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


@given(moments, st.integers(1, 24 * HOUR), zones, zones)
def test_what_began_at_a_moment_is_put_whole_on_its_day_where_the_person_lives(
    local, taken, there, here
):
    moment = local.replace(tzinfo=there)
    span = on_day(moment, taken, here)

    assert span.first == moment.astimezone(here).date()
    assert span.end == span.first + DAY
    assert span.minutes(before=span.end) == taken


@given(st.lists(st.integers(1, 24 * HOUR), min_size=1, max_size=20), zones, st.data())
def test_across_clock_changes_a_year_of_imports_keeps_every_minute(taken, zone, data):
    year = data.draw(st.integers(1990, 2037))
    utc = ZoneInfo("UTC")
    changes = [
        hour
        for hour in _hours(year, utc)
        if hour.astimezone(zone).utcoffset()
        != (hour + timedelta(hours=6)).astimezone(zone).utcoffset()
    ] or [datetime(year, 7, 1, tzinfo=utc)]
    spans = [
        on_day(
            data.draw(st.sampled_from(changes))
            + data.draw(st.integers(-90, 90)) * timedelta(minutes=1),
            each,
            zone,
        )
        for each in taken
    ]
    calendar = Calendar(commitments=spans)
    mondays = {monday_of(span.first) for span in spans}

    assert round(sum(calendar.load(monday) for monday in mondays) * HOUR) == sum(taken)


def _hours(year, zone):
    hour = datetime(year, 1, 1, tzinfo=zone)
    while hour.year == year:
        yield hour
        hour += timedelta(hours=6)


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
