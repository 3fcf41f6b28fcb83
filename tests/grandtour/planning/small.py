"""Small problems, written short."""

from datetime import date, timedelta

from grandtour.planning.problem import (
    Problem,
    Rules,
    Stay,
    Traveller,
    Weights,
    Window,
)

FIRST = date(2027, 4, 5)
LAST = FIRST + timedelta(days=27)
SEASON = Window(FIRST, LAST)
PLACES = {
    "DE": (52.52, 13.40),
    "CZ": (50.08, 14.43),
    "PL": (51.11, 17.04),
    "AT": (48.21, 16.37),
    "HU": (47.50, 19.04),
    "SK": (48.15, 17.11),
}


def days(first, last):
    return Window(FIRST + timedelta(days=first), FIRST + timedelta(days=last))


def traveller(key, country="DE", **more):
    latitude, longitude = PLACES[country]
    known = {"languages": frozenset({"en"}), "windows": (SEASON,), "score": 50}
    return Traveller(key, country, latitude, longitude, **{**known, **more})


def stay(key, country="AT", **more):
    latitude, longitude = PLACES[country]
    known = {"languages": frozenset({"en"}), "windows": (SEASON,)}
    return Stay(
        key,
        f"host {key}",
        f"affiliate {key}",
        country,
        latitude,
        longitude,
        **{**known, **more},
    )


def rules(**more):
    known = {"weights": Weights(carbon=0, cost=0), "nights_min": 3, "nights_max": 4}
    return Rules(FIRST, LAST, **{**known, **more})


def problem(travellers, stays, locks=None, before=(), **more):
    extra = {"locks": locks} if locks else {}
    return Problem(tuple(travellers), tuple(stays), rules(**more), before=before, **extra)
