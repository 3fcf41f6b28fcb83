"""What typed words mean here: their stems, the skills called so, and what was meant instead."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper

from exchange.search import (
    STEMMED,
    Clause,
    Meaning,
    Query,
    compose,
    correctable,
    corrected,
    parse,
    slip,
    typed_words,
)

UNLIKE = 9
# Only for what follows in this transaction.
SETTINGS = """
    SELECT set_config('statement_timeout', '500', TRUE),
        set_config('enable_seqscan', 'off', TRUE),
        set_config('jit', 'off', TRUE),
        set_config('max_parallel_workers_per_gather', '0', TRUE)
"""
UNDERSTAND = """
WITH RECURSIVE settings AS MATERIALIZED (SETTINGS),
spoken(language) AS (
    (SELECT language FROM exchange_searchdocument ORDER BY language LIMIT 1)
    UNION ALL
    SELECT (
        SELECT d.language FROM exchange_searchdocument d
        WHERE d.language > s.language ORDER BY d.language LIMIT 1
    ) FROM spoken s WHERE s.language IS NOT NULL
),
tongues AS MATERIALIZED (
    SELECT code, exchange_dictionary(code) AS dictionary,
        code IN (SELECT split_part(language, '-', 1) FROM spoken) AS spoken
    FROM unnest(%(stemmed)s::text[]) AS code
)
SELECT w.word, s.stems::text, s.stops, k.skills, known, e.endings, e.skills, k.named
FROM settings
CROSS JOIN unnest(%(words)s::text[]) WITH ORDINALITY AS w(word, place)
CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(code, x.lexemes[1])
            FILTER (WHERE spoken AND x.lexemes[1] IS NOT NULL) AS stems,
        array_agg(code) FILTER (WHERE x.lexemes = '{}') AS stops,
        array_agg(code || ':' || x.lexemes[1]) AS lexemes
    FROM tongues CROSS JOIN LATERAL ts_lexize(dictionary, w.word) AS x(lexemes)
    OFFSET 0
) s
CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(DISTINCT slug), '{}'),
        array_agg(DISTINCT slug) FILTER (WHERE whole)
    FROM (
        SELECT v.slug, EXISTS (
            SELECT FROM string_to_table(b.folded, E'\\n') AS name
            CROSS JOIN LATERAL string_to_array(name, ' ') AS parts
            WHERE cardinality(parts) <= %(last)s AND EXISTS (
                SELECT FROM unnest(parts) AS part WHERE part = w.word
                OR b.language || ':' || (ts_lexize(exchange_dictionary(b.language), part))[1]
                    = ANY(s.lexemes)
            )
        ) AS whole
        FROM exchange_skillword x
        JOIN volunteers_skilllabel b ON b.id = x.label_id
        JOIN volunteers_skill v ON v.id = x.skill_id
        WHERE x.lexeme = ANY(w.word || s.lexemes)
    ) AS called
    OFFSET 0
) AS k(skills, named)
CROSS JOIN LATERAL (
    SELECT k.skills <> '{}'
        OR EXISTS (SELECT FROM exchange_word v WHERE v.word = w.word)
        OR exchange_stands(w.word, %(see)s)
    OFFSET 0
) AS n(known)
CROSS JOIN LATERAL (
    SELECT ARRAY(
        SELECT v.word FROM exchange_word v
        WHERE NOT known AND w.place = %(last)s AND v.word >= w.word
        AND v.word < w.word || U&'\\+10FFFF' ORDER BY v.documents DESC, v.word LIMIT 12
    ), ARRAY(
        SELECT DISTINCT v.slug
        FROM exchange_skillword x JOIN volunteers_skill v ON v.id = x.skill_id
        WHERE NOT known AND w.place = %(last)s AND x.lexeme >= w.word
        AND x.lexeme < w.word || U&'\\+10FFFF' LIMIT 20
    )
) AS e(endings, skills)
UNION ALL
SELECT '', NULL, NULL, ARRAY(
    SELECT slug FROM volunteers_skill v WHERE slug = ANY(%(chosen)s) AND NOT EXISTS (
        SELECT FROM volunteers_skill below
        WHERE below.slug = ANY(%(chosen)s) AND below.id <> v.id AND v.id = ANY(below.path)
    )
), NULL, NULL, NULL, NULL
FROM settings
""".replace("SETTINGS", SETTINGS)
ALIKE = """
SELECT t.word, x.word, x.distance
FROM unnest(%(words)s::text[]) AS t(word)
CROSS JOIN LATERAL (
    (
        SELECT v.word, levenshtein_less_equal(v.word, t.word, 2) AS distance, v.documents
        FROM exchange_word v
        WHERE left(v.word, 1) = left(t.word, 1)
        AND length(v.word) BETWEEN length(t.word) - 2 AND length(t.word) + 2
        AND levenshtein_less_equal(v.word, t.word, 2) <= 2
        ORDER BY 2, 3 DESC, 1 LIMIT 20
    ) UNION ALL (
        SELECT lexeme, levenshtein_less_equal(lexeme, t.word, 2), 1000000
        FROM exchange_skillword
        WHERE lexeme >= left(t.word, 1) AND lexeme < left(t.word, 1) || U&'\\+10FFFF'
        AND length(lexeme) BETWEEN length(t.word) - 2 AND length(t.word) + 2
        AND levenshtein_less_equal(lexeme, t.word, 2) <= 2 AND lexeme !~ ':'
        ORDER BY 2, 1 LIMIT 20
    ) UNION ALL (
        SELECT v.word, 9, v.documents FROM exchange_word v WHERE v.word %% t.word
        ORDER BY similarity(v.word, t.word) DESC, v.documents DESC, v.word LIMIT 3
    )
) AS x(word, distance, documents)
WHERE documents > 1000 OR exchange_stands(x.word, %(see)s)
ORDER BY distance, documents DESC, x.word
"""


@dataclass(frozen=True, slots=True)
class Understood:
    """What was typed, as a query; `text` has other words in it where some were misspelt."""

    query: Query
    text: str
    misspelt: tuple[str, ...] = ()
    # Of the chosen skills, those below which none is chosen.
    skills: tuple[str, ...] = ()


def understand(
    cursor: CursorWrapper, text: str, *, see: str, reading: str, chosen: Sequence[str] = ()
) -> Understood:
    """Read what was typed; sets the limits under which this transaction searches."""
    clauses = parse(text)
    meanings, skills = _ask(cursor, clauses, see, chosen)
    better = _meant(cursor, correctable(clauses, meanings), see)
    if better:
        text = corrected(text, better)
        clauses = parse(text)
        meanings, skills = _ask(cursor, clauses, see, chosen)
    query = compose(clauses, meanings, reading)
    return Understood(query, text, tuple(better), skills)


def _ask(
    cursor: CursorWrapper, clauses: Iterable[Clause], see: str, chosen: Sequence[str]
) -> tuple[dict[str, Meaning], tuple[str, ...]]:
    """Ask the database about each word, and which of the chosen skills are the lowest."""
    words = typed_words(clauses)
    values: dict[str, list[str] | str | int] = {
        "stemmed": list(STEMMED),
        "words": words,
        "last": len(words),
        "see": see,
        "chosen": list(chosen),
    }
    cursor.execute(UNDERSTAND, values)
    rows = {row[0]: row for row in cursor.fetchall()}
    lowest = tuple(rows.pop("")[3])
    return {word: _meaning(row) for word, row in rows.items()}, lowest


def _meaning(row: Sequence[Any]) -> Meaning:
    """Read one row of the answer."""
    _word, stems, stops, skills, known, endings, below, named = row
    return Meaning(
        stems=json.loads(stems or "{}"),
        skills=(*skills, *below),
        named=tuple(named or ()),
        stops=frozenset(stops or ()),
        known=known,
        endings=tuple(endings),
    )


def _meant(cursor: CursorWrapper, words: Sequence[str], see: str) -> dict[str, str]:
    """Find the words that somebody meant: a slip of the keys away, else the most alike."""
    if not words:
        return {}
    cursor.execute(ALIKE, {"words": list(words), "see": see})
    near: dict[str, str] = {}
    alike: dict[str, str] = {}
    for word, other, far in cursor.fetchall():
        if far == UNLIKE:
            alike.setdefault(word, other)
        elif slip(word, other, far):
            near.setdefault(word, other)
    return alike | near
