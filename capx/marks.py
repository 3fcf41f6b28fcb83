"""Which form wrote a row last, and whether another one may write over it.

A row has `revision`, the random mark of the form that wrote it, and `changed_at`.
"""

from typing import Any

LONGEST = 60  # of what `mark_of` gives


def mark_of(row: Any) -> str:
    """Name what stands in a row now; nothing where no form has written it yet."""
    return f"{row.revision}/{row.changed_at.isoformat()}" if row.revision else ""


def may_write(row: Any, revision: str, based_on: str) -> bool:
    """Say whether a form may write: it wrote last, or was filled in from what stands there."""
    return bool(revision) and (row.revision == revision or mark_of(row) == based_on)
