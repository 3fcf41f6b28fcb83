"""What Erasmus+ pays for days abroad: by group of countries, and less from the fifteenth on."""

from datetime import date, timedelta

import pytest

from grandtour.planning.support import GROUPS, Support, Visit, support

FIRST = date(2026, 5, 1)
RATES = {1: 19_000, 2: 17_000, 3: 14_800}


def days(country, first, nights):
    return Visit(country, FIRST + timedelta(first), FIRST + timedelta(first + nights))


@pytest.mark.parametrize(
    ("visits", "travel_days", "full", "later", "cents"),
    [
        # Four nights are five days.
        ([days("AT", 0, 4)], 0, 5, 0, 5 * 19_000),
        ([days("CZ", 0, 4)], 2, 5, 0, 7 * 17_000),
        # A day on which one moves on counts once, with the host one comes to.
        ([days("AT", 0, 4), days("CZ", 4, 4)], 0, 9, 0, 4 * 19_000 + 5 * 17_000),
        # Days on the way count like the first and the last.
        ([days("AT", 0, 1), days("PL", 1, 1)], 6, 3, 0, 4 * 19_000 + 5 * 14_800),
        # The published rates of 2024 and 2025 from the fifteenth day on: 133, 119, 103.60.
        ([days("DE", 0, 20)], 0, 14, 7, 14 * 19_000 + 7 * 13_300),
        ([days("SI", 0, 15)], 0, 14, 2, 14 * 17_000 + 2 * 11_900),
        ([days("HU", 0, 14)], 0, 14, 1, 14 * 14_800 + 10_360),
    ],
)
def test_days_are_paid_by_the_group_of_the_country(visits, travel_days, full, later, cents):
    found = support(reversed(visits), travel_days, RATES)

    assert (found.full_days, found.later_days, found.cents) == (full, later, cents)
    assert (found.travel_days, found.outside) == (travel_days, 0)


def test_days_without_a_rate_are_told_and_not_paid():
    some = support([days("AT", 0, 2), days("GB", 2, 2)], 0, {1: 19_000})

    assert (some.outside, some.cents) == (3, 2 * 19_000)
    assert support([days("AT", 0, 2)], 2, {}).cents == 0
    assert support([], 2, RATES) == Support()


def test_each_country_of_the_programme_is_in_one_group():
    assert len(GROUPS) == 33
    assert {group: list(GROUPS.values()).count(group) for group in (1, 2, 3)} == {
        1: 14,
        2: 10,
        3: 9,
    }
