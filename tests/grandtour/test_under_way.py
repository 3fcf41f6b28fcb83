"""What days do to journeys: nobody travels what has no travellers, or was never confirmed."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from capx.states import IllegalMove
from capx.zones import last_moment
from grandtour.actions import afterwards, applications, journeys, looking_back, under_way
from grandtour.models import Application, Journey, LookBack, StopNote
from grandtour.reminders import journeys as reminders
from tests.factories import OrganiserFactory
from tests.grandtour.test_journey_pages import desk, read
from tests.grandtour.test_leaving import A_DAY, agreed, confirmed, offered, speaker, told
from tests.grandtour.tours import NOON
from volunteers.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]


@pytest.fixture
def journey():
    return offered()


def all_leave(journey, at=NOON, but=0):
    """Let travellers take their applications back; the first stay where some are to."""
    for seat in journey.seats.live().order_by("pk")[but:]:
        applications.withdraw(Application.objects.get(pk=seat.application_id), at=at)


def test_a_journey_that_nobody_travels_ends_on_its_first_day(journey):
    host = speaker(confirmed(journey).stops.get(number=1))
    all_leave(journey)
    first = journey.period.lower

    assert under_way.move_with_the_days(first - A_DAY, at=NOON) == 0
    assert under_way.move_with_the_days(first, at=NOON) == 1
    assert under_way.move_with_the_days(first + timedelta(days=60), at=NOON) == 0

    journey.refresh_from_db()
    assert (journey.state, journey.ended_for) == ("cancelled", "nobody")
    assert told("host-called_off", host) == 1
    assert "Nobody is left to travel" in Notice.objects.filter(recipient=host).last().body
    reminders.notes(journey.last_day + A_DAY)
    assert not Notice.objects.filter(key__startswith="stop-note").exists()
    assert not StopNote.objects.exists()


def test_a_host_hears_on_the_first_morning_that_nobody_comes_and_is_asked_nothing(
    client, journey
):
    stop = confirmed(journey).stops.get(number=1)
    host = speaker(stop)
    first = journey.period.lower
    at = NOON + (first - NOON.date())
    under_way.move_with_the_days(first, at=at)

    given = journeys.Given("force_majeure", "The trains do not run.", OrganiserFactory())
    journeys.call_off(journey, given, at=at)
    reminders.notes(stop.leave + A_DAY)

    assert told("host-called_off", host) == 1
    assert told("stop-note-host", host) == 0
    with time_machine.travel(at + (stop.leave + A_DAY - first), tick=False):
        client.force_login(host)
        assert client.get(reverse("grandtour:write_note", args=[stop.pk])).status_code == 404
        with pytest.raises(IllegalMove):
            afterwards.write_note(StopNote(stop=stop, good="Quiet."), host, at=timezone.now())


def test_a_journey_ends_when_the_last_has_left_on_the_way(journey):
    last_stop = confirmed(journey).stops.order_by("number").last()
    hosts = speaker(journey.stops.get(number=1)), speaker(last_stop)
    under_way.move_with_the_days(journey.period.lower, at=NOON)
    at = NOON + (last_stop.arrive - A_DAY - NOON.date())
    all_leave(journey, at)

    assert under_way.move_with_the_days(at.date(), at=at) == 1

    journey.refresh_from_db()
    assert (journey.state, journey.ended_for) == ("cancelled", "nobody")
    assert [told("host-called_off", person) for person in hosts] == [0, 1]

    for stop in journey.stops.order_by("number"):
        reminders.notes(stop.leave + A_DAY)
    assert [told("stop-note-host", person) for person in hosts] == [1, 0]
    assert told("stop-note") == 0
    later = journey.last_day + looking_back.HALF_A_YEAR
    looking_back.ask(later, at=at + (later - at.date()))
    asked = LookBack.objects.values_list("person", flat=True)
    assert [person.pk in asked for person in hosts] == [True, False]


def test_organisers_hear_and_read_that_too_few_are_left(client, journey):
    organiser = OrganiserFactory()
    client.force_login(organiser)
    confirmed(journey)
    words = "Confirmed by now: 1. The smallest group of this edition: 2."
    title = f"Too few are left: {journey} of {journey.edition}"
    assert words not in read(client, desk("journey_show", journey))

    all_leave(journey, but=1)

    heard = Notice.objects.filter(recipient=organiser, key__startswith="place-freed")
    assert [words in one.body for one in heard.order_by("pk")] == [False, False, True]
    assert words in read(client, desk("journey_show", journey))
    assert title in read(client, "/admin/")
    travels = journey.seats.live().first().person
    travels.is_superuser = travels.is_staff = True
    travels.save()
    client.force_login(travels)
    assert title not in read(client, "/admin/")


def test_the_desk_says_which_journeys_can_be_confirmed(client, journey):
    client.force_login(OrganiserFactory())
    words = f"Enough have said yes: {journey} of {journey.edition}"
    assert words not in read(client, "/admin/")

    agreed(journey)
    assert words in read(client, "/admin/")

    journeys.confirm(journey, OrganiserFactory(), at=NOON)
    assert words not in read(client, "/admin/")


def test_what_was_not_confirmed_ends_once_its_first_day_is_over_everywhere(journey):
    host = speaker(agreed(journey).stops.get(number=1))
    first = journey.period.lower
    seat = journey.seats.live().first()

    last = last_moment(first)
    assert under_way.move_with_the_days(last.date(), at=last) == 0
    assert under_way.move_with_the_days(last.date(), at=last + timedelta(seconds=1)) == 1

    journey.refresh_from_db()
    assert (journey.state, journey.ended_for) == ("cancelled", "unconfirmed")
    assert told("host-called_off", host) == 1
    assert told("seat-cancelled", seat.person) == 1
    words = Notice.objects.filter(recipient=seat.person).last().body
    assert "Not confirmed before its first day" in words
    assert Application.objects.get(pk=seat.application_id).state == "waiting"
    assert not Journey.objects.live().exists()
