"""What becomes of invitations when something else happens to a training."""

from datetime import datetime

from exchange.models import Invitation, Listing
from exchange.models.invitations import InvitationQuerySet
from exchange.notices import invitations as notices
from volunteers import gate, mailbox
from volunteers.models import Person

State = Invitation.State


def joined(listing: Listing, person: Person, *, at: datetime) -> None:
    """Note that somebody comes, whichever way they took their seat."""
    _end(Invitation.objects.filter(listing=listing, person=person), State.JOINED, at)


def lapse(invitations: InvitationQuerySet, *, at: datetime) -> None:
    """Let go of those that still wait, without a word."""
    _end(invitations, State.LAPSED, at)


def _end(invitations: InvitationQuerySet, state: State, at: datetime) -> None:
    """End those that still wait, and all their asks; letters that wait stay behind."""
    rows = {row.pk: row for row in invitations.unsettled().select_related("ask")}
    Invitation.move_all(rows, state, ended_at=at)
    for row in rows.values():
        gate.settle(row.ask, at=at)
        mailbox.take_back(notices.key_of(row))
