"""Texts that an organiser reads before reviewers do: nobody can look for the name in them."""

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.db.models import Q

from grandtour.blinding.names import parts_of
from grandtour.blinding.unheard import unheard
from grandtour.models import Answer, Application, Edition, ReviewEvent

State = Application.State
FIELDS = ("goals", "brings", "spreads")
# Reviewers read it now, or will.
TO_COME = Q(state__in=[State.SUBMITTED, State.INCOMPLETE, State.IN_REVIEW])
LENGTH = 16  # letters by which a text is known again


def is_hard(name: str, text: str) -> bool:
    """Say whether a text could name somebody of this name in a way nobody can look for."""
    return bool(text) and bool(unheard(name, parts_of(name), text))


def mark_of(name: str, text: str) -> str:
    """Give by what one knows that just this text was read, while this was the name."""
    return sha256(f"{name}\0{text}".encode()).hexdigest()[:LENGTH]


def marked(applications: Iterable[int]) -> dict[int, set[str]]:
    """Give the marks of the texts that organisers have read of each of these."""
    rows = ReviewEvent.objects.filter(
        application__in=list(applications), verb=ReviewEvent.Verb.LOOKED
    )
    known: dict[int, set[str]] = defaultdict(set)
    for key, about in rows.values_list("application", "about"):
        known[key] |= set(about.get("texts", []))
    return known


def waiting(rows: Any) -> dict[int, list[str]]:
    """Give the marks of the texts that somebody has to read first, by application.

    `rows`: applications. Nobody reads first what is read with names from beginning to end.
    """
    names: dict[int, str] = {}
    texts: dict[int, list[str]] = defaultdict(list)
    for key, name, *words in rows.filter(TO_COME).values_list("pk", "person__name", *FIELDS):
        names[key] = name
        texts[key] += words
    said = Answer.objects.filter(application__in=names)
    for key, words in said.values_list("application", "words"):
        texts[key].append(words)
    hard = {
        key: [mark_of(names[key], text) for text in of if is_hard(names[key], text)]
        for key, of in texts.items()
    }
    read = marked(key for key, marks in hard.items() if marks)
    left = {key: sorted(set(marks) - read[key]) for key, marks in hard.items()}
    return {key: marks for key, marks in left.items() if marks}


def is_ever_blind(edition: Edition) -> bool:
    """Say whether an edition is read without names on any day; without phases it is."""
    phases = list(edition.phases.values_list("names_shown", flat=True))
    return not phases or not all(phases)
