"""Whoever is hidden, by whomever, is in no sum any more, at once and not at night."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from capx import erasure
from exchange.actions import reports
from tests.factories import AffiliateFactory, OrganiserFactory, PersonFactory
from tests.volunteers.test_bottlenecks import DAY, somebody
from tests.volunteers.test_bottlenecks import skill as skill  # noqa: PLC0414 -- a fixture
from volunteers.actions import accounts
from volunteers.actions.bottlenecks import take_snapshot
from volunteers.models import BottleneckSnapshot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_that_day():
    with time_machine.travel(f"{DAY} 12:00Z", tick=False):
        yield


def hides_themselves(person):
    client = Client()
    client.force_login(person)
    fields = {"visibility": "hidden", "may_be_asked": "on", "open_asks": "3"}
    assert client.post(reverse("volunteers:section", args=["seen"]), fields).status_code == 302


def is_forgotten(person):
    erasure.forget(person, at=timezone.now(), keep_practices=False)


def is_hidden_by_an_organiser(person):
    reports.hide(person, reports.Ruling(OrganiserFactory(), "Spam", timezone.now()))


def has_the_account_closed(person):
    by = OrganiserFactory(is_superuser=True)
    accounts.deactivate(person, by=by, why="Asked for it", at=timezone.now())


HOW = [hides_themselves, is_forgotten, is_hidden_by_an_organiser, has_the_account_closed]


@pytest.mark.parametrize("vanish", HOW)
def test_of_five_of_whom_one_vanishes_no_number_is_shown_any_more(skill, vanish):
    affiliate = AffiliateFactory()
    somebody_else, *_others = [somebody(skill, affiliates=[affiliate]) for _ in range(4)]
    person = somebody(skill, affiliates=[affiliate], name="Vera Nish")
    take_snapshot(DAY)
    page = reverse("volunteers:bottlenecks")
    client = Client()
    client.force_login(somebody_else)
    places = ("", "?country=PL", f"?affiliate={affiliate.slug}")
    before = [client.get(page + place).content.decode() for place in places]
    assert all("5 or more" in text for text in before)

    vanish(person)

    after = [client.get(page + place).content.decode() for place in places]
    assert all("5 or more" not in text and "Vera" not in text for text in after)
    assert not BottleneckSnapshot.objects.filter(carriers__isnull=False).exists()


@pytest.mark.parametrize("vanish", HOW)
def test_whoever_is_not_counted_changes_no_row_by_vanishing(skill, vanish):
    for _ in range(5):
        somebody(skill)
    other = PersonFactory(counted_at=None)
    take_snapshot(DAY - timedelta(days=1))
    kept = set(BottleneckSnapshot.objects.values_list("pk", flat=True))

    vanish(other)

    assert set(BottleneckSnapshot.objects.values_list("pk", flat=True)) == kept
