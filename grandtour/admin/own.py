"""What the desk says to whoever leaves plans and journeys to others, and who can act."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from capx.names import listed
from grandtour.actions.apart import Apart, LeftToOthers, ReadsBlind, Travels
from grandtour.actions.decisions import NotYours
from volunteers.models import Person


@contextmanager
def explained() -> Iterator[None]:
    """Say why somebody may not, and who can; around a page, or what it does.

    Raises PermissionDenied.
    """
    try:
        yield
    except LeftToOthers as refusal:
        raise PermissionDenied(words(refusal.found)) from refusal
    except ReadsBlind as refusal:
        why = _("You read blind here: this opens once reading is over.")
        raise PermissionDenied(why) from refusal
    except Travels as refusal:
        raise PermissionDenied(words_of_travel(refusal.others)) from refusal
    except NotYours as refusal:
        raise PermissionDenied from refusal


def words_of_travel(others: Iterable[Person]) -> str:
    """Say that others organise an edition in which somebody wishes to travel, and who does."""
    if people := _listed(others):
        said = _(
            "You would like to travel in this edition, so others organise it, your own "
            "application included. Ask %(people)s."
        )
        return said % {"people": people}
    return _(
        "You would like to travel in this edition, so others have to organise it, and nobody "
        "else does so far. Ask whoever runs this site to make somebody an organiser, or take "
        "your application back."
    )


def _listed(people: Iterable[Person]) -> str:
    """Name some people."""
    return listed([str(person) for person in people])


def words(found: Apart) -> str:
    """Say that there is a conflict, and who can act; nothing where there is none."""
    if not found.left:
        return ""
    if not found.others:
        return _(
            "You have a conflict of interest with somebody here. So has everybody else who "
            "could do this, so you may; it is noted with your name."
        )
    said = _(
        "You have a conflict of interest with somebody here, so this is left to others. "
        "These can do it: %(people)s."
    )
    return said % {"people": _listed(found.others)}


def words_of_locks(found: Apart) -> str:
    """Say who may lock those whom the form does not offer; nothing where it offers all."""
    if not found.left:
        return ""
    if not found.others:
        return _(
            "You have a conflict of interest with some, so they are not among these. "
            "Nobody who could plan here is without one."
        )
    said = _(
        "You have a conflict of interest with some, so they are not among these. For them "
        "ask %(people)s."
    )
    return said % {"people": _listed(found.others)}


def noted(found: Apart) -> str:
    """Give what the history of the desk says beside what was done."""
    return " (in spite of a conflict: nobody is without)" if found.left else ""
