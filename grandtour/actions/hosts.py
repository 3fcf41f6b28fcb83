"""Offering to host, changing one's mind, and what organisers answer."""

from datetime import date, datetime

from django.db import transaction

from grandtour.models import Edition, Host, Stay
from grandtour.notices import hosts as notices
from volunteers.models import Affiliate
from volunteers.models.bandwidth import days

State = Host.State


class NotOpen(Exception):
    """The edition takes no hosts now."""


@transaction.atomic
def begin(edition: Edition, affiliate: Affiliate) -> Host:
    """Begin the offer of an affiliate, or go on with the one it has; raises NotOpen."""
    if edition.state != Edition.State.OPEN:
        raise NotOpen
    return Host.objects.get_or_create(edition=edition, affiliate=affiliate)[0]


@transaction.atomic
def set_stays(host: Host, periods: list[tuple[date, date]]) -> None:
    """Say on which days a host can take travellers; raises IntegrityError where they overlap.

    `periods`: pairs of a first and a last day.
    """
    Host.objects.select_for_update(no_key=True).get(pk=host.pk)
    host.stays.all().delete()
    Stay.objects.bulk_create(Stay(host=host, period=days(*pair)) for pair in periods)


@transaction.atomic
def offer(host: Host, *, at: datetime) -> None:
    """Show the offer to everybody; raises IllegalMove, NotOpen."""
    if host.edition.state != Edition.State.OPEN:
        raise NotOpen
    host.move(State.OFFERED, offered_at=at)


@transaction.atomic
def withdraw(host: Host) -> None:
    """Take the offer back; raises IllegalMove."""
    host.move(State.WITHDRAWN)


@transaction.atomic
def take_up(host: Host) -> None:
    """Go on with an offer that was taken back; raises IllegalMove, NotOpen."""
    if host.edition.state != Edition.State.OPEN:
        raise NotOpen
    host.move(State.DRAFT)


@transaction.atomic
def decide(host: Host, to: str, *, at: datetime) -> None:
    """Accept or decline an offer, and tell the affiliate; raises IllegalMove."""
    host.move(to, decided_at=at)
    notices.decided(host)
