"""What a row of the catalogue shows of a listing, read in one statement with the search."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language

from exchange.models import kinds
from exchange.search import spans, words

LETTERS = 260  # of the text, as in CARD
# `source` is to give listing_id, room (whether the viewer can have it), nth, marked (numbers of
# words of the title), key.
CARD = """
SELECT l.id, l.title, left(l.body, 260), l.language, l.kind, l.of, l.resource, l.mode,
    l.countries, l.hours, l.seats, l.first_day, l.last_day, l.amount, l.currency,
    p.username, p.name, a.slug, a.name, c.name, c.country,
    x.room, d.seats_left, d.facets @@ '''/funded=yes''',
    ARRAY(
        SELECT s.slug FROM exchange_listing_skills t
        JOIN volunteers_skill s ON s.id = t.skill_id
        WHERE t.listing_id = l.id ORDER BY t.id
    ), x.marked, x.key
FROM source x
JOIN exchange_listing l ON l.id = x.listing_id
JOIN volunteers_person p ON p.id = l.author_id
LEFT JOIN volunteers_affiliate a ON a.id = l.affiliate_id
LEFT JOIN volunteers_place c ON c.id = l.place_id
JOIN exchange_searchdocument d ON d.listing_id = l.id
ORDER BY x.nth
"""
LABELS = """
SELECT s.slug, COALESCE(own.label, english.label, s.slug), above.slug
FROM volunteers_skill s
LEFT JOIN volunteers_skill above ON above.id = s.parent_id
LEFT JOIN volunteers_skilllabel own ON own.skill_id = s.id AND own.language = %(reading)s
LEFT JOIN volunteers_skilllabel english ON english.skill_id = s.id AND english.language = 'en'
WHERE s.slug = ANY(%(slugs)s)
"""
NEAR = """
OR (%(tree)s AND s.parent_id IS NULL)
OR s.id IN (SELECT unnest(path) FROM volunteers_skill WHERE slug = ANY(%(chosen)s))
OR s.parent_id IN (SELECT unnest(path) FROM volunteers_skill WHERE slug = ANY(%(chosen)s))
"""


@dataclass(frozen=True, slots=True)
class Label:
    """What a skill is called for the reader, and what stands above it."""

    slug: str
    label: str
    parent: str | None


@dataclass(slots=True)
class Card:
    """A listing as it stands in a list."""

    pk: int
    title: str
    text: str
    language: str
    kind: str
    of: str
    resource: str
    mode: str
    countries: list[str]
    hours: Decimal | None
    seats: int | None
    first_day: date | None
    last_day: date | None
    amount: int | None
    currency: str
    username: str
    name: str
    affiliate_slug: str | None
    affiliate: str | None
    town: str | None
    country: str | None
    has_room: bool
    seats_left: int | None
    funded: bool
    slugs: list[str]
    marked: list[int] | None
    key: str | None
    skills: Sequence[Label] = ()

    @property
    def slug(self) -> str:
        """Give its title for its address."""
        return slugify(self.title, allow_unicode=True) or "-"

    @property
    def invites(self) -> bool:
        """Say whether it asks to be answered: then no page says whether its author has room."""
        return kinds.invites(self.kind, self.of)

    @property
    def excerpt(self) -> str:
        """Give the first words of its text, each of them whole."""
        cut = len(self.text) == LETTERS
        return f"{self.text.rsplit(maxsplit=1)[0]} …" if cut else self.text

    @property
    def about_hours(self) -> Decimal | int | None:
        """Give the hours it takes, whole where they are whole."""
        whole = self.hours is not None and self.hours == self.hours.to_integral_value()
        return int(self.hours) if whole and self.hours else self.hours

    @property
    def marked_title(self) -> SafeString:
        """Give the title with the words that were looked for marked."""
        return marked(self.title, self.marked) if self.marked else escape(self.title)


def marked(title: str, places: Iterable[int]) -> SafeString:
    """Mark some words of a title; places are numbered from 1 as in the index."""
    wanted, pieces, done, place = set(places), [], 0, 0
    for start, end in spans(title):
        count = len(words(title[start:end]))
        if wanted & set(range(place + 1, place + count + 1)):
            pieces += [escape(title[done:start]), "<mark>", escape(title[start:end]), "</mark>"]
            done = end
        place += count
    return mark_safe("".join([*pieces, escape(title[done:])]))  # noqa: S308 -- escaped above


def read_cards(rows: Iterable[Sequence[Any]]) -> list[Card]:
    """Make cards of the rows of a statement that ends in CARD."""
    return [Card(*row) for row in rows]


def read_labels(
    slugs: Iterable[str], *, chosen: Sequence[str] = (), tree: bool = False
) -> dict[str, Label]:
    """Name these skills, those around the chosen ones, and with `tree` all branches."""
    values: dict[str, list[str] | str | bool] = {
        "reading": (get_language() or "en").split("-")[0],
        "slugs": list({*slugs, *chosen}),
        "chosen": list(chosen),
        "tree": tree,
    }
    with connection.cursor() as cursor:
        cursor.execute(LABELS + NEAR if tree or chosen else LABELS, values)
        return {row[0]: Label(*row) for row in cursor.fetchall()}


def give_labels(cards: Iterable[Card], labels: Mapping[str, Label]) -> None:
    """Name the skills on these cards."""
    for card in cards:
        card.skills = [labels[slug] for slug in card.slugs if slug in labels]
