"""Inviting somebody who wants to learn what one teaches: through the gate, once."""

from datetime import datetime

from django.db import transaction

from capx.states import IllegalMove
from exchange.actions import agreements, calls, exchanges, inviting, seats
from exchange.actions.exchanges import Words
from exchange.models import Exchange, Invitation, Listing
from exchange.models.invitations import trainings_of
from exchange.notices import invitations as notices
from volunteers import gate, mailbox
from volunteers.models import Person

State = Invitation.State


@transaction.atomic
def invite(listing: Listing, person: Person, why: str = "", *, at: datetime) -> Invitation:
    """Ask somebody to come to one's training: through the gate, like any other ask.

    Raises exchanges.NotOpen, calls.NobodySees, IllegalMove (they are invited already, come
    anyway, or wish to learn something else by now), exchanges.TooMany, gate.Hidden,
    gate.NotTakingRequests, gate.Tight.
    """
    listing = seats.hold(listing.pk)
    author = listing.author
    both = Person.objects.filter(pk__in=[author.pk, person.pk]).order_by("pk")
    list(both.select_for_update(no_key=True).values_list("pk", flat=True))
    if not trainings_of(author).filter(pk=listing.pk).exists() or not seats.has_room(listing):
        raise exchanges.NotOpen
    if author.hidden_at:
        raise gate.Hidden
    if not calls.is_found(listing):
        raise calls.NobodySees
    if person.pk in spoken_for(listing) or not _wants(person, listing):
        raise IllegalMove
    if author.asks_made.since(at - exchanges.A_DAY).count() >= exchanges.ASKS_A_DAY:
        raise exchanges.TooMany
    wish = exchanges.taking(listing, at=at)
    passed = gate.admit(person, asker=author, now=at, wish=wish, why=why)
    invitation = Invitation.objects.create(
        listing=listing, person=person, ask=passed, invited_at=at
    )
    notices.invited(invitation)
    return invitation


@transaction.atomic
def join(invitation: Invitation, *, at: datetime) -> Exchange:
    """Come: it takes a seat like any other (see `take_seat`).

    Raises IllegalMove when it is over, and what taking a seat raises.
    """
    listing = seats.hold(invitation.listing_id)
    rows = Invitation.objects.select_related("person").select_for_update(of=("self",))
    held = rows.get(pk=invitation.pk)
    if held.state != State.WAITING:
        raise IllegalMove
    return agreements.take_seat(listing, held.person, Words(""), at=at)


@transaction.atomic
def decline(invitation: Invitation, *, at: datetime) -> None:
    """Say no, of which nobody is told; raises IllegalMove when it is over.

    Its ask ends when it would have without an answer: who invited sees what the gate says.
    """
    invitation.move(State.DECLINED, ended_at=at)
    mailbox.take_back(notices.key_of(invitation))


@transaction.atomic
def lapse(invitation: Invitation, *, at: datetime) -> None:
    """Let go of one that nobody has answered, or that leads nowhere any more."""
    inviting.lapse(Invitation.objects.filter(pk=invitation.pk), at=at)


def spoken_for(listing: Listing) -> set[int]:
    """Name whom nobody has to invite: the author, who is invited already, and who comes."""
    coming = Exchange.objects.in_the_way().filter(listing=listing)
    return {
        listing.author_id,
        *listing.invitations.values_list("person", flat=True),
        *coming.values_list("counterpart", flat=True),
    }


def _wants(person: Person, listing: Listing) -> bool:
    """Tell whether somebody has said that they want to learn what a training teaches."""
    taught = Person.objects.wanting(list(listing.skills.all()))
    return bool(taught.filter(pk=person.pk).exists())
