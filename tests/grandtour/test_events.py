"""Events at a stop: announced by hosts, signed up for by neighbours, moved and called off."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from capx.states import IllegalMove
from grandtour.actions import events as actions
from grandtour.actions import journeys
from grandtour.forms.events import EventForm
from grandtour.models import SignUp, StopEvent
from grandtour.reminders import events as reminders
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.tours import NOON, SeatFactory, StopFactory
from tests.together import together
from volunteers.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
BEGINS = datetime(2026, 5, 2, 16, tzinfo=UTC)
AT_ONCE = 12
TYPED = {
    "title": "Scanning for beginners",
    "words": "Bring a newspaper.",
    "day": "2026-05-03",
    "begins": "18:00",
    "ends": "20:30",
    "zone": "Europe/Stockholm",
    "where": "Library, second floor",
    "online": "",
    "languages": "English, Swedish",
    "seats": "3",
    "open_to": "everybody",
}


@pytest.fixture
def at_noon():
    """Let it be noon, in February."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def stop():
    """Give the stop of a journey that takes place."""
    made = StopFactory(
        journey__edition__state="decided", accepted_at=NOON, accepted_by=PersonFactory()
    )
    for number, country in ((1, "PL"), (2, "DE")):
        SeatFactory(journey=made.journey, number=number, country=country, state="confirmed")
    made.journey.state = "confirmed"
    made.journey.save(update_fields=["state"])
    return made


@pytest.fixture
def host(stop):
    """Give somebody who speaks for the host."""
    return MembershipFactory(affiliate=stop.host.affiliate, role="editor").person


@pytest.fixture
def event(stop, host):
    """Give an event of two seats, two hours in the afternoon."""
    return announced(stop, host)


def announced(stop, host, **more):
    """Announce an event."""
    about = {"title": "Open evening", "words": "Come.", "where": "Library", "seats": 2}
    times = {"begins_at": BEGINS, "ends_at": BEGINS + timedelta(hours=2), "zone": "UTC"}
    row = StopEvent(stop=stop, languages=["en"], **about | times | more)
    actions.announce(row, host, at=NOON)
    return row


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def page_of(event, person=None):
    """Read the page of an event as somebody, or as nobody."""
    client = client_of(person) if person else Client()
    return client.get(event.get_absolute_url()).content.decode()


def letters(what):
    """List whom a kind of letter about events went to."""
    rows = Notice.objects.filter(key__startswith=f"event-{what}:").order_by("pk")
    return [row.recipient for row in rows]


def places(event):
    """List the seats that are taken, and how many wait."""
    rows = event.sign_ups.order_by("signed_up_at", "pk")
    return list(rows.values_list("place", flat=True))


def refused(name, act):
    """Assert that PostgreSQL refuses this by the rule of this name."""
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        act()


def test_a_host_announces_an_event_on_the_clock_of_the_place(stop, host):
    path = reverse("grandtour:announce_event", args=[stop.pk])
    made = client_of(host).post(path, TYPED)

    row = StopEvent.objects.get()
    assert made.url == row.get_absolute_url()
    assert row.begins_at == datetime(2026, 5, 3, 16, tzinfo=UTC)
    assert row.languages == ["en", "sv"]
    assert "18:00" in page_of(row)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "2026-05-20"}, "Choose a day on which your guests are there."),
        ({"ends": "17:00"}, "It ends after it begins."),
        ({"where": ""}, "Say where it is, or give an address online."),
        ({"zone": "Moon/Crater"}, "Moon/Crater"),
        ({"seats": "0"}, "An event has 1 to 500 seats."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(stop, host, typed, said):
    path = reverse("grandtour:announce_event", args=[stop.pk])
    page = client_of(host).post(path, TYPED | typed).content.decode()

    assert said in page
    assert "Bring a newspaper." in page
    assert not StopEvent.objects.exists()


def test_only_those_who_speak_for_the_host_announce_and_change(stop, event):
    announce = reverse("grandtour:announce_event", args=[stop.pk])
    edit = reverse("grandtour:edit_event", args=[event.pk])
    call_off = reverse("grandtour:call_off_event", args=[event.pk])
    member = MembershipFactory(affiliate=stop.host.affiliate, role="member").person
    for person in (PersonFactory(), member, stop.journey.seats.first().person):
        client = client_of(person)
        answers = [
            client.get(announce),
            client.get(edit),
            client.post(call_off, {"because": "x"}),
        ]
        assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_a_journey_that_does_not_take_place_invites_nobody(host):
    stop = StopFactory(
        journey__state="offered", host__affiliate=host.memberships.get().affiliate
    )
    path = reverse("grandtour:announce_event", args=[stop.pk])
    assert client_of(host).get(path).status_code == 404
    with pytest.raises(IllegalMove):
        announced(stop, host)


def test_postgresql_keeps_an_event_within_its_stop_and_its_seats(event):
    person = PersonFactory()
    seat = {"event": event, "person": person, "signed_up_at": NOON}
    late = BEGINS + timedelta(days=30)
    moved = {"begins_at": late, "ends_at": late + timedelta(hours=1)}
    rows = StopEvent.objects.filter(pk=event.pk)

    refused("stop_event_during_its_stop", lambda: rows.update(**moved))
    refused("sign_up_within_the_seats", lambda: SignUp.objects.create(place=3, **seat))
    SignUp.objects.create(place=2, **seat)
    refused("stop_event_keeps_seats_that_are_taken", lambda: rows.update(seats=1))
    seat["person"] = PersonFactory()
    refused("sign_up_one_per_seat", lambda: SignUp.objects.create(place=2, **seat))


def test_a_third_waits_and_gets_the_seat_that_is_given_back(event):
    first, second, third, fourth = PersonFactory.create_batch(4)
    for minute, person in enumerate((first, second, third, fourth)):
        actions.sign_up(event, person, at=NOON + timedelta(minutes=minute))
    assert places(event) == [1, 2, None, None]

    assert actions.sign_off(event, first)
    assert not actions.sign_off(event, first)

    assert places(event) == [2, 1, None]
    assert letters("seated") == [third]


def test_more_seats_go_to_those_who_wait(event):
    for person in PersonFactory.create_batch(3):
        actions.sign_up(event, person, at=NOON)
    event.seats = 3
    actions.change(event, at=NOON)

    assert places(event) == [1, 2, 3]
    assert len(letters("seated")) == 1
    assert letters("moved") == []


@pytest.mark.django_db(transaction=True)
def test_twelve_at_once_get_two_seats(event):
    people = PersonFactory.create_batch(AT_ONCE)

    given = together(*(lambda p=p: actions.sign_up(event, p, at=NOON).place for p in people))

    assert sorted(place for place in given if place) == [1, 2]
    assert event.sign_ups.waiting().count() == AT_ONCE - 2


def test_signing_up_twice_is_the_same_as_once(event):
    client = client_of(PersonFactory())
    for _time in range(2):
        client.post(reverse("grandtour:sign_up", args=[event.pk]))
    assert places(event) == [1]


def test_who_signs_up_to_many_in_a_day_goes_on_tomorrow(stop, host, event, monkeypatch):
    monkeypatch.setattr(actions, "SIGN_UPS_A_DAY", 2)
    person, others = PersonFactory(), [announced(stop, host) for _more in range(2)]
    actions.sign_up(event, person, at=NOON)
    actions.sign_up(others[0], person, at=NOON)

    actions.sign_up(event, person, at=NOON)  # twice is the same as once
    with pytest.raises(actions.TooManyToday):
        actions.sign_up(others[1], person, at=NOON)
    page = client_of(person).post(
        reverse("grandtour:sign_up", args=[others[1].pk]), follow=True
    )

    assert "Please go on tomorrow." in page.content.decode()
    assert SignUp.objects.filter(person=person).count() == 2
    assert actions.sign_up(others[1], person, at=NOON + timedelta(days=1)).place == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_sign_ups_at_once_no_more_go_through_than_a_day_has(
    stop, host, event, monkeypatch
):
    monkeypatch.setattr(actions, "SIGN_UPS_A_DAY", 2)
    person = PersonFactory()
    events = [event, *(announced(stop, host) for _more in range(3))]

    acts = (partial(actions.sign_up, one, person, at=NOON) for one in events)
    came = together(*acts, refused=actions.TooManyToday)

    assert came.count("TooManyToday") == 2


def test_an_evening_for_members_is_for_members(stop, host):
    event = announced(stop, host, open_to="members")
    member = MembershipFactory(affiliate=stop.host.affiliate).person
    path = reverse("grandtour:sign_up", args=[event.pk])

    client_of(PersonFactory()).post(path)
    assert places(event) == []
    client_of(member).post(path)
    assert places(event) == [1]


def test_the_host_sees_names_until_the_day_after_and_nobody_else_does(event, host):
    guest = PersonFactory(name="Zenobia Quill")
    actions.sign_up(event, guest, at=NOON)

    assert "Zenobia Quill" in page_of(event, host)
    for person in (None, PersonFactory(), event.stop.journey.seats.first().person):
        assert "Zenobia Quill" not in page_of(event, person)
    with time_machine.travel(event.ends_at + timedelta(hours=23), tick=False):
        assert "Zenobia Quill" in page_of(event, host)
    with time_machine.travel(event.ends_at + timedelta(hours=25), tick=False):
        assert "Zenobia Quill" not in page_of(event, host)


def test_whoever_is_hidden_has_no_name_there(event, host):
    guest = PersonFactory(name="Zenobia Quill", visibility="hidden")
    actions.sign_up(event, guest, at=NOON)
    page = page_of(event, host)

    assert "Zenobia Quill" not in page
    assert "Somebody who shows no name" in page
    assert "You have a seat." in page_of(event, guest)


def test_others_see_that_there_are_seats_and_never_how_many(event):
    before = page_of(event).split("<main")[1]
    actions.sign_up(event, PersonFactory(), at=NOON)
    assert page_of(event).split("<main")[1] == before
    actions.sign_up(event, PersonFactory(), at=NOON)
    assert "All seats are taken." in page_of(event)


def test_only_who_has_a_seat_sees_where_it_is_online(stop, host):
    event = announced(stop, host, seats=1, online="https://meet.example/secret")
    guest, waiting = PersonFactory.create_batch(2)
    for person in (guest, waiting):
        actions.sign_up(event, person, at=NOON)

    assert "meet.example" in page_of(event, guest)
    for person in (None, waiting, PersonFactory()):
        assert "meet.example" not in page_of(event, person)


def test_whoever_signed_up_hears_when_it_moves_and_when_it_is_called_off(event, host):
    guests = PersonFactory.create_batch(3)
    for person in guests:
        actions.sign_up(event, person, at=NOON)
    event.words = "Come, do."
    actions.change(event, at=NOON)
    assert letters("moved") == []

    event.where = "Town hall"
    actions.change(event, at=NOON)
    assert letters("moved") == guests
    assert "Town hall" in Notice.objects.filter(key__startswith="event-moved").first().body

    path = reverse("grandtour:call_off_event", args=[event.pk])
    client_of(host).post(path, {"because": "The roof leaks."})
    assert letters("called_off") == guests
    assert "The roof leaks." in page_of(event)
    with pytest.raises(IllegalMove):
        actions.sign_up(event, PersonFactory(), at=NOON)


def test_a_journey_that_is_called_off_takes_its_events_along(event):
    guest = PersonFactory()
    actions.sign_up(event, guest, at=NOON)
    given = journeys.Given("organisers", "Ana got no visa.", OrganiserFactory())
    journeys.call_off(event.stop.journey, given, at=NOON)

    event.refresh_from_db()
    assert event.state == "called_off"
    assert event.because == "The journey that it belongs to does not take place."
    assert letters("called_off") == [guest]
    said = Notice.objects.filter(recipient=guest).latest("pk").body
    assert event.because in said
    assert "visa" not in said


def test_those_with_a_seat_are_reminded_once_on_the_day_before(event):
    guest, other, waiting = PersonFactory.create_batch(3)
    for person in (guest, other, waiting):
        actions.sign_up(event, person, at=NOON)
    for hours in (49, 41, 40, 17, 16, 15, 1):
        reminders.remind(BEGINS - timedelta(hours=hours))
        expected = [] if hours > 40 else [guest, other]
        assert letters("tomorrow") == expected, hours


def test_seats_that_are_taken_meanwhile_are_said_beside_the_field(event, host, monkeypatch):
    path = reverse("grandtour:edit_event", args=[event.pk])
    for _who in range(2):
        actions.sign_up(event, PersonFactory(), at=NOON)
    # They come between the look of the form and the change.
    monkeypatch.setattr(EventForm, "clean_seats", lambda form: form.cleaned_data["seats"])

    page = client_of(host).post(path, TYPED | {"day": "2026-05-02", "seats": "1"})

    assert page.status_code == 200
    assert "More people have signed up already." in page.content.decode()
    event.refresh_from_db()
    assert event.seats == 2


def test_guests_who_come_on_other_days_meanwhile_are_no_error(event, host):
    moved = StopEvent.objects.select_related("stop").get(pk=event.pk)
    moved.begins_at += timedelta(days=9)
    moved.ends_at += timedelta(days=9)

    with pytest.raises(IllegalMove):
        actions.change(moved, at=NOON)


def test_what_is_over_is_called_off_no_more(event, host):
    actions.sign_up(event, PersonFactory(), at=NOON)
    path = reverse("grandtour:call_off_event", args=[event.pk])

    with time_machine.travel(BEGINS + timedelta(hours=2), tick=False):
        client_of(host).post(path, {"because": "Nobody came."})

    event.refresh_from_db()
    assert event.state == "announced"
    assert not letters("called_off")


def test_letters_of_what_is_online_say_where(stop, host):
    there = {"where": "", "online": "https://meet.example/1", "seats": 1}
    event = announced(stop, host, **there)
    seated, waiting = PersonFactory(), PersonFactory()
    for person in (seated, waiting):
        actions.sign_up(event, person, at=NOON)

    event.online = "https://meet.example/2"
    actions.change(event, at=NOON)
    rows = {one.recipient: one.body for one in Notice.objects.filter(key__contains="-moved:")}
    assert "https://meet.example/2" in rows[seated]
    assert "meet.example" not in rows[waiting]
    assert "whoever has a seat sees the address" in rows[waiting]

    actions.sign_off(event, seated)
    body = Notice.objects.get(key__startswith="event-seated:").body
    assert "https://meet.example/2" in body


def test_where_members_meet_only_they_read_and_nobody_once_it_is_called_off(stop, host):
    event = announced(stop, host, where="Kungsgatan 5", open_to="members")
    member = MembershipFactory(affiliate=stop.host.affiliate).person
    calendar = reverse("grandtour:event_dates", args=[event.pk])

    assert "Kungsgatan" in page_of(event, member)
    assert "Kungsgatan" in client_of(member).get(calendar).content.decode()

    actions.call_off(event, "The roof leaks.", at=NOON)
    assert "Kungsgatan" not in page_of(event, member)
    assert "Kungsgatan" in page_of(event, host)


@pytest.mark.usefixtures("at_noon")
def test_of_an_evening_for_members_strangers_hear_nothing(stop, host):
    event = announced(stop, host, open_to="members")
    calendar = reverse("grandtour:event_dates", args=[event.pk])
    edition = stop.journey.edition.get_absolute_url()
    stranger, anybody = client_of(PersonFactory()), Client()

    assert [stranger.get(one).status_code for one in (event.get_absolute_url(), calendar)] == [
        404,
        404,
    ]
    assert anybody.get(calendar).status_code == 404
    # A member who is not signed in yet comes back here.
    assert event.get_absolute_url() in anybody.get(event.get_absolute_url()).url
    assert event.title not in anybody.get(edition).text + stranger.get(edition).text
    member = MembershipFactory(affiliate=stop.host.affiliate).person
    traveller = stop.journey.seats.first().person
    for person in (member, traveller, host):
        assert event.title in page_of(event, person)
        assert client_of(person).get(calendar).status_code == 200
    assert event.title in client_of(member).get(edition).text


def test_the_street_of_an_evening_for_everybody_is_for_who_is_signed_in(stop, host):
    event = announced(stop, host, where="Kungsgatan 5")
    calendar = reverse("grandtour:event_dates", args=[event.pk])

    for said in (page_of(event), Client().get(calendar).text.replace("\r\n ", "")):
        assert ("Kungsgatan" in said, event.title in said) == (False, True)
        assert stop.host.place.name in said
    person = PersonFactory()
    assert "Kungsgatan" in page_of(event, person)
    assert "Kungsgatan" in client_of(person).get(calendar).text


def test_a_month_later_nobody_knows_who_came(event):
    actions.sign_up(event, PersonFactory(), at=NOON)
    actions.purge(event.ends_at + timedelta(days=30))
    assert SignUp.objects.exists()
    actions.purge(event.ends_at + timedelta(days=30, hours=1))
    assert not SignUp.objects.exists()


def test_a_calendar_keeps_an_event_apart_when_it_moves(event):
    path = reverse("grandtour:event_dates", args=[event.pk])
    first = Client().get(path).content.decode()
    event.begins_at += timedelta(hours=1)
    event.ends_at += timedelta(hours=1)
    actions.change(event, at=NOON)
    second = Client().get(path).content.decode()

    uid = next(line for line in first.splitlines() if line.startswith("UID:"))
    assert uid in second
    assert ("SEQUENCE:0" in first, "SEQUENCE:1" in second) == (True, True)
    assert "DTSTART:20260502T160000Z" in first
    assert "DTSTART:20260502T170000Z" in second


def test_it_stands_on_the_pages_of_edition_journey_and_affiliate(event):
    stop, traveller = event.stop, event.stop.journey.seats.first().person
    edition, affiliate = stop.journey.edition, stop.host.affiliate
    link = f'href="{event.get_absolute_url()}"'
    assert link in Client().get(edition.get_absolute_url()).content.decode()
    assert link in Client().get(affiliate.get_absolute_url()).content.decode()
    page = client_of(traveller).get(stop.journey.get_absolute_url()).content.decode()
    assert link in page
    with time_machine.travel(event.ends_at, tick=False):
        assert link not in Client().get(edition.get_absolute_url()).content.decode()


def test_three_events_cost_a_page_what_one_does(event, host, django_assert_max_num_queries):
    path = event.stop.journey.edition.get_absolute_url()
    client = Client()
    client.get(path)
    with django_assert_max_num_queries(20) as one:
        client.get(path)
    for title in ("Second", "Third"):
        announced(event.stop, host, title=title)
    with django_assert_max_num_queries(len(one)):
        assert "Third" in client.get(path).content.decode()


def test_a_day_of_the_place_decides(stop, host):
    late = datetime(2026, 5, 5, 22, tzinfo=UTC)
    about = {"ends_at": late + timedelta(hours=1), "begins_at": late}
    announced(stop, host, zone="UTC", **about)
    with pytest.raises(DatabaseError, match="stop_event_during_its_stop"), transaction.atomic():
        announced(stop, host, zone="Europe/Kyiv", **about)
    assert stop.leave == date(2026, 5, 5)
