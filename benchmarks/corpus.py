"""Listings by the hundred thousand that behave like real ones: Zipf words, uneven facets."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from django.contrib.postgres.fields import ArrayField
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.models import NOT_PROVIDED
from django.utils import timezone
from psycopg import Cursor

from exchange.actions import documents
from exchange.models import Listing, SearchDocument, Word
from volunteers.models import Affiliate, Membership, Person, Place, Skill, SkillLabel

LANGUAGES = {
    "en": 30,
    "de": 14,
    "fr": 12,
    "es": 11,
    "it": 7,
    "pl": 7,
    "pt": 5,
    "nl": 4,
    "sv": 3,
    "uk": 3,
    "ar": 2,
    "cs": 2,
}
COUNTRIES = ["DE", "FR", "GB", "ES", "IT", "PL", "NL", "SE", "UA", "PT", "CZ", "AT", "CH", "BE"]
WORDS_IN_EACH = 6700
SYLLABLES = [
    "ba",
    "der",
    "ko",
    "lin",
    "mar",
    "no",
    "pes",
    "ri",
    "sta",
    "tu",
    "ven",
    "wik",
    "zo",
]
SYLLABLES += ["ak", "bel", "cra", "dun", "el", "fos", "gri", "hal", "is", "jo", "kem", "lur"]
START = datetime(2023, 1, 1, tzinfo=UTC)
DAYS = 1100


class Tongue:
    """The words of one language: names of skills first, then invented ones, by Zipf's law."""

    def __init__(self, code: str, draw: random.Random) -> None:
        """Take the labels of skills, and invent the rest."""
        self.draw = draw
        labels = SkillLabel.objects.filter(language=code).values_list("label", flat=True)
        known = [word for label in labels.order_by("pk") for word in label.lower().split()]
        invented = (self.invent() for _ in range(WORDS_IN_EACH * 2))
        self.words = list(dict.fromkeys([*known, *invented]))[:WORDS_IN_EACH]
        draw.shuffle(self.words)
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))

    def invent(self) -> str:
        """Make a word of two to five syllables."""
        return "".join(self.draw.choices(SYLLABLES, k=self.draw.randint(2, 5)))

    def say(self, number: int) -> str:
        """Give so many words."""
        return " ".join(self.draw.choices(self.words, cum_weights=self.weights, k=number))


def fill(number: int, seed: int = 20) -> None:
    """Fill an empty database with people, affiliates and this many open listings."""
    call_command("reference", verbosity=0)
    draw = random.Random(seed)  # noqa: S311 -- the same corpus every time
    with transaction.atomic():
        people = _people(number // 5, draw)
        speakers = _affiliates(people[:600], draw)
        copy(Listing, list(_listings(number, people, speakers, draw)))
        copy(Listing.skills.through, list(_skills(draw)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _write_documents()
    documents.settle(timezone.now())
    Word.objects.rebuild()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _write_documents() -> None:
    """Write all documents without their index, and build it afterwards: far quicker."""
    index = next(i for i in SearchDocument._meta.indexes if i.name == "document_vector")
    with connection.schema_editor() as editor:
        editor.remove_index(SearchDocument, index)
    SearchDocument.objects.write_all(Listing.objects.all())
    with connection.schema_editor() as editor:
        editor.add_index(SearchDocument, index)


def copy(model: type[models.Model], rows: Iterable[dict[str, object]]) -> None:
    """Write rows by COPY; fields that are not given have their default."""
    written = (f for f in model._meta.concrete_fields if not f.generated)
    fields = [f for f in written if not f.primary_key or f.remote_field]
    defaults = {f.attname: _default(f) for f in fields}
    names = ", ".join(f'"{f.column}"' for f in fields)
    with connection.cursor() as cursor:
        real: Cursor[tuple[object, ...]] = cursor.cursor
        with real.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as out:
            for row in rows:
                values = {**defaults, **row}
                out.write_row([_value(f, values[f.attname]) for f in fields])


def _default(field: "models.Field[object, object]") -> object:
    """Give what a field holds where nothing is said, also where only the database knows it."""
    if field.has_default() or field.db_default is NOT_PROVIDED:
        return field.get_default()
    return field.db_default


def _value(field: "models.Field[object, object]", value: object) -> object:
    """Keep an empty list a list: COPY cannot tell what should be in it."""
    return "{}" if isinstance(field, ArrayField) and not value else value


def _people(number: int, draw: random.Random) -> list[int]:
    """Write the people; one in fifty hides, one in twelve is seen by members only."""
    seen = ["public"] * 44 + ["members"] * 4 + ["hidden"]
    copy(
        Person,
        (
            {
                "username": f"person-{n}",
                "name": f"Person {n}",
                "password": "!",
                "visibility": draw.choice(seen),
                "may_be_asked": draw.random() < 0.93,  # noqa: PLR2004
            }
            for n in range(number)
        ),
    )
    return list(Person.objects.order_by("pk").values_list("pk", flat=True))


def _affiliates(people: list[int], draw: random.Random) -> list[tuple[int, int]]:
    """Write affiliates, and for each two people who speak for it."""
    copy(
        Affiliate,
        (
            {
                "kind": "chapter",
                "name": f"Wikimedia {n}",
                "slug": f"wikimedia-{n}",
                "countries": [draw.choice(COUNTRIES)],
            }
            for n in range(len(people) // 2)
        ),
    )
    affiliates = list(Affiliate.objects.order_by("pk").values_list("pk", flat=True))
    pairs = [(person, affiliates[n // 2]) for n, person in enumerate(people)]
    members = (
        {"person_id": person, "affiliate_id": group, "role": "editor", "confirmed_at": START}
        for person, group in pairs
    )
    copy(Membership, members)
    return pairs


def _listings(
    number: int, people: list[int], speakers: list[tuple[int, int]], draw: random.Random
) -> Iterator[dict[str, object]]:
    """Make the listings."""
    tongues = {code: Tongue(code, draw) for code in LANGUAGES}
    codes, weights = list(tongues), list(LANGUAGES.values())
    places = list(Place.objects.order_by("-population").values_list("pk", flat=True)[:3000])
    kinds = ["offer"] * 3 + ["request"] * 2
    for _n in range(number):
        code = draw.choices(codes, weights)[0]
        pair = draw.choice(speakers) if draw.random() < 0.25 else (draw.choice(people), None)  # noqa: PLR2004
        at = START + timedelta(minutes=draw.randrange(DAYS * 1440))
        yield {
            "state": "open",
            "kind": draw.choice(kinds),
            "author_id": pair[0],
            "affiliate_id": pair[1],
            "title": tongues[code].say(draw.randint(3, 7)).capitalize(),
            "body": tongues[code].say(draw.randint(40, 110)).capitalize() + ".",
            "language": code,
            "place_id": draw.choice(places),
            "countries": draw.sample(COUNTRIES, draw.choice([0, 0, 1, 1, 2, 3])),
            "mode": draw.choice(["remote", "remote", "on_site", "both"]),
            "hours": draw.choice([None, 1, 2, 4, 8, 20]),
            **dict.fromkeys(("created_at", "changed_at", "published_at", "confirmed_at"), at),
            **_what(draw, at.date()),
        }


def _what(draw: random.Random, day: date) -> dict[str, object]:
    """Decide what a listing is about."""
    of = draw.choice(["skill"] * 5 + ["service"] * 3 + ["resource"] * 2 + ["training"])
    if of == "training":
        return {"of": of, "first_day": day, "last_day": day, "seats": draw.choice([8, 12, 20])}
    if of == "resource":
        kind = draw.choice(["equipment", "venue", "travel", "materials", "funding"])
        money = {"amount": 50_000, "currency": "EUR"} if kind == "funding" else {}
        return {"of": of, "resource": kind, **money}
    return {"of": of}


def _skills(draw: random.Random) -> Iterator[dict[str, object]]:
    """Tag each listing with one to three skills, some of them far more often than others."""
    skills = list(Skill.objects.order_by("slug").values_list("pk", flat=True))
    draw.shuffle(skills)
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(skills))))
    for listing in Listing.objects.order_by("pk").values_list("pk", flat=True):
        for skill in set(draw.choices(skills, cum_weights=weights, k=draw.randint(1, 3))):
            yield {"listing_id": listing, "skill_id": skill}
