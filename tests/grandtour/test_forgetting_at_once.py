"""Whoever is forgotten while others decide, pay or move an event: nobody waits in a ring."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from capx import erasure
from grandtour.actions import assignments, decisions, events, expectations, money
from grandtour.models import (
    Application,
    Cost,
    Decision,
    Edition,
    Expectation,
    Seat,
    Side,
    SignUp,
    StopEvent,
)
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.test_leaving import wait_for_a_lock
from tests.grandtour.tours import (
    DAY,
    NOON,
    ClaimFactory,
    LineFactory,
    ReadFactory,
    ReviewerFactory,
    SeatFactory,
    StopFactory,
)
from tests.together import Beside
from volunteers.models import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_february")]


def meets(person, held, act):
    """Hold rows as an action does, let somebody be forgotten who waits for them, then act."""

    def leave():
        try:
            erasure.forget(person, at=NOON, keep_practices=False)
        finally:
            connection.close()

    thread = Beside(leave)
    with transaction.atomic():
        list(held.select_for_update(no_key=True).order_by("pk"))
        thread.start()
        wait_for_a_lock()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
        act()
    thread.end()
    assert Person.objects.get(pk=person.pk).forgotten_at == NOON


def test_an_application_that_is_published():
    application, ruling = ReadFactory(), decisions.Ruling(OrganiserFactory(), NOON, DAY)
    edition = application.edition
    decisions.decide([application.pk], edition, Decision.Outcome.WAITING, ruling)
    decisions.write_letters(edition, ruling)

    def publish():
        assert decisions.publish(edition, ruling)["waiting"] == 1

    meets(application.person, Edition.objects.filter(pk=edition.pk), publish)
    assert Application.objects.get().state == "withdrawn"


@pytest.fixture
def event():
    """Give an event with one seat that is taken, and one who waits."""
    stop = StopFactory(journey__state="offered")
    begins = NOON.replace(month=5, day=2)
    event = StopEvent.objects.create(
        stop=stop,
        title="An evening about archives",
        words="Come.",
        begins_at=begins,
        ends_at=begins + timedelta(hours=2),
        zone="Europe/Stockholm",
        where="The library",
        seats=1,
        announced_by=PersonFactory(),
        announced_at=NOON,
        changed_at=NOON,
    )
    for _who in range(2):
        events.sign_up(event, PersonFactory(), at=NOON)
    return event


def move(event):
    """Move it to another room."""
    event.where = "The hall"
    events.change(event, at=NOON)


def grow(event):
    """Give it a seat more."""
    event.seats = 2
    events.change(event, at=NOON)


def leave(event):
    """Let the one who has a seat give it to the one who waits."""
    events.sign_off(event, event.sign_ups.get(place=1).person)


def end(event):
    """Call it off."""
    events.call_off(event, "The roof leaks.", at=NOON)


@pytest.mark.parametrize("act", [move, grow, leave, end])
def test_an_event_that_is_changed_left_or_called_off(event, act):
    waiting = event.sign_ups.get(place=None).person

    meets(waiting, StopEvent.objects.all(), lambda: act(event))
    assert not SignUp.objects.filter(person=waiting).exists()


def test_a_cost_that_is_approved_and_paid():
    cost, organiser = ClaimFactory(), OrganiserFactory()
    grant = money.Grant(LineFactory(fund__edition=cost.edition), 5_000)

    def settle():
        money.approve(cost, grant, organiser, at=NOON)
        money.pay(cost, organiser, at=NOON)

    meets(cost.seat.person, Edition.objects.filter(pk=cost.edition_id), settle)
    assert Cost.objects.get().state == "paid"


def test_applications_that_are_given_out():
    reviewer, organiser = ReviewerFactory(), OrganiserFactory()
    ReadFactory(edition=reviewer.edition)

    def give_out():
        assert assignments.give_out(reviewer.edition, 1, organiser, at=NOON).given == 1

    meets(reviewer.person, Edition.objects.all(), give_out)
    reviewer.refresh_from_db()
    assert reviewer.state == "stopped"
    assert not reviewer.assignments.filter(ended_at=None).exists()


def test_what_is_expected_of_a_journey():
    stop = StopFactory(journey__state="offered")
    seat = SeatFactory(
        journey=stop.journey, state="accepted", accepted_at=NOON, application__state="placed"
    )
    by = expectations.Speaker(PersonFactory(), Side.HOST)
    words = {"goals": "To scan.", "programme": "Scanning.", "afterwards": "A talk."}

    def propose():
        expectation = Expectation(seat=seat, stop=stop, **words)
        expectations.propose(expectation, by, read=0, at=NOON)

    meets(seat.person, Seat.objects.all(), propose)
    seat.refresh_from_db()
    assert seat.state == "cancelled"
