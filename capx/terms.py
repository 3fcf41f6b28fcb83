"""What two sides agree on in words: versions that never change, and what one changes."""

from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.functional import Promise

# What nobody does to words that somebody has said yes to.
CHANGE = pgtrigger.Update | pgtrigger.Delete


class Changed(Exception):
    """What lies on the table is not what this person has read."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term, what it is about in the reader's language, and what it was before."""

    name: str
    label: Promise
    now: Any
    before: Any = None


class Worded(models.Model):
    """One version of what two sides agree on: its number, and who wrote it when."""

    version = models.PositiveIntegerField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        abstract = True


def changes(now: list[Term], former: list[Term]) -> list[Term]:
    """List the terms that differ from those of a former version, with what they were in it."""
    pairs = zip(now, former, strict=True)
    return [
        Term(new.name, new.label, new.now, old.now) for new, old in pairs if new.now != old.now
    ]
