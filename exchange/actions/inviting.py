"""What becomes of invitations when something else happens to a training."""

from datetime import datetime

from django.db.models import QuerySet

from exchange.models import Invitation, Listing
from exchange.notices import invitations as notices
from volunteers import gate, mailbox
from volunteers.models import Person

State = Invitation.State


def joined(listing: Listing, person: Person, *, at: datetime) -> None:
    """Note that somebody comes, whichever way they took their seat."""
    _end(Invitation.objects.filter(listing=listing, person=person), State.JOINED, at)


def lapse(invitations: QuerySet[Invitation], *, at: datetime) -> None:
    """Let go of those that still wait, without a word; letters that wait stay behind."""
    for invitation in _end(invitations, State.LAPSED, at):
        mailbox.take_back(notices.key_of(invitation))


def _end(invitations: QuerySet[Invitation], state: State, at: datetime) -> list[Invitation]:
    """End those that still wait, with their asks; what somebody was faster with stays so."""
    waiting = invitations.filter(state=State.WAITING).select_related("ask")
    rows = {row.pk: row for row in waiting}
    ended = [rows[key] for key in Invitation.move_all(rows, state, ended_at=at)]
    for row in ended:
        gate.settle(row.ask, at=at)
    return ended
