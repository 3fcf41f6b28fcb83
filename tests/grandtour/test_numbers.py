"""Numbers on the pages of a tour, in a language in which Django parts decimals otherwise."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from grandtour.actions import journeys
from grandtour.models import Edition, Journey, Measure
from grandtour.plans import accepting
from tests.factories import OrganiserFactory
from tests.grandtour.rounds import planned, round_of
from tests.grandtour.test_journey_pages import desk, page, read
from tests.grandtour.tours import NOON, LineFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_february")]
# A comma parts thousands and nothing else, a full stop decimals; digits are those of Europe.
OTHERWISE = re.compile(r"\d,\d{1,2}(?!\d)|\d\.\d{3}(?!\d)|[٠-٩٫٬]")  # noqa: RUF001 -- Arabic signs
FACTOR = re.compile(r"0\.\d{5}")  # of carbon, with more decimals


def test_decimals_in_arabic_are_written_one_way_on_the_pages_of_a_tour(client):
    client.cookies["django_language"] = "ar"
    organiser = OrganiserFactory()
    edition = round_of(carbon_budget=12_345)
    money = {"requested": 123_456_750, "granted": 123_456_750, "stipend": 12_350}
    LineFactory(fund__edition=edition, fund__amount=200_000_000, **money)
    Measure.objects.create(edition=edition, number=1, name="kg", target="1234.5", unit="kg")
    plan = planned(edition, reasons=False)
    accepting.accept(plan, plan.asked_by, at=NOON)
    journey = Journey.objects.get()
    journeys.offer(journey, organiser, reply_by=NOON + timedelta(days=7), at=NOON)
    Edition.objects.filter(pk=edition.pk).update(state="evaluating")
    traveller = journey.seats.order_by("number")[0].person
    evaluation = reverse("grandtour:evaluation", args=[edition.slug])
    of_plan = [desk("plan_show", plan), desk("plan_of", edition)]
    of_plan.append(reverse("admin:grandtour_plan_changelist"))
    walk = {
        traveller: [edition.get_absolute_url(), page("journey", journey), evaluation],
        organiser: [*of_plan, desk("cost_of", edition), desk("journey_show", journey)],
    }
    said = {}
    for person, addresses in walk.items():
        client.force_login(person)
        said |= {address: strip_tags(read(client, address)) for address in addresses}

    wrong = {
        address: OTHERWISE.findall(FACTOR.sub("", words)) for address, words in said.items()
    }
    assert {address: found for address, found in wrong.items() if found} == {}
    assert "1,234.5" in said[edition.get_absolute_url()]
    assert "12,345" in said[edition.get_absolute_url()]
    assert re.search(r"\d\.\d", said[page("journey", journey)])
