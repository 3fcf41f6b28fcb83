"""Offering to host, changing one's mind, and what organisers answer."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from capx.states import IllegalMove
from grandtour.actions import journeys
from grandtour.actions.apart import must_know_nobody
from grandtour.models import Edition, Host, Journey, Seat, Stay
from grandtour.notices import hosts as notices
from volunteers.actions import origins
from volunteers.models import Affiliate, Origin, Person, Skill
from volunteers.models.bandwidth import days

State = Host.State
WRITABLE = {State.DRAFT, State.OFFERED, State.ACCEPTED}
WRITTEN = [
    *("place", "programme", "languages", "most_guests", "groups", "changed_at"),
    *("venue", "venue_words", "venue_cost", "venue_currency", "step_free", "access", "bears"),
]
UNDER_WAY = [Journey.State.CONFIRMED, Journey.State.TRAVELLING]


class NotOpen(Exception):
    """The edition takes no hosts now, and no changes of theirs."""


class Expected(Exception):
    """A journey to this host is confirmed: only organisers can call it off."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What stands in other tables: skills, and periods as pairs of a first and a last day."""

    shares: list[Skill]
    wants: list[Skill]
    periods: list[tuple[date, date]]


@transaction.atomic
def begin(edition: Edition, affiliate: Affiliate) -> Host:
    """Begin the offer of an affiliate, or go on with the one it has; raises NotOpen."""
    if edition.state != Edition.State.OPEN:
        raise NotOpen
    return Host.objects.get_or_create(edition=edition, affiliate=affiliate)[0]


@transaction.atomic
def keep(host: Host, offered: Offered, *, offer_at: datetime | None = None) -> None:
    """Keep what a host writes; with `offer_at`, show a draft to everybody from then on.

    Raises IllegalMove when organisers or others of the affiliate have moved it meanwhile,
    NotOpen where the edition takes no changes of hosts any more.
    """
    editions = Edition.objects.select_for_update(no_key=True)
    if editions.get(pk=host.edition_id).state != Edition.State.OPEN:
        raise NotOpen
    held = Host.objects.select_for_update(no_key=True).get(pk=host.pk)
    if held.state != host.state or host.state not in WRITABLE:
        raise IllegalMove(f"{host} has changed")
    host.save(update_fields=WRITTEN)
    host.shares.set(offered.shares)
    host.wants.set(offered.wants)
    host.stays.all().delete()
    Stay.objects.bulk_create(Stay(host=host, period=days(*pair)) for pair in offered.periods)
    if offer_at and host.state == State.DRAFT:
        host.move(State.OFFERED, offered_at=offer_at)
        origins.tell(Origin.Made.HOST, host.pk, at=offer_at)


@transaction.atomic
def withdraw(host: Host, by: Person, *, at: datetime) -> None:
    """Take the offer back, and say no to what is planned; raises IllegalMove, Expected.

    Also where a journey to it is planned in this very moment: then nothing is taken back.
    """
    stops = host.stops.select_related("journey", "host__affiliate").order_by("journey")
    given = journeys.Given(Seat.Reason.HOST, by=by)
    for stop in stops.filter(journey__state__in=journeys.REFUSABLE, refused_at=None):
        journeys.host_refuses(stop, given, at=at)
    if stops.filter(journey__state__in=UNDER_WAY).exists():
        raise Expected
    host.move(State.WITHDRAWN)
    if stops.filter(journey__state__in=journeys.REFUSABLE, refused_at=None).exists():
        raise IllegalMove(f"{host} was given a journey in this very moment")


@transaction.atomic
def take_up(host: Host) -> None:
    """Go on with an offer that was taken back; raises IllegalMove, NotOpen."""
    if host.edition.state != Edition.State.OPEN:
        raise NotOpen
    host.move(State.DRAFT)


@transaction.atomic
def decide(host: Host, to: str, by: Person, *, at: datetime) -> None:
    """Accept or decline an offer, and tell the affiliate.

    Raises IllegalMove, and NotYours where it is that of their own affiliate, or they travel.
    """
    must_know_nobody(by, Edition.objects.hold(host.edition_id), (), [host.pk])
    host.move(to, decided_at=at)
    notices.decided(host)
