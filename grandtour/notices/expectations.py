"""What travellers and hosts hear while they agree on what a stop is for."""

from collections.abc import Iterable

from django.urls import reverse

from grandtour.models import Expectation, Host, Side, organisers_free_of, organisers_of
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
    """Tell organisers that both sides wish for other days, and where the stop is moved.

    Those who may move it; where everybody has a conflict, all: its page says who can help.
    """
    seat, stop = expectation.seat, expectation.stop
    about = {
        "expectation": expectation,
        "traveller": seat.person,
        "host": stop.host.affiliate,
        "edition": seat.edition,
    }
    link = reverse("admin:grandtour_journey_move", args=[seat.journey_id])
    seats, hosts = seat.journey.seats.live(), Host.objects.filter(stops__journey=seat.journey)
    keys = list(seats.values_list("application", flat=True))
    free = organisers_free_of(seat.edition_id, keys, list(hosts.values_list("pk", flat=True)))
    people = list(free.order_by("pk")) or organisers_of(seat.edition_id).order_by("pk")
    letters = [
        mailbox.Letter(person, f"other-days:{expectation.pk}:{person.pk}", link, about)
        for person in people
    ]
    template = "grandtour/mail/other_days.txt"
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template=template)


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
    seat, stop = expectation.seat, expectation.stop
    about = {
        "expectation": expectation,
        "traveller": seat.person,
        "host": stop.host.affiliate,
        "edition": seat.edition,
    }
    letters = [
        mailbox.Letter(
            person,
            f"expectation-{what}:{expectation.pk}:{person.pk}",
            seat.expectation_url(stop.number),
            about,
        )
        for person in people
    ]
    template = f"grandtour/mail/expectation_{what}.txt"
    mailbox.post_all(letters, kind=NoticeKind.TOUR, template=template)
