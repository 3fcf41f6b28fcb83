"""What travellers pass on to later ones, and what their hosts may know of their needs."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grandtour.models import Needs, StopNote
from tests.factories import MembershipFactory, PersonFactory
from tests.grandtour.tours import MAY, NOON, SeatFactory, StopFactory

pytestmark = pytest.mark.django_db
LEFT = datetime.combine(MAY[0] + timedelta(days=4), datetime.min.time(), UTC)


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def note():
    """Give a note of somebody who was with a host, and passes it on."""
    stop = StopFactory(journey__state="returned")
    seat = SeatFactory(journey=stop.journey, state="returned", accepted_at=NOON)
    return StopNote.objects.create(
        stop=stop,
        seat=seat,
        person=seat.person,
        written_at=LEFT,
        good="The key hangs behind the clock.",
        passed_on=True,
    )


def to_come(note, **more):
    """Let somebody be offered a place in a later journey to the same host."""
    stop = StopFactory(journey__state="offered", host__affiliate=note.stop.host.affiliate)
    offered = {"offered_at": NOON, "reply_by": NOON, "state": "offered"}
    return SeatFactory(journey=stop.journey, **offered | more)


def earlier(seat):
    """Read what earlier travellers passed on, as somebody who is to come."""
    stop = seat.journey.stops.get()
    answer = client_of(seat.person).get(reverse("grandtour:earlier_notes", args=[stop.pk]))
    return answer.content.decode()


def test_a_note_that_is_passed_on_is_read_by_those_who_come_later(note):
    seat = to_come(note)
    link = reverse("grandtour:earlier_notes", args=[seat.journey.stops.get().pk])
    with time_machine.travel(LEFT + timedelta(days=15), tick=False):
        page = client_of(seat.person).get(seat.journey.get_absolute_url()).content.decode()
        assert link in page
        assert "The key hangs behind the clock." in earlier(seat)
        assert str(note.person) in earlier(seat)


def test_the_host_reads_it_first(note):
    seat = to_come(note)
    with time_machine.travel(LEFT + timedelta(days=5), tick=False):
        assert "The key hangs" not in earlier(seat)
        speaker = MembershipFactory(affiliate=note.stop.host.affiliate, role="editor").person
        StopNote.objects.create(stop=note.stop, person=speaker, written_at=LEFT, good="Fine.")
        assert "The key hangs" in earlier(seat)
        assert "Fine." not in earlier(seat)


def test_what_is_not_passed_on_stays_between_the_two(note):
    StopNote.objects.update(passed_on=False)
    seat = to_come(note)
    with time_machine.travel(LEFT + timedelta(days=15), tick=False):
        page = client_of(seat.person).get(seat.journey.get_absolute_url()).content.decode()
        assert "From earlier travellers" not in page
        assert "The key hangs" not in earlier(seat)


def test_whoever_is_hidden_passes_it_on_without_a_name(note):
    note.person.visibility = "hidden"
    note.person.save()
    seat = to_come(note)
    with time_machine.travel(LEFT + timedelta(days=15), tick=False):
        page = earlier(seat)
    assert "The key hangs" in page
    assert "Somebody who travelled here" in page
    assert str(note.person) not in page


def test_a_host_passes_nothing_on_and_a_stranger_reads_nothing(note):
    with pytest.raises(IntegrityError, match="passed_on_by_travellers"), transaction.atomic():
        StopNote.objects.create(
            stop=note.stop, person=PersonFactory(), written_at=LEFT, good="x", passed_on=True
        )
    path = reverse("grandtour:earlier_notes", args=[note.stop.pk])
    assert client_of(PersonFactory()).get(path).status_code == 404
    proposed = to_come(note, state="proposed", reply_by=None, offered_at=None)
    path = reverse("grandtour:earlier_notes", args=[proposed.journey.stops.get().pk])
    assert client_of(proposed.person).get(path).status_code == 404


@pytest.fixture
def guest():
    """Give the place of somebody with needs, on a journey that takes place."""
    stop = StopFactory(accepted_at=NOON, accepted_by=PersonFactory())
    seats = [
        SeatFactory(journey=stop.journey, number=number, country=country, state="confirmed")
        for number, country in ((1, "PL"), (2, "DE"))
    ]
    stop.journey.state = "confirmed"
    stop.journey.save(update_fields=["state"])
    Needs.objects.create(
        application=seats[0].application, diet="No nuts", access="A ramp", visa="Passport 7"
    )
    return seats[0]


@time_machine.travel(NOON, tick=False)
def test_hosts_read_what_a_guest_needs_only_while_the_guest_lets_them(guest):
    journey = guest.journey
    affiliate = journey.stops.get().host.affiliate
    host = client_of(MembershipFactory(affiliate=affiliate, role="editor").person)
    fellow = client_of(journey.seats.get(number=2).person)
    path = journey.get_absolute_url()
    show = reverse("grandtour:show_needs", args=[journey.pk])
    own = client_of(guest.person)

    assert "No nuts" in own.get(path).content.decode()
    assert "No nuts" not in host.get(path).content.decode()

    own.post(show, {"show": "yes"})
    page = host.get(path).content.decode()
    assert ("No nuts" in page, "A ramp" in page, "Passport 7" in page) == (True, True, False)
    assert "No nuts" not in fellow.get(path).content.decode()

    own.post(show, {"show": "no"})
    assert "No nuts" not in host.get(path).content.decode()


def test_hosts_read_it_until_their_guests_have_left(guest):
    journey = guest.journey
    stop = journey.stops.get()
    Needs.objects.update(shown_to_hosts_at=NOON)
    host = client_of(MembershipFactory(affiliate=stop.host.affiliate, role="editor").person)
    with time_machine.travel(LEFT, tick=False):
        assert "No nuts" in host.get(journey.get_absolute_url()).content.decode()
    with time_machine.travel(LEFT + timedelta(days=1), tick=False):
        assert "No nuts" not in host.get(journey.get_absolute_url()).content.decode()


def test_nobody_shows_the_needs_of_somebody_else(guest):
    show = reverse("grandtour:show_needs", args=[guest.journey.pk])
    for person in (PersonFactory(), guest.journey.seats.get(number=2).person):
        assert client_of(person).post(show, {"show": "yes"}).status_code == 404
    assert Needs.objects.get().shown_to_hosts_at is None
