"""What people need: read by who looks after their journey, deleted on its day, and counted."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from grandtour.actions.applications import purge_needs
from grandtour.models import Needs, NeedsCount
from grandtour.reports.needs import counted
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.tours import ApplicationFactory, EditionFactory, SeatFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def needing(edition, **said):
    return Needs.objects.create(application=ApplicationFactory(edition=edition), **said)


def test_organisers_read_at_the_desk_what_the_travellers_of_a_journey_need(client):
    seat = SeatFactory()
    Needs.objects.create(application=seat.application, diet="No nuts", step_free=True)
    address = reverse("admin:grandtour_journey_show", args=[seat.journey_id])

    client.force_login(OrganiserFactory())
    page = client.get(address).content.decode()

    assert "No nuts" in page
    assert "Cannot take steps" in page
    assert "Visa and papers" not in page
    client.force_login(PersonFactory())
    assert client.get(address).status_code != 200


def test_what_is_needed_is_counted_and_the_count_stays_when_the_words_go():
    edition = EditionFactory(travel_last_day=date(2026, 6, 30))
    needing(edition, diet="Vegan", visa="For Sweden")
    needing(edition, diet="No nuts", step_free=True)
    needing(EditionFactory(travel_last_day=date(2026, 12, 30)), diet="Halal")
    before = [("Cannot take steps", 1), ("Food", 2), ("Visa and papers", 1)]
    assert counted(edition) == before

    for _twice in range(2):
        purge_needs(edition.travel_last_day + Needs.KEPT + DAY)

    assert not Needs.objects.filter(application__edition=edition).exists()
    assert counted(edition) == before
    assert NeedsCount.objects.count() == 3


def test_what_is_given_later_is_added():
    edition = EditionFactory(travel_last_day=date(2026, 6, 30))
    for diet in ("Vegan", "Halal"):
        needing(edition, diet=diet)
        purge_needs(edition.travel_last_day + Needs.KEPT + DAY)

    assert counted(edition) == [("Food", 2)]


def test_the_page_of_plans_says_how_much_is_needed_and_no_words(client):
    edition = EditionFactory(state="matching")
    needing(edition, diet="Vegan, and no mushrooms")
    client.force_login(OrganiserFactory())

    page = client.get(reverse("admin:grandtour_plan_of", args=[edition.pk])).content.decode()

    assert "What is needed" in page
    assert "mushrooms" not in page
