"""What can be found: one narrow row for each open listing, and the words that are in use.

Facets and visibility are read by the database itself (`exchange_facets`, see the migration), so
that somebody who hides is gone from every search with that commit. Room is the gate's word
(`busy`), noted when it may have changed; `rooms.py` says what it is until then.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.db.models.functions import Left, Length

from exchange.models.listings import Listing
from exchange.search import vector, words
from volunteers.models import Person, Skill, SkillLabel

AT_ONCE = 500
WRITE = """
    INSERT INTO exchange_searchdocument AS old (
        listing_id, author_id, language, published_at, written_at, source, busy,
        facets, marks, room, seats_left, title, vector
    )
    SELECT l.id, l.author_id, l.language, l.published_at, now(), exchange_source(l.id), FALSE,
        f.facets, f.marks, f.room, f.seats_left, s.title,
        s.words || f.facets || f.marks
    FROM jsonb_to_recordset(%s::jsonb) AS s(listing bigint, title tsvector, words tsvector)
    JOIN exchange_listing l ON l.id = s.listing
    CROSS JOIN LATERAL exchange_facets(l.id) f
    ON CONFLICT (listing_id) DO UPDATE SET
        author_id = EXCLUDED.author_id, language = EXCLUDED.language,
        published_at = EXCLUDED.published_at, written_at = EXCLUDED.written_at,
        source = EXCLUDED.source, facets = EXCLUDED.facets, marks = EXCLUDED.marks,
        room = EXCLUDED.room, seats_left = EXCLUDED.seats_left,
        title = EXCLUDED.title, vector = EXCLUDED.vector
"""
STEM = """
    SELECT language, word, stems[1] FROM unnest(%s::text[], %s::text[]) AS w(language, word)
    CROSS JOIN LATERAL ts_lexize(exchange_dictionary(language), word) AS stems
    WHERE stems[1] IS NOT NULL
"""
STALE = """
    SELECT l.id FROM exchange_listing l
    LEFT JOIN exchange_searchdocument d ON d.listing_id = l.id
    WHERE l.state = 'open' AND l.hidden_at IS NULL
    AND d.source IS DISTINCT FROM exchange_source(l.id)
"""


class SearchDocumentQuerySet(models.QuerySet["SearchDocument"]):
    """Reads and writes of what can be found."""

    def write(self, listing: Listing) -> None:
        """Bring the document of one listing up to date, or remove it; part of your change."""
        self.write_all(Listing.objects.filter(pk=listing.pk))

    def write_all(self, listings: "models.QuerySet[Listing]") -> None:
        """Bring the documents of these listings up to date, and remove those not open."""
        shut = listings.exclude(pk__in=Listing.objects.open().values("pk"))
        self.filter(listing__in=shut.values("pk")).delete()
        readable = listings.open().select_related("affiliate", "place")  # type: ignore[attr-defined]  # a ListingQuerySet
        for some in _batches(readable.order_by("pk").iterator(AT_ONCE)):
            texts = [_Text.of(listing) for listing in some]
            with connection.cursor() as cursor:
                stems = _stems(cursor, texts)
                cursor.execute(WRITE, [json.dumps([text.lexemes(stems) for text in texts])])

    def refresh(self, listings: list[int]) -> None:
        """Read facets, visibility and room anew where they have changed; no words."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT exchange_refresh(%s::bigint[])", [listings])

    def stale(self) -> list[int]:
        """Name the open listings whose document is missing or has other words than they."""
        with connection.cursor() as cursor:
            cursor.execute(STALE)
            return [pk for (pk,) in cursor.fetchall()]


def _batches(listings: Iterator[Listing]) -> Iterator[list[Listing]]:
    """Cut a long row of listings into pieces."""
    some: list[Listing] = []
    for listing in listings:
        some.append(listing)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of one listing."""

    listing: int
    language: str
    title: list[str]
    body: list[str]

    @classmethod
    def of(cls, listing: Listing) -> Self:
        """Take them out of it."""
        more = [listing.body, listing.takeaway, listing.covers, listing.decided_by]
        more += [named.name for named in (listing.affiliate, listing.place) if named]
        language = listing.language.partition("-")[0]
        body = [word for text in more for word in words(text)]
        return cls(listing.pk, language, words(listing.title), body)

    def lexemes(self, stems: Mapping[tuple[str, str], str]) -> dict[str, object]:
        """Write them as the index has them: words, stems, and once more as a title."""
        mine = {word: stems.get((self.language, word), "") for word in self.title + self.body}
        title = vector(self.title, mine, self.language)
        body = vector(self.body, mine, self.language, after=len(self.title))
        marked = vector(self.title, mine, self.language, mark="^")
        return {"listing": self.listing, "title": title, "words": f"{title} {body} {marked}"}


def _stems(cursor: CursorWrapper, texts: Iterable[_Text]) -> dict[tuple[str, str], str]:
    """Bring words back to their stems, each in its language."""
    wanted = {(text.language, word) for text in texts for word in text.title + text.body}
    cursor.execute(STEM, [[language for language, _word in wanted], [w for _l, w in wanted]])
    return {(language, word): stem for language, word, stem in cursor.fetchall()}


class SearchDocument(models.Model):
    """One listing as the search sees it."""

    listing = models.OneToOneField(
        Listing, models.CASCADE, related_name="document", editable=False
    )
    author = models.ForeignKey(
        Person, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    language = models.CharField(max_length=8, db_index=True)
    published_at = models.DateTimeField()
    written_at = models.DateTimeField()
    # A fingerprint of the words it was made of.
    source = models.CharField(max_length=32)
    # The gate's last word about its author, where it was: not taking requests.
    busy = models.BooleanField(default=False)
    facets = SearchVectorField(help_text="What is counted.")
    marks = SearchVectorField(help_text="Visibility, time, samples: not counted.")
    room = models.BooleanField()
    seats_left = models.IntegerField(null=True)
    title = SearchVectorField(help_text="Words and stems of the title.")
    vector = SearchVectorField(help_text="All words and stems, facets and marks.")

    objects = SearchDocumentQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(name="document_vector", fields=["vector"], fastupdate=False),
            models.Index(name="document_written", fields=["written_at"]),
        ]

    def __str__(self) -> str:
        return f"document of {self.listing_id}"


class SkillWord(models.Model):
    """A word, or a stem of one, by which a skill is called; the database keeps it."""

    label = models.ForeignKey(SkillLabel, models.CASCADE, related_name="+")
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="+")
    lexeme = models.TextField(db_collation="C")

    class Meta:
        indexes = [models.Index(name="skill_word_lexeme", fields=["lexeme"])]

    def __str__(self) -> str:
        return self.lexeme


ADD_WORDS = """
    INSERT INTO exchange_word (word, documents)
    SELECT word, ndoc FROM ts_stat(format(
        'SELECT vector FROM exchange_searchdocument WHERE vector @@ %%L AND written_at >= %%L',
        '''/see=public''', %s::timestamptz
    ))
    WHERE word !~ '[/:^]' AND word !~ '^[0-9]+$' AND ndoc > 0
    ORDER BY word
"""


class WordQuerySet(models.QuerySet["Word"]):
    """Writes of the vocabulary."""

    def add_since(self, moment: datetime) -> None:
        """Add the words of what everybody may see and was written since."""
        with connection.cursor() as cursor:
            cursor.execute(f"{ADD_WORDS} ON CONFLICT DO NOTHING", [moment])

    def rebuild(self) -> None:
        """Count all words anew and forget those that nobody uses; call it in a transaction."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM exchange_word")
            cursor.execute(ADD_WORDS, [datetime.min.replace(tzinfo=UTC)])


class Word(models.Model):
    """A word that stands in public listings, for endings and for misspelt words."""

    word = models.TextField(primary_key=True, db_collation="C")
    documents = models.PositiveIntegerField()

    objects = WordQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(Left("word", 1), Length("word"), F("word"), name="word_alike"),
            GinIndex(OpClass("word", "gin_trgm_ops"), name="word_trigrams"),
        ]

    def __str__(self) -> str:
        return self.word
