"""What travellers and hosts hear while they agree on what a stop is for."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from grandtour.models import Expectation, Host, Journey, Side, organisers_free_of, organisers_of
from volunteers import mailbox
from volunteers.models import Membership, Person
from volunteers.models.notices import NoticeKind


def proposed(expectation: Expectation) -> None:
    """Tell the other side that there are words to say yes to, or to change."""
    side = Side(expectation.side).other
    _tell(expectation, "proposed", people_of(expectation, side))


def agreed(expectation: Expectation) -> None:
    """Tell both sides that they agree, with the words as they stand."""
    everybody = [*people_of(expectation, Side.TRAVELLER), *people_of(expectation, Side.HOST)]
    _tell(expectation, "agreed", everybody)


def other_days(expectation: Expectation) -> None:
    """Tell organisers that both sides wish for other days, and where the stop is moved."""
    _tell_organisers(expectation, "other_days")


def days_agreed(expectation: Expectation) -> None:
    """Tell organisers that all have said yes to the days that they proposed."""
    _tell_organisers(expectation, "days_agreed")


def _tell_organisers(expectation: Expectation, template: str) -> None:
    """Write to those who may move it; where everybody has a conflict, to all.

    Its page says who can help.
    """
    seat = expectation.seat
    link = reverse("admin:grandtour_journey_move", args=[seat.journey_id])
    seats, hosts = seat.journey.seats.live(), Host.objects.filter(stops__journey=seat.journey)
    keys = list(seats.values_list("application", flat=True))
    free = organisers_free_of(seat.edition_id, keys, list(hosts.values_list("pk", flat=True)))
    people = list(free.order_by("pk")) or organisers_of(seat.edition_id).order_by("pk")
    key = f"{template.replace('_', '-')}:{expectation.pk}"
    _post(people, key, link, _about(expectation), template)


def companion_agreed(expectation: Expectation) -> None:
    """Tell who travels along that somebody has agreed on other days; who has, hears nothing."""
    seat, stop = expectation.seat, expectation.stop
    same = Expectation.objects.agreed().filter(
        seat__journey=seat.journey_id,
        stop=stop,
        arrive=expectation.arrive,
        leave=expectation.leave,
    )
    said_yes = ["accepted", "agreed", "confirmed", "travelling"]
    seats = seat.journey.seats.live().filter(state__in=said_yes)
    others = seats.exclude(pk=seat.pk).exclude(pk__in=same.values("seat"))
    people = Person.objects.filter(pk__in=others.values("person")).order_by("pk")
    link = seat.journey.get_absolute_url()
    key = f"companion-agreed:{expectation.pk}"
    _post(people, key, link, _about(expectation), "companion_agreed")


def days_proposed(journey: Journey, rows: list[Expectation], *, at: datetime) -> None:
    """Tell all whom organisers ask about other days, one letter to each."""
    people = {row.seat.person_id: row.seat.person for row in rows}
    stops = {row.stop_id: row for row in rows}
    for row in stops.values():
        people |= {person.pk: person for person in speaking_for(row.stop.host)}
    about = {"edition": journey.edition, "journey": journey, "rows": list(stops.values())}
    key = f"days-proposed:{journey.pk}:{at:%Y%m%d%H%M%S}"
    _post(people.values(), key, journey.get_absolute_url(), about, "days_proposed")


def people_of(expectation: Expectation, side: Side) -> list[Person]:
    """List who speaks for a side."""
    if side == Side.TRAVELLER:
        return [expectation.seat.person]
    return speaking_for(expectation.stop.host)


def speaking_for(host: Host) -> list[Person]:
    """List who speaks for a host."""
    speaking = Membership.objects.speaking().filter(affiliate=host.affiliate_id)
    return list(Person.objects.here().filter(pk__in=speaking.values("person")).order_by("pk"))


def _tell(expectation: Expectation, what: str, people: Iterable[Person]) -> None:
    """Write to people of either side."""
    link = expectation.seat.expectation_url(expectation.stop.number)
    key = f"expectation-{what}:{expectation.pk}"
    _post(people, key, link, _about(expectation), f"expectation_{what}")


def _about(expectation: Expectation) -> dict[str, object]:
    """Name what a letter is about."""
    return {
        "expectation": expectation,
        "traveller": expectation.seat.person,
        "host": expectation.stop.host.affiliate,
        "edition": expectation.seat.edition,
    }


def _post(
    people: Iterable[Person], key: str, link: str, about: dict[str, object], template: str
) -> None:
    """Put a letter to each into the box."""
    letters = [mailbox.Letter(one, f"{key}:{one.pk}", link, about) for one in people]
    path = f"grandtour/mail/{template}.txt"
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template=path)
