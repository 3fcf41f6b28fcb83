"""Reads the words of the sample from its files."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from capx.sample.records import Affiliate, Artefact, City, Spoken

LANGUAGES = ("en", "de", "fr", "es", "pl", "uk", "ar", "it", "nl", "cs", "sv", "pt")
CLOSINGS = ("offer", "request", "offer_resource", "request_resource")
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Where:
    """A place, and how one says in a language that something is there."""

    city: City
    name: str
    there: str


@dataclass(frozen=True, slots=True)
class Seed:
    """A listing with gaps, from which a few listings are made."""

    key: str
    kind: str
    of: str
    resource: str
    skills: tuple[str, ...]
    mode: str
    hours: float
    preparation_hours: float
    seats: int | None
    amount: int | None
    currency: str
    covers: str
    decided_by: str
    title: str
    body: str
    x: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pools:
    """What fills the gaps in one language."""

    themes: tuple[str, ...]
    when: tuple[str, ...]
    numbers: tuple[int, ...]
    openings: dict[str, tuple[str, ...]]
    closings: dict[str, tuple[str, ...]]
    takeaways: dict[str, tuple[str, ...]]
    costs: tuple[str, ...]
    places: tuple[Where, ...]
    seeds: tuple[Seed, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A practice without an author."""

    language: str
    title: str
    skills: tuple[str, ...]
    context: str
    tried: str
    worked: str
    did_not: str
    would_reuse: str
    artefacts: tuple[Artefact, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Names:
    """The given and family names that go together."""

    given: tuple[str, ...]
    family: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """People who share languages, cities and names."""

    people: int
    languages: tuple[Spoken, ...]
    cities: tuple[City, ...]
    names: tuple[Names, Names]


@dataclass(frozen=True, slots=True)
class Crowd:
    """What invented people are made of."""

    skills: tuple[str, ...]
    ways: tuple[str, ...]
    contacts: tuple[str, ...]
    words: dict[str, dict[str, tuple[str, ...]]]
    groups: tuple[Group, ...]


def dice(seed: int, what: str) -> random.Random:
    """Make dice that fall the same way for the same seed."""
    return random.Random(f"{seed} {what}")  # noqa: S311  # a sample has no secrets


def read(name: str) -> dict[str, Any]:
    """Read one file of the sample."""
    text = (HERE / name).read_text(encoding="utf-8")
    return tomllib.loads(in_french(text) if name.endswith("/fr.toml") else text)


def in_french(text: str) -> str:
    """Keep the signs that French sets apart on the line of their word."""
    for sign in ":;?!»":
        text = text.replace(f" {sign}", f"\N{NO-BREAK SPACE}{sign}")
    return text.replace("« ", "«\N{NO-BREAK SPACE}")


@cache
def affiliates() -> tuple[Affiliate, ...]:
    """Give the affiliates in the order of the file."""
    return tuple(
        Affiliate(
            slug=row["slug"],
            name=row["name"],
            kind=row["kind"],
            countries=tuple(row["countries"]),
            city=City(*row["city"]) if "city" in row else None,
            languages=tuple(row["languages"]),
            website=row.get("website", ""),
            has_office=row.get("has_office", False),
            about=row["about"],
        )
        for row in read("affiliates.toml")["affiliate"]
    )


@cache
def crowd() -> Crowd:
    """Give the names and words of people."""
    rows = read("people.toml")
    return Crowd(
        skills=tuple(rows["skills"]),
        ways=tuple(rows["ways"]),
        contacts=tuple(rows["contacts"]),
        words={
            language: {part: tuple(texts) for part, texts in words.items()}
            for language, words in rows["words"].items()
        },
        groups=tuple(make_group(row) for row in rows["group"]),
    )


def make_group(row: dict[str, Any]) -> Group:
    """Make a group; some languages have two forms of a family name."""
    either = row.get("family", [])
    return Group(
        people=row["people"],
        languages=tuple(Spoken(*pair) for pair in row["languages"]),
        cities=tuple(City(*pair) for pair in row["cities"]),
        names=(
            Names(tuple(row["given_f"]), tuple(row.get("family_f", either))),
            Names(tuple(row["given_m"]), tuple(row.get("family_m", either))),
        ),
    )


@cache
def pools(language: str) -> Pools:
    """Give the seeds of a language and what fills their gaps."""
    rows = read(f"listings/{language}.toml")
    return Pools(
        themes=tuple(rows["themes"]),
        when=tuple(rows["when"]),
        numbers=tuple(rows["numbers"]),
        openings=read_openings()[language],
        closings={key: tuple(rows[f"closing_{key}"]) for key in CLOSINGS},
        takeaways={of: tuple(texts) for of, texts in rows["takeaway"].items()},
        costs=tuple(rows["costs"]),
        places=tuple(
            Where(City(name, country), own, there)
            for name, country, own, there in rows["places"]
        ),
        seeds=tuple(make_seed(row) for row in rows["seed"]),
    )


@cache
def read_openings() -> dict[str, dict[str, tuple[str, ...]]]:
    """Give the first sentences by language, side and kind of resource."""
    return {
        language: {part: tuple(texts) for part, texts in parts.items()}
        for language, parts in read("openings.toml").items()
    }


def make_seed(row: dict[str, Any]) -> Seed:
    """Make a seed; what it leaves out is empty."""
    empty = {"resource": "", "seats": None, "amount": None, "currency": "", "covers": ""}
    lists = {"skills": tuple(row["skills"]), "x": tuple(row.get("x", ()))}
    return Seed(**{"decided_by": "", **empty, **row, **lists})


@cache
def talk(language: str) -> dict[str, tuple[str, ...]]:
    """Give what people write to one another in a language."""
    return {part: tuple(texts) for part, texts in read(f"talks/{language}.toml").items()}


@cache
def notes(language: str) -> tuple[Note, ...]:
    """Give the practice notes of a language."""
    return tuple(
        Note(
            language=language,
            **{key: value for key, value in row.items() if isinstance(value, str)},
            **({} if "source" in row else {"source": ""}),
            skills=tuple(row["skills"]),
            artefacts=tuple(Artefact(*pair) for pair in row["artefacts"]),
        )
        for row in read(f"practices/{language}.toml")["practice"]
    )
