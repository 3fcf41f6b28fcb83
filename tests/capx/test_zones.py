"""Time zones under names that readers know, and none that does not exist."""

import pytest
from django.utils import translation

from capx.zones import zone_choices, zone_or_utc


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
