"""Taking a name out of what others keep."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, unquote

from django.db import models

GONE = "[…]"
SHORTEST = 3  # letters of a part of a name; a shorter one is too often a word


def pattern_of(names: Iterable[str]) -> re.Pattern[str]:
    """Find these names wherever they stand in full, and their capitalised parts.

    A name of one word counts only as it is written: `Will` is somebody, `will` is a word.
    """
    known = {name for name in names if name}
    words = {name for name in known if name.isalpha()}
    words |= {part for name in known for part in re.findall(r"\w+", name) if _is_a_name(part)}
    titles = {name.replace(" ", "_") for name in known}  # as wikis write them in addresses
    phrases = {*known, *titles, *map(quote, known | titles)} - words
    either = [f"(?i:{_any_of(phrases)})"] if phrases else []
    either += [_any_of(words)] if words else []
    return re.compile(rf"(?<!\w)(?:{'|'.join(either)})(?!\w)")


def _any_of(names: set[str]) -> str:
    """Write a pattern for any of these, the longest first."""
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))


def _is_a_name(part: str) -> bool:
    return len(part) >= SHORTEST and part[0].isupper()


def leads_to(address: str, pattern: re.Pattern[str]) -> bool:
    """Say whether an address names somebody, such as the one of their page in a wiki."""
    return bool(pattern.search(unquote(address).replace("_", " ")))


def take_out(
    rows: "models.QuerySet[Any]", fields: Iterable[str], pattern: re.Pattern[str]
) -> None:
    """Replace what the pattern finds in these fields of these rows."""
    names = list(fields)
    changed = []
    for row in rows.only("pk", *names).iterator():
        before = [getattr(row, name) for name in names]
        after = [pattern.sub(GONE, text) for text in before]
        if after != before:
            for name, text in zip(names, after, strict=True):
                setattr(row, name, text)
            changed.append(row)
    rows.model._base_manager.bulk_update(changed, names, batch_size=200)
