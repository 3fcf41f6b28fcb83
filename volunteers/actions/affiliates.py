"""Who belongs to an affiliate, and what they may do for it."""

from datetime import datetime

from django.db import transaction

from volunteers import notices
from volunteers.actions.care import stop_sharing
from volunteers.models import Affiliate, Membership, Person
from volunteers.models.bandwidth import today


class LastSteward(Exception):
    """Nobody else would look after the people of this affiliate."""


@transaction.atomic
def join(person: Person, affiliate: Affiliate, *, at: datetime) -> Membership:
    """Say that one belongs to an affiliate; its stewards are asked, or else the organisers.

    However often somebody comes and goes, they are asked once a day. Stewards do not hear of
    somebody they would not see: of them only the organisers know.
    """
    membership, new = Membership.objects.get_or_create(person=person, affiliate=affiliate)
    if new:
        stewards = list(Person.objects.here().stewards_of(affiliate))
        if stewards and not Person.objects.visible_to(stewards[0]).filter(pk=person.pk):
            stewards = []
        answerers = stewards or list(Person.objects.organisers())
        notices.membership_asked(membership, answerers, today(person, at))
    return membership


@transaction.atomic
def confirm(membership: Membership, *, at: datetime) -> None:
    """Say that somebody belongs to the affiliate."""
    waiting = Membership.objects.waiting().filter(pk=membership.pk)
    if waiting.update(confirmed_at=at):
        notices.membership_confirmed(membership)


@transaction.atomic
def decline(membership: Membership) -> None:
    """Let a request go; no trace of it stays."""
    gone, _rows = Membership.objects.waiting().filter(pk=membership.pk).delete()
    if gone:
        notices.membership_declined(membership)


@transaction.atomic
def set_role(membership: Membership, role: str, *, at: datetime) -> None:
    """Let somebody do more, or less, for the affiliate.

    Raises LastSteward where nobody would be left to look after its people.
    """
    if role != Membership.Role.STEWARD:
        _another_stays(membership)
    changed = Membership.objects.confirmed().filter(pk=membership.pk).exclude(role=role)
    if changed.update(role=role):
        membership.role = role
        notices.role_changed(membership, at=at.isoformat())


@transaction.atomic
def add(person: Person, affiliate: Affiliate, role: str, *, at: datetime) -> None:
    """Say for somebody that they belong to an affiliate, and what they may do for it.

    Raises LastSteward where nobody would be left to look after its people.
    """
    membership, _new = Membership.objects.get_or_create(person=person, affiliate=affiliate)
    confirm(membership, at=at)
    set_role(membership, role, at=at)


@transaction.atomic
def remove(membership: Membership, *, at: datetime) -> None:
    """Say that somebody belongs to the affiliate no more.

    Raises LastSteward where nobody would be left to look after its people.
    """
    notices.membership_ended(membership)
    leave(membership, at=at)


@transaction.atomic
def leave(membership: Membership, *, at: datetime) -> None:
    """Belong to the affiliate no more; its stewards see nothing of one's weeks any more.

    Raises LastSteward where nobody would be left to look after its people.
    """
    _another_stays(membership)
    stop_sharing(membership.person, membership.affiliate, at=at)
    Membership.objects.filter(pk=membership.pk).delete()


def _another_stays(membership: Membership) -> None:
    """Refuse to take the last steward away; the affiliate is locked, as two may go at once."""
    affiliate = Affiliate.objects.select_for_update().get(pk=membership.affiliate_id)
    stewards = list(affiliate.memberships.stewards())
    if membership in stewards and len(stewards) == 1:
        raise LastSteward
