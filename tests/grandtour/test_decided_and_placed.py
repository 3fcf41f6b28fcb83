"""A decision and a place that are made for the same person: one of them waits for the other."""

import pytest
import time_machine
from django.urls import reverse

from grandtour.actions import decisions, journeys
from grandtour.models import Application, Decision
from tests.factories import OrganiserFactory
from tests.grandtour.test_leaving import NEXT_WEEK
from tests.grandtour.tours import DAY, NOON, ReadFactory, SeatFactory, StopFactory
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
NO = Decision.Outcome.DECLINED


@pytest.fixture(autouse=True)
def _in_february():
    """Let every test happen while applications are decided about."""
    with time_machine.travel(NOON, tick=False):
        yield


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
