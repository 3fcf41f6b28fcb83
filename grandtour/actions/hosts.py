"""Offering to host, changing one's mind, and what organisers answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from capx.marks import may_write
from capx.states import IllegalMove
from grandtour.actions import journeys
from grandtour.actions.apart import must_know_nobody
from grandtour.models import Edition, Host, Journey, Seat, Stay, Stop
from grandtour.notices import hosts as notices
from volunteers.actions import origins
from volunteers.models import Affiliate, Origin, Person, Skill
from volunteers.models.bandwidth import days

State = Host.State
SHOWN = {State.OFFERED, State.ACCEPTED}
WRITABLE = {State.DRAFT, *SHOWN}
WRITTEN = [
    *("place", "programme", "languages", "most_guests", "groups", "revision", "changed_at"),
    *("venue", "venue_words", "venue_cost", "venue_currency", "step_free", "access", "bears"),
]
# Nobody applies any more, and journeys are still planned.
DAYS_ALONE = {
    *(Edition.State.REVIEWING, Edition.State.MATCHING),
    *(Edition.State.DECIDED, Edition.State.TRAVELLING),
}
A_DAY = timedelta(days=1)
UNDER_WAY = [Journey.State.CONFIRMED, Journey.State.TRAVELLING]


class NotOpen(Exception):
    """The edition takes no hosts now, and no changes of theirs."""


class Expected(Exception):
    """A journey to this host is confirmed: only organisers can call it off."""


class Changed(Exception):
    """Somebody else of the affiliate has written meanwhile; nothing was overwritten."""


class Visited(Exception):
    """A journey comes on a day that would be taken back."""

    def __init__(self, stop: Stop) -> None:
        """Keep where it stops here."""
        super().__init__(str(stop))
        self.stop = stop


@dataclass(frozen=True, slots=True)
class Offered:
    """What stands in other tables: skills, and periods as pairs of a first and a last day.

    `based_on` is the mark of the row that the form was filled in from.
    """

    shares: list[Skill]
    wants: list[Skill]
    periods: list[tuple[date, date]]
    based_on: str = ""


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
    Changed when another form has written into it, NotOpen where the edition takes no changes
    of hosts any more.
    """
    editions = Edition.objects.select_for_update(no_key=True)
    if editions.get(pk=host.edition_id).state != Edition.State.OPEN:
        raise NotOpen
    held = Host.objects.select_for_update(no_key=True).get(pk=host.pk)
    if held.state != host.state or host.state not in WRITABLE:
        raise IllegalMove(f"{host} has changed")
    if not may_write(held, host.revision, offered.based_on):
        raise Changed
    host.save(update_fields=WRITTEN)
    host.shares.set(offered.shares)
    host.wants.set(offered.wants)
    _keep_days(host, offered.periods)
    if offer_at and host.state == State.DRAFT:
        host.move(State.OFFERED, offered_at=offer_at)
        origins.tell(Origin.Made.HOST, host.pk, at=offer_at)


def _keep_days(host: Host, periods: list[tuple[date, date]]) -> None:
    """Write down the days on which a host can take people, in the place of those before."""
    host.stays.all().delete()
    Stay.objects.bulk_create(Stay(host=host, period=days(*pair)) for pair in periods)


@transaction.atomic
def change_days(
    host: Host, periods: list[tuple[date, date]], by: Person, *, based_on: str
) -> None:
    """Change the days of a host, and nothing else, once nobody applies any more.

    A row of the desk's history says which they were and are. Raises NotOpen, IllegalMove,
    Changed, and Visited where a journey uses a day that would be taken back; the edition is
    held, as by whoever accepts a plan or moves a stop.
    """
    if Edition.objects.hold(host.edition_id).state not in DAYS_ALONE:
        raise NotOpen
    held = Host.objects.select_for_update(no_key=True).get(pk=host.pk)
    if held.state not in SHOWN:
        raise IllegalMove(f"{host} has changed")
    if not may_write(held, host.revision, based_on):
        raise Changed
    rows = held.stays.order_by("period").values_list("period", flat=True)
    before = [(period.lower, period.upper - A_DAY) for period in rows]
    left = _every(before) - _every(periods)
    stops = held.stops.filter(journey__in=Journey.objects.live()).select_related("journey")
    for stop in stops.order_by("arrive", "pk"):
        if left & _every([(stop.arrive, stop.leave)]):
            raise Visited(stop)
    host.save(update_fields=["revision", "changed_at"])
    _keep_days(host, periods)
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(Host),
        object_id=str(host.pk),
        object_repr=str(host)[:200],
        action_flag=CHANGE,
        change_message=f"days: {_written(before)} → {_written(periods)}",
    )


def _every(periods: Iterable[tuple[date, date]]) -> set[date]:
    """Give every day of some periods."""
    return {
        first + timedelta(number)
        for first, last in periods
        for number in range((last - first).days + 1)
    }


def _written(periods: Iterable[tuple[date, date]]) -> str:
    """Write periods as the desk's history keeps them."""
    return ", ".join(f"{first}/{last}" for first, last in periods)


@transaction.atomic
def withdraw(host: Host, by: Person, *, at: datetime) -> None:
    """Take the offer back, and say no to what is planned; raises IllegalMove, Expected.

    Also where a journey to it is planned in this very moment: then nothing is taken back.
    """
    Edition.objects.hold(host.edition_id)
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
