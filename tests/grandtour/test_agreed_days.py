"""The days that somebody said yes to are those they have: on pages, and in PostgreSQL."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from grandtour.actions import expectations as agreeing
from grandtour.actions import journeys, moving, unready
from grandtour.models import Expectation, Side, Stop
from grandtour.planning.problem import Locks, Pin
from grandtour.plans import standing
from grandtour.reminders import journeys as reminders
from tests.factories import MembershipFactory, OrganiserFactory
from tests.grandtour.test_expectations import CONFIRM
from tests.grandtour.test_journeys import refused, run
from tests.grandtour.test_moving import WORDS, agree, visit, wished
from tests.grandtour.tours import NOON, settle
from tests.together import Beside
from volunteers.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
KNOWN = import_module("grandtour.migrations.0008_letters_know_their_days")
MOVE = "UPDATE grandtour_stop SET arrive = %s, leave = %s WHERE id = %s"
LATER = (date(2026, 5, 3), date(2026, 5, 24))
READ = re.compile(r'name="read" value="([^"]+)"')


def shown(client, stop):
    """Give the mark that the page of a journey carries."""
    return {"read": READ.search(client.get(stop.journey.get_absolute_url()).text)[1]}


def test_a_traveller_says_yes_to_the_days_on_their_page_and_to_no_others(client):
    stop = visit("offered")
    seat = stop.journey.seats.get()
    client.force_login(seat.person)
    yes = reverse("grandtour:accept_seat", args=[stop.journey.pk])
    old = shown(client, stop)
    moving.move(stop.journey, wished(stop, 3, 24), OrganiserFactory(), at=NOON)

    for read in (old, {}):
        answer = client.post(yes, read, follow=True).text
        assert "The days have changed meanwhile" in answer
        assert f"{stop.host.affiliate}: 3–24 May 2026" in answer  # noqa: RUF001 -- a span
        seat.refresh_from_db()
        assert seat.state == "offered"

    client.post(yes, shown(client, stop))
    seat.refresh_from_db()
    assert seat.state == "accepted"


def test_a_host_says_yes_to_the_days_on_its_page_and_to_no_others(client):
    stop = visit("offered")
    Stop.objects.filter(pk=stop.pk).update(accepted_at=None, accepted_by=None)
    client.force_login(MembershipFactory(affiliate=stop.host.affiliate, role="editor").person)
    yes = reverse("grandtour:welcome", args=[stop.pk])
    old = shown(client, stop)
    moving.move(stop.journey, wished(stop, 3, 24), OrganiserFactory(), at=NOON)

    for read in (old, {}):
        answer = client.post(yes, read, follow=True).text
        assert f"{stop.host.affiliate}: 3–24 May 2026" in answer  # noqa: RUF001 -- a span
        stop.refresh_from_db()
        assert stop.accepted_at is None

    client.post(yes, shown(client, stop))
    stop.refresh_from_db()
    assert stop.accepted_at == NOON


def test_postgresql_confirms_nobody_who_agreed_on_days_that_the_stop_has_not():
    stop = visit("agreed")
    seat = stop.journey.seats.get()
    agree(stop, 4, 20)
    refused("seat_confirmed_with_its_expectations", CONFIRM, seat.pk)
    agree(stop, 2, 16)
    run(CONFIRM, seat.pk)


def test_postgresql_confirms_who_agreed_without_a_word_of_days():
    seat = visit("agreed").journey.seats.get()
    settle(seat)
    run(CONFIRM, seat.pk)


@pytest.mark.parametrize("state", ["accepted", "agreed", "confirmed", "travelling"])
def test_postgresql_moves_no_stop_but_to_days_that_everybody_agreed_on(state):
    stop = visit(state)
    refused("stop_moved_as_agreed", MOVE, *LATER, stop.pk)
    agree(stop, 3, 23)
    refused("stop_moved_as_agreed", MOVE, *LATER, stop.pk)
    agree(stop, 3, 24)
    proposed(stop, 5, 20)
    refused("stop_moved_as_agreed", MOVE, *LATER, stop.pk)
    agree(stop, 3, 24)
    run(MOVE, *LATER, stop.pk)


def test_days_to_which_nobody_has_said_yes_move_freely():
    stop = visit("offered")
    run(MOVE, *LATER, stop.pk)


def proposed(stop, arrive, leave):
    """Let the traveller wish for other days, to which the host has said nothing."""
    seat = stop.journey.seats.get()
    days = {"arrive": date(2026, 5, arrive), "leave": date(2026, 5, leave)}
    words = Expectation(seat=seat, stop=stop, **days, **WORDS)
    last = Expectation.objects.filter(seat=seat, stop=stop).count()
    agreeing.propose(words, agreeing.Speaker(seat.person, Side.TRAVELLER), read=last, at=NOON)


def somebody_waits():
    """Say whether somebody waits for what we hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_who_moves_a_stop_while_other_days_are_wished_for_waits_and_is_refused():
    stop = visit()
    agree(stop, 3, 24)
    moves = Beside(partial(run, MOVE, *LATER, stop.pk))
    with transaction.atomic():
        proposed(stop, 5, 20)
        moves.start()
        moves.until(somebody_waits)
    with pytest.raises(DatabaseError, match="stop_moved_as_agreed"):
        moves.end()


@pytest.mark.django_db(transaction=True)
def test_who_confirms_while_other_days_are_wished_for_waits_and_hears_of_it():
    stop = visit("agreed")
    seat = stop.journey.seats.get()
    settle(seat)
    confirms = Beside(partial(journeys.confirm, stop.journey, OrganiserFactory(), at=NOON))
    with transaction.atomic():
        proposed(stop, 5, 20)
        confirms.start()
        confirms.until(somebody_waits)
    with pytest.raises(unready.Unsettled) as missing:
        confirms.end()
    assert missing.value.people == [seat.person]


def test_a_journey_that_was_moved_has_its_letters_for_the_new_days_too():
    stop = visit()
    host = MembershipFactory(affiliate=stop.host.affiliate, role="editor").person
    seat = stop.journey.seats.get()
    reminders.remind(before(date(2026, 5, 2), 14))
    agree(stop, 8, 24)
    moving.move(stop.journey, wished(stop, 8, 24), OrganiserFactory(), at=NOON)
    reminders.remind(before(date(2026, 5, 8), 14))
    reminders.remind(before(date(2026, 5, 8), 13))

    for start, person in (("journey-soon", seat.person), ("guests-soon", host)):
        letters = Notice.objects.filter(key__startswith=f"{start}:", recipient=person)
        subjects = letters.order_by("pk").values_list("subject", flat=True)
        said = ["2 May 2026" in subjects[0], "8 May 2026" in subjects[1], len(subjects)]
        assert said == [True, True, 2], list(subjects)


def test_letters_written_before_their_keys_knew_a_day_are_not_written_again():
    stop = visit()
    MembershipFactory(affiliate=stop.host.affiliate, role="editor")
    reminders.remind(before(stop.arrive, 14))
    letters = Notice.objects.filter(key__contains="-soon:")
    keys = set(letters.values_list("key", flat=True))
    for letter in letters:
        letter.key = letter.key.rpartition(":")[0]
        letter.save(update_fields=["key"])
    with connection.cursor() as cursor:
        for statement in (KNOWN.TRAVELLERS, KNOWN.HOSTS) * 2:
            cursor.execute(statement)

    assert len(keys) == 2
    assert set(letters.values_list("key", flat=True)) == keys


def before(first, days):
    """Give the noon so many days before a day."""
    return datetime.combine(first - timedelta(days=days), time(12), UTC)


def test_a_host_who_said_no_has_said_no_to_these_travellers_on_other_days_too():
    stop = visit("offered")
    host = MembershipFactory(affiliate=stop.host.affiliate, role="editor").person
    given = journeys.Given("host", "The archive is flooded.", host)
    journeys.host_refuses(stop, given, at=NOON)
    moved = moving.move(stop.journey, wished(stop, 3, 24), OrganiserFactory(), at=NOON)

    stop.refresh_from_db()
    assert (stop.arrive, stop.leave) == LATER
    assert moved.again == []
    assert (stop.refused_at, stop.refused_words) == (NOON, "The archive is flooded.")
    pin = Pin(f"a{stop.journey.seats.get().application_id}", f"h{stop.host_id}")
    assert standing.refused(stop.journey.edition, Locks()) == [pin]
    letter = Notice.objects.get(key__startswith="host-moved", recipient=host).body
    assert "You can still say yes" in letter
    assert "Please look whether" not in letter


def test_days_are_wished_for_until_the_stop_has_them(client):
    stop = visit()
    seat = stop.journey.seats.get()
    client.force_login(seat.person)
    wish = "Days you would both rather have"
    agree(stop, 3, 24)
    assert wish in client.get(seat.expectation_url(1)).text
    moving.move(stop.journey, wished(stop, 3, 24), OrganiserFactory(), at=NOON)
    assert wish not in client.get(seat.expectation_url(1)).text
