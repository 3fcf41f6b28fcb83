"""Time zones under names that readers know, and none that does not exist."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.utils import translation

from capx.zones import day_at, elsewhere, zone_choices, zone_or_utc


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Warsaw (Poland)"), ("de", "Warschau (Polen)"), ("es", "Varsovia (Polonia)")],
)
def test_a_zone_is_called_by_its_city_and_country(language, name):
    with translation.override(language):
        assert dict(zone_choices())["Europe/Warsaw"] == name


def test_the_zone_of_a_person_is_listed_whatever_it_is_called():
    assert dict(zone_choices("US/Eastern"))["US/Eastern"] == "US/Eastern"
    assert next(iter(zone_choices())) == ("UTC", "UTC")


@pytest.mark.parametrize("sent", ["", "Mars/Olympus", "<script>", "x" * 9000, "Europe"])
def test_what_is_no_zone_becomes_utc(sent):
    assert zone_or_utc(sent) == "UTC"
    assert zone_or_utc("Asia/Kolkata") == "Asia/Kolkata"


def test_the_day_of_a_place_is_that_of_the_clock_nearest_to_its_sun():
    evening = datetime(2026, 5, 1, 22, 30, tzinfo=UTC)

    assert day_at("DE", 13.4, evening) == date(2026, 5, 2)
    assert day_at("GB", -0.1, evening) == date(2026, 5, 1)
    assert day_at("US", -74.0, datetime(2026, 5, 2, 3, tzinfo=UTC)) == date(2026, 5, 1)
    assert day_at("US", -155.0, datetime(2026, 5, 2, 9, tzinfo=UTC)) == date(2026, 5, 1)
    assert day_at("RU", 132.0, datetime(2026, 5, 1, 15, tzinfo=UTC)) == date(2026, 5, 2)
    assert day_at("XK", 21.2, evening) in {date(2026, 5, 1), date(2026, 5, 2)}


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_where_it_is_another_day_than_in_utc(hour):
    now = datetime(2026, 3, 2, hour, 44, 59, tzinfo=UTC)

    day, ahead, behind = elsewhere(now)

    assert day == now.date()
    for zone in available_timezones():
        apart = (zone in ahead) - (zone in behind)
        assert now.astimezone(ZoneInfo(zone)).date() - day == timedelta(days=apart), zone
