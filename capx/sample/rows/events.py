"""Writes events at stops to which neighbours come, and who has signed up."""

from datetime import datetime, time, timedelta

from capx.sample.rows.notices import post
from grandtour.actions import events as actions
from grandtour.models import Stop, StopEvent
from grandtour.reminders import events as reminders
from volunteers.models import Membership, Person

EVENTS = [
    (
        "Open evening: bring an old newspaper",
        (
            "We scan, our guests explain how they do it at home, and there is soup. Bring a "
            "newspaper older than you, or only yourself."
        ),
        "Town library, second floor; there is a lift",
        "",
    ),
    (
        "How they do it elsewhere",
        (
            "Three people from three countries tell in ten minutes each what went wrong with "
            "them. Then everybody does."
        ),
        "Our room behind the bicycle shop; two steps at the door",
        "https://meet.example.org/elsewhere",
    ),
    (
        "A walk with pictures",
        (
            "From the station along the river: whoever knows a house tells its story, our "
            "guests photograph. Two hours, slowly."
        ),
        "In front of the main station, below the clock",
        "",
    ),
]
SEATS = [24, 4, 12]
COME = 6
HOUR = timedelta(hours=1)


def write(at: datetime) -> None:
    """Let the hosts of journeys that are on their way invite their neighbours."""
    stops = Stop.objects.filter(
        journey__state__in=["confirmed", "travelling"], leave__gt=at.date() + timedelta(days=2)
    ).select_related("host__affiliate", "host__place", "journey")
    for number, stop in enumerate(stops.order_by("arrive", "pk")[: 2 * len(EVENTS)]):
        announced(stop, number, at)
    post(at, lambda: reminders.remind(at), at)


def announced(stop: Stop, number: int, at: datetime) -> None:
    """Announce one, and let people sign up; the smallest is full."""
    rows = Membership.objects.speaking().filter(affiliate=stop.host.affiliate_id)
    speaker = rows.select_related("person").order_by("pk").first()
    if speaker is None:
        return
    title, words, where, online = EVENTS[number % len(EVENTS)]
    day = max(stop.arrive, at.date()) + timedelta(days=1)
    begins = datetime.combine(day, time(18), speaker.person.zone)
    event = StopEvent(
        stop=stop,
        title=title,
        words=words,
        where=where,
        online=online,
        begins_at=begins,
        ends_at=begins + 2 * HOUR,
        zone=speaker.person.time_zone,
        seats=SEATS[number % len(SEATS)],
        languages=stop.host.languages,
    )
    actions.announce(event, speaker.person, at=at - timedelta(days=6))
    neighbours = Person.objects.shown_to_members().filter(is_staff=False)
    here = neighbours.exclude(memberships__affiliate=stop.host.affiliate_id).order_by("pk")
    for nth, person in enumerate(here[number * COME : (number + 1) * COME]):
        actions.sign_up(event, person, at=at - timedelta(days=5) + nth * HOUR)
