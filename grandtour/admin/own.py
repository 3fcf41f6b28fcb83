"""What organisers leave to others in the plans and journeys of an edition, and to whom."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from capx.names import listed
from grandtour.models import Application, Edition, barred_to, free_of
from grandtour.reports.viewers import READING, viewer_of
from volunteers.models import Person

State = Application.State
NAMED = 5  # people who are named as those who can do it
HARMLESS = [State.DRAFT, State.WITHDRAWN, State.DECLINED]


def must_not_be_ones_own(edition: Edition, person: Any) -> None:
    """Stop whoever wishes to travel in this edition, or still reads it blind.

    Raises PermissionDenied.
    """
    if edition.state in READING and viewer_of(person, edition, timezone.localdate()).blind:
        raise PermissionDenied(_("You read blind here: this opens once reading is over."))
    mine = Application.objects.filter(edition=edition, person=person)
    if mine.exclude(state__in=HARMLESS).exists():
        raise PermissionDenied


@dataclass(frozen=True, slots=True)
class Apart:
    """What somebody has a conflict of interest with, and who could act instead."""

    left: frozenset[int]
    others: tuple[Person, ...] = ()

    @property
    def forbids(self) -> bool:
        """Say whether they leave it to others; where nobody else is there they act."""
        return bool(self.left and self.others)

    @property
    def words(self) -> str:
        """Say so, and who can; nothing where there is no conflict."""
        if not self.left:
            return ""
        if not self.others:
            return _(
                "You have a conflict of interest with somebody here. So has everybody else who "
                "could do this, so you may; it is noted with your name."
            )
        words = _(
            "You have a conflict of interest with somebody here, so this is left to others. "
            "These can do it: %(people)s."
        )
        return words % {"people": listed([str(person) for person in self.others])}

    @property
    def words_of_locks(self) -> str:
        """Say who may lock those whom the form does not offer; nothing where it offers all."""
        if not self.left:
            return ""
        if not self.others:
            return _(
                "You have a conflict of interest with some, so they are not among these. "
                "Nobody who could plan here is without one."
            )
        words = _(
            "You have a conflict of interest with some, so they are not among these. For them "
            "ask %(people)s."
        )
        return words % {"people": listed([str(person) for person in self.others])}

    @property
    def noted(self) -> str:
        """Give what the history of the desk says beside what was done."""
        return " (in spite of a conflict: nobody is without)" if self.left else ""


def apart(person: Any, edition: Edition, keys: Collection[int]) -> Apart:
    """Say what of these applications somebody leaves to others, and who is free to act."""
    left = barred_to(person, edition) & set(keys)
    if not left:
        return Apart(left)
    travel = Application.objects.filter(edition=edition).exclude(state__in=HARMLESS)
    people = Person.objects.organisers().exclude(pk__in=travel.values("person"))
    free = free_of(people.exclude(pk=person.pk), keys)
    return Apart(left, tuple(free.order_by("name", "pk")[:NAMED]))


def must_be_free(person: Any, edition: Edition, keys: Collection[int]) -> Apart:
    """Stop whoever leaves one of these to others, and tell them who can act.

    Raises PermissionDenied.
    """
    found = apart(person, edition, keys)
    if found.forbids:
        raise PermissionDenied(found.words)
    return found
