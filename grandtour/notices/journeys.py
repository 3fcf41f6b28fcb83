"""What travellers and hosts hear of their journeys."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.db.models import QuerySet
from django.urls import reverse

from grandtour.models import Journey, Seat, Stop, organisers_of
from grandtour.models.seats import UNANSWERED
from volunteers import mailbox
from volunteers.models import Membership, Person
from volunteers.models.notices import NoticeKind


def offered(seat: Seat) -> None:
    """Tell a traveller that there is a journey for them, and by when to answer."""
    _tell(seat, "offered", f"{seat.offered_at:%Y%m%d%H%M%S}")


def lapsed(seat: Seat) -> None:
    """Tell a traveller that their place goes to somebody else, as nobody answered."""
    _tell(seat, "lapsed", f"{seat.ended_at:%Y%m%d%H%M%S}", link=_application(seat))


def cancelled(seat: Seat) -> None:
    """Tell a traveller that they are not in the journey any more, and why."""
    _tell(seat, "cancelled", f"{seat.ended_at:%Y%m%d%H%M%S}", link=_application(seat))


def agreed(seat: Seat) -> None:
    """Tell a traveller that every host has said yes."""
    _tell(seat, "agreed", f"{seat.accepted_at:%Y%m%d%H%M%S}")


def confirmed(seat: Seat, *, at: datetime) -> None:
    """Tell a traveller that the journey takes place: now one books."""
    _tell(seat, "confirmed", f"{at:%Y%m%d%H%M%S}")


def reply_soon(seats: Iterable[Seat]) -> None:
    """Remind travellers who have not answered, once for each offer."""
    letters = [
        mailbox.Letter(
            seat.person,
            f"seat-reply-soon:{seat.pk}:{seat.reply_by:%Y%m%d}",
            seat.journey.get_absolute_url(),
            {"seat": seat, "journey": seat.journey, "edition": seat.journey.edition},
            not_after=seat.reply_by,
        )
        for seat in seats
    ]
    mailbox.post_all(
        letters, kind=NoticeKind.TOUR, template="grandtour/mail/seat_reply_soon.txt"
    )


def asked_to_host(journey: Journey, *, at: datetime) -> None:
    """Tell the people of each host who would like to come, and when, once an offer."""
    _tell_hosts(journey, "asked", at, journey.stops.filter(accepted_at=None))


def host_confirmed(journey: Journey, *, at: datetime) -> None:
    """Tell the people of each host that travellers come."""
    _tell_hosts(journey, "confirmed", at, journey.stops.all())


def called_off(journey: Journey, *, at: datetime) -> None:
    """Tell the people of each host with whom nobody has been that nobody comes, and why."""
    coming = journey.stops.exclude(pk__in=journey.stops.begun().values("pk"))
    _tell_hosts(journey, "called_off", at, coming)


def moved(journey: Journey, stops: Iterable[int], *, at: datetime) -> None:
    """Tell travellers who know of a journey, and the hosts of some stops, its new days."""
    rows = journey.seats.live().exclude(state=Seat.State.PROPOSED)
    letters = [
        mailbox.Letter(
            seat.person,
            f"seat-moved:{seat.pk}:{at:%Y%m%d%H%M%S}",
            journey.get_absolute_url(),
            {"seat": seat, "journey": journey, "edition": journey.edition},
        )
        for seat in rows.select_related("person").order_by("pk")
    ]
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template="grandtour/mail/seat_moved.txt")
    _tell_hosts(journey, "moved", at, journey.stops.filter(pk__in=stops))


def left(seat: Seat, journey: Journey, *, at: datetime) -> None:
    """Tell those who counted on a traveller: who travels with them, and hosts still to come."""
    about = {"who": str(seat.person), "journey": journey, "edition": journey.edition}
    others = journey.seats.live().exclude(state__in=UNANSWERED).select_related("person")
    letters = [
        mailbox.Letter(
            other.person,
            f"companion-left:{seat.pk}:{other.pk}",
            journey.get_absolute_url(),
            about,
        )
        for other in others.order_by("pk")
    ]
    template = "grandtour/mail/companion_left.txt"
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template=template)
    coming = journey.stops.filter(leave__gte=at.date(), refused_at=None)
    _tell_hosts(journey, "guest_left", f"{seat.pk}", coming, about)


def place_freed(seat: Seat, journey: Journey, *, at: datetime) -> None:
    """Tell organisers that a traveller gave up a place that was agreed, or promised."""
    few = Journey.objects.with_too_few().filter(pk=journey.pk).first()
    about = {"who": str(seat.person), "left": few and few.confirmed}
    _tell_organisers(journey, "place_freed", f"{seat.pk}:{at:%Y%m%d%H%M%S}", about)


def refused_by_host(stop: Stop, *, at: datetime) -> None:
    """Tell organisers that a host has said no, so that they look for another way."""
    about = {"host": stop.host.affiliate}
    key = f"{stop.pk}:{at:%Y%m%d%H%M%S}"
    _tell_organisers(stop.journey, "stop_refused", key, about)


def _tell_organisers(
    journey: Journey, what: str, when: str, about: Mapping[str, object]
) -> None:
    """Write to who organises the edition, with a link to the journey at their desk."""
    link = reverse("admin:grandtour_journey_show", args=[journey.pk])
    known = {"journey": journey, "edition": journey.edition, **about}
    letters = [
        mailbox.Letter(person, f"{what.replace('_', '-')}:{when}:{person.pk}", link, known)
        for person in organisers_of(journey.edition_id).order_by("pk")
    ]
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template=f"grandtour/mail/{what}.txt")


def _tell_hosts(
    journey: Journey,
    what: str,
    when: datetime | str,
    rows: QuerySet[Stop],
    about: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Write to the people of the hosts of some stops; `when` tells one time from the next."""
    time = f"{when:%Y%m%d%H%M%S}" if isinstance(when, datetime) else when
    waiting = rows.select_related("host__affiliate")
    stops = {stop.host.affiliate_id: stop for stop in waiting}
    speaking = Membership.objects.speaking().filter(affiliate__in=stops)
    people = {
        person.pk: person
        for person in Person.objects.here().filter(pk__in=speaking.values("person"))
    }
    letters = [
        mailbox.Letter(
            people[person],
            f"host-{what}:{stops[affiliate].pk}:{time}:{person}",
            journey.get_absolute_url(),
            {
                "stop": stops[affiliate],
                "host": stops[affiliate].host,
                "journey": journey,
                **about,
            },
        )
        for affiliate, person in speaking.order_by("pk").values_list("affiliate", "person")
        if person in people
    ]
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template=f"grandtour/mail/host_{what}.txt")


def _application(seat: Seat) -> str:
    """Give the address of the page that tells where the application stands."""
    return seat.application.get_absolute_url()


def _tell(seat: Seat, what: str, when: str, *, link: str = "") -> None:
    """Write to a traveller; `when` tells one time from the next."""
    mailbox.post(
        seat.person,
        key=f"seat-{what}:{seat.pk}:{when}",
        kind=NoticeKind.TOUR,
        template=f"grandtour/mail/seat_{what}.txt",
        link=link or seat.journey.get_absolute_url(),
        seat=seat,
        journey=seat.journey,
        edition=seat.journey.edition,
    )
