"""What the desk says to whoever leaves plans and journeys to others, and who can act."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capx.names import listed
from grandtour.actions.apart import Apart, LeftToOthers, ReadsBlind, Travels
from grandtour.actions.decisions import NotYours
from volunteers.models import Person

NAMED = 20  # applications whose codes a sentence lists


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
        raise PermissionDenied(words_of_travel(refusal)) from refusal
    except NotYours as refusal:
        raise PermissionDenied from refusal


def words_of_travel(refusal: Travels) -> str:
    """Say that others organise an edition in which somebody wishes to travel, and who does."""
    if refusal.others:
        said = _(
            "You travel in this edition, or would like to, so others organise it, your own "
            "application included. Ask %(people)s."
        )
        return said % {"people": _listed(refusal.others)}
    said = _(
        "You travel in this edition, or would like to, so others have to organise it, and "
        "nobody else does so far."
    )
    more = [said, _who_appoints(refusal.keepers)]
    if refusal.may_leave:
        more.append(_("Once you take your application back, you organise it again."))
    return " ".join(more)


def _who_appoints(keepers: Iterable[Person]) -> str:
    """Say who can make somebody an organiser."""
    if people := _listed(keepers):
        return _("Ask %(people)s to make somebody an organiser.") % {"people": people}
    return _("Ask whoever runs this site to make somebody an organiser.")


def _listed(people: Iterable[Person]) -> str:
    """Name some people."""
    return listed([str(person) for person in people])


def words(found: Apart) -> str:
    """Say that there is a conflict, and who can act; nothing where there is none."""
    if not found.forbids:
        return ""
    if not found.others:
        said = _(
            "You have a conflict of interest with somebody here, so this is left to others, "
            "and nobody who organises is without one."
        )
        return f"{said} {_who_appoints(found.keepers)}"
    said = _(
        "You have a conflict of interest with somebody here, so this is left to others. "
        "These can do it: %(people)s."
    )
    return said % {"people": _listed(found.others)}


def words_of_first(found: Apart, codes: list[str]) -> str:
    """Say to whoever reads blind which applications wait, and who can read them first."""
    if not found.forbids:
        return ""
    waits = ngettext(
        "%(number)s application waits: it is in a script in which we cannot look for the "
        "name, so an organiser who does not read blind reads it first: %(codes)s.",
        "%(number)s applications wait: they are in a script in which we cannot look for the "
        "name, so an organiser who does not read blind reads them first: %(codes)s.",
        len(codes),
    )
    some = [*codes[:NAMED], *(["…"] if len(codes) > NAMED else [])]
    said = waits % {"number": len(codes), "codes": listed(some)}
    if found.others:
        can = _("These can do it: %(people)s.") % {"people": _listed(found.others)}
        return f"{said} {can}"
    nobody = _("Nobody who organises can do it so far.")
    return f"{said} {nobody} {_who_appoints(found.keepers)}"


def words_of_locks(found: Apart) -> str:
    """Say who may choose those whom the form does not offer; nothing where it offers all."""
    if not found.forbids:
        return ""
    if not found.others:
        said = _(
            "You have a conflict of interest with some, so they are not among these, and "
            "nobody who organises is without one."
        )
        return f"{said} {_who_appoints(found.keepers)}"
    said = _(
        "You have a conflict of interest with some, so they are not among these. For them "
        "ask %(people)s."
    )
    return said % {"people": _listed(found.others)}
