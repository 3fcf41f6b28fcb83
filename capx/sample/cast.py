"""Reads the people as whom anybody can sign in, and what goes on around them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from capx.sample.material import read
from capx.sample.records import Ability, City, Membership, Person, Sample, Spoken


def join_in(sample: Sample, today: date) -> Sample:
    """Let the people with accounts live among the others."""
    rows = read("cast.toml")
    return replace(
        sample,
        people=(*sample.people, *(make_person(row, today) for row in rows["person"])),
        memberships=(
            *sample.memberships,
            *(make_membership(row, today) for row in rows["membership"]),
        ),
    )


def make_person(row: dict[str, Any], today: date) -> Person:
    """Make one of the people."""
    return Person(
        username=row["username"],
        name=row["name"],
        pronouns=row.get("pronouns", ""),
        about=row["about"],
        language=row["language"],
        city=City(*row["city"]),
        languages=tuple(Spoken(*pair) for pair in row["languages"]),
        joined_at=moment(today, row["joined"]),
        ways=tuple(row["ways"]),
        abilities=tuple(
            Ability(skill, how)
            for how in ("has", "teaches", "wants")
            for skill in row.get(how, ())
        ),
        contact=row.get("contact", "here"),
        weekly_hours=Decimal(row["weekly_hours"]),
        rest=period(today, row["rest"]) if "rest" in row else None,
    )


def make_membership(row: dict[str, Any], today: date) -> Membership:
    """Make a membership, confirmed unless it is new."""
    confirmed_at = None if row.get("waits") else moment(today, -300)
    return Membership(row["person"], row["affiliate"], row.get("role", "member"), confirmed_at)


def day(today: date, away: int) -> date:
    """Give the day that is so many days from today."""
    return today + timedelta(days=away)


def period(today: date, days: list[int]) -> tuple[date, date]:
    """Give the first and the last day."""
    first, last = days
    return day(today, first), day(today, last)


def moment(today: date, away: int, clock: str = "10:20") -> datetime:
    """Give a moment of the day that is so many days from today."""
    return datetime.combine(day(today, away), time.fromisoformat(clock), UTC)
