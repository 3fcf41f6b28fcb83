"""Closing an account for a while, and opening it again."""

from datetime import datetime

from django.db import transaction

from capx.states import IllegalMove
from volunteers import notices
from volunteers.actions import bottlenecks
from volunteers.models import Person


class NotYours(Exception):
    """Only somebody who runs the whole site may close the account of who looks after it."""


@transaction.atomic
def deactivate(person: Person, *, by: Person, why: str, at: datetime) -> None:
    """Close an account: whoever is signed in with it is not any more, and nobody sees it.

    The person is told why. Raises IllegalMove when it is closed already, NotYours.
    """
    with bottlenecks.vanishing(person):
        held = _hold(person, by, active=True)
        notices.account_closed(held, why, at)  # before: nobody writes to a closed account
        held.is_active = False
        held.save(update_fields=["is_active"])
        held.sessions.all().delete()


@transaction.atomic
def reactivate(person: Person, *, by: Person, why: str, at: datetime) -> None:
    """Open an account again, and tell the person why.

    Raises IllegalMove when it is open, or its person has left for good; NotYours.
    """
    held = _hold(person, by, active=False)
    held.is_active = True
    held.save(update_fields=["is_active"])
    notices.account_opened(held, why, at)


def _hold(person: Person, by: Person, *, active: bool) -> Person:
    """Lock the account, so that two organisers decide one after the other."""
    held: Person = Person.objects.select_for_update().get(pk=person.pk)
    if held.is_staff and not by.is_superuser:
        raise NotYours
    if held.is_active != active or held.forgotten_at:
        raise IllegalMove(f"{held.username} is not what it was a moment ago")
    return held
