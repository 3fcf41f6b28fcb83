"""A decision and a place that are made for the same person: one of them waits for the other."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from grandtour.actions import decisions, journeys
from grandtour.models import Application, Decision, Seat
from grandtour.plans import accepting
from tests.factories import OrganiserFactory
from tests.grandtour.test_leaving import NEXT_WEEK, wait_for_a_lock
from tests.grandtour.tours import DAY, NOON, ReadFactory, SeatFactory, StopFactory
from tests.together import Beside
from volunteers.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
NO = Decision.Outcome.DECLINED


@pytest.fixture
def application():
    """Give an application on the short list, of an edition that is decided about."""
    return ReadFactory(state="shortlisted")


@pytest.fixture
def ruling():
    """Let an organiser decide today."""
    return decisions.Ruling(OrganiserFactory(), NOON, DAY)


def placed(application):
    """Propose a place in a journey to whoever it is."""
    stop = StopFactory(journey__edition=application.edition)
    return SeatFactory(journey=stop.journey, application=application)


def test_nobody_is_declined_for_whom_a_place_is_proposed(application, ruling):
    placed(application)
    other = ReadFactory(state="waiting", edition=application.edition)
    keys = [application.pk, other.pk]

    assert decisions.decide(keys, application.edition, NO, ruling) == 1
    assert Decision.objects.get().application == other


def test_a_place_that_was_proposed_meanwhile_keeps_a_no_from_being_published(
    client, application, ruling
):
    edition = application.edition
    decisions.decide([application.pk], edition, NO, ruling)
    decisions.write_letters(edition, ruling)
    seat = placed(application)

    client.force_login(ruling.by)
    letters = reverse("admin:grandtour_edition_letters", args=[edition.pk])
    page = client.post(letters, {"do": "publish"}, follow=True).content.decode()

    assert "1 decision waits: a journey has a place for this person." in page
    assert not Notice.objects.filter(recipient=application.person).exists()
    assert journeys.offer(seat.journey, ruling.by, reply_by=NEXT_WEEK, at=NOON) == 1
    assert Application.objects.get().state == "placed"


def test_once_the_place_is_taken_out_the_no_goes(application, ruling):
    edition = application.edition
    decisions.decide([application.pk], edition, NO, ruling)
    decisions.write_letters(edition, ruling)
    seat = placed(application)
    assert decisions.publish(edition, ruling)[NO] == 0

    journeys.cancel(seat, journeys.Given("organisers", by=ruling.by), at=NOON)

    assert decisions.publish(edition, ruling)[NO] == 1
    assert Application.objects.get().state == "declined"


@pytest.mark.django_db(transaction=True)
def test_a_no_and_a_place_at_the_same_moment_end_in_a_no(application, ruling):
    stop = StopFactory(journey__edition=application.edition)
    decisions.decide([application.pk], application.edition, NO, ruling)
    decisions.write_letters(application.edition, ruling)
    refused = []

    def place():
        try:
            accepting.propose(stop.journey, application, ())
        except IntegrityError as refusal:
            refused.append("seat_of_who_still_wishes_to_travel" in str(refusal))
        finally:
            connection.close()

    thread = Beside(place)
    with transaction.atomic():
        assert decisions.publish(application.edition, ruling)[NO] == 1
        thread.start()
        wait_for_a_lock()
    thread.end()

    assert refused == [True]
    application.refresh_from_db()
    assert application.state == "declined"
    assert not Seat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_place_and_a_no_at_the_same_moment_end_in_a_place(application, ruling):
    stop = StopFactory(journey__edition=application.edition)
    decisions.decide([application.pk], application.edition, NO, ruling)
    decisions.write_letters(application.edition, ruling)
    published = []

    def publish():
        try:
            published.append(decisions.publish(application.edition, ruling)[NO])
        finally:
            connection.close()

    thread = Beside(publish)
    with transaction.atomic():
        accepting.propose(stop.journey, application, ())
        thread.start()
        wait_for_a_lock()
    thread.end()

    assert published == [0]
    application.refresh_from_db()
    assert application.state == "shortlisted"


@pytest.mark.parametrize("state", ["draft", "declined", "withdrawn"])
def test_nobody_is_placed_who_does_not_wish_to_travel_or_heard_a_no(application, state):
    ended = NOON if state != "draft" else None
    Application.objects.update(state=state, ended_at=ended)

    with pytest.raises(IntegrityError, match="seat_of_who_still_wishes_to_travel"):
        placed(application)
