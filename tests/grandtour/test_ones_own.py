"""Who wishes to travel plans nothing, reads no points, and shows needs to no later host."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grandtour.actions import journeys
from grandtour.models import Application, Journey, Needs
from grandtour.plans import accepting
from tests.factories import OrganiserFactory
from tests.grandtour.rounds import planned, round_of
from tests.grandtour.tours import NOON, ApplicationFactory, EditionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]


@pytest.fixture
def journey():
    """Give a journey whose places are offered."""
    plan = planned(round_of())
    accepting.accept(plan, plan.asked_by, at=NOON)
    made = Journey.objects.get()
    journeys.offer(made, plan.asked_by, reply_by=NOON + timedelta(days=7), at=NOON)
    return made


def desk(journey):
    """List pages of the desk about an edition's plans and journeys."""
    plan, seat = journey.plan, journey.seats.order_by("pk").first()
    return [
        reverse("admin:grandtour_plan_of", args=[journey.edition_id]),
        reverse("admin:grandtour_plan_show", args=[plan.pk]),
        reverse("admin:grandtour_journey_show", args=[journey.pk]),
        reverse("admin:grandtour_journey_offer", args=[journey.pk]),
        reverse("admin:grandtour_seat_cancel", args=[seat.pk]),
    ]


@pytest.mark.parametrize(
    ("state", "answer"),
    [("shortlisted", 403), ("waiting", 403), ("draft", 200)],
)
def test_an_organiser_who_wishes_to_travel_plans_nothing(client, journey, state, answer):
    organiser = OrganiserFactory()
    mine = ApplicationFactory(edition=journey.edition, person=organiser)
    sent = {"submitted_at": NOON, "consented_at": NOON}
    Application.objects.filter(pk=mine.pk).update(state=state, **sent)
    client.force_login(organiser)

    assert [client.get(page).status_code for page in desk(journey)] == [answer] * 5
    client.force_login(OrganiserFactory())
    assert [client.get(page).status_code for page in desk(journey)] == [200] * 5


def test_nothing_is_planned_while_applications_are_read(client):
    edition = EditionFactory(state="reviewing")
    client.force_login(OrganiserFactory())
    address = reverse("admin:grandtour_plan_of", args=[edition.pk])

    page = client.get(address)
    client.post(address, {"seconds": "20"})

    assert not page.context["may_plan"]
    assert not edition.plans.exists()


def test_a_traveller_reads_what_counted_and_no_points(client, journey):
    seat = journey.seats.order_by("number").first()
    client.force_login(seat.person)

    page = client.get(journey.get_absolute_url())

    assert "What counted for it" in page.content.decode()
    why = next(
        one
        for one in journey.plan.reasons["travellers"]
        if one["key"] == f"a{seat.application_id}"
    )
    assert why["parts"]
    assert "points" not in page.context["why"]
    assert not any(sign.isdigit() for sign in page.context["why"])


def test_what_one_needs_is_shown_to_no_host_of_another_journey(journey):
    seat = journey.seats.select_related("journey", "application", "person").first()
    Needs.objects.create(
        application=seat.application, diet="No nuts", shown_to_hosts_at=timezone.now()
    )

    journeys.refuse(seat, journeys.Given("dates", by=seat.person), at=NOON)

    assert Needs.objects.get().shown_to_hosts_at is None
