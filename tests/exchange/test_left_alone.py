"""Who switches on 'Leave me alone' is not listed, not suggested and not asked, at once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from exchange.actions import documents
from exchange.models import Listing, SearchDocument
from tests.factories import (
    AffiliateFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    PersonSkillFactory,
)
from volunteers import gate
from volunteers.actions import rest
from volunteers.models import Rest

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def listing():
    listing = ListingFactory(author__time_zone="Pacific/Auckland")
    SearchDocument.objects.write(listing)
    return listing


def today():
    return timezone.now().date()


def found(listing):
    """Say where others find a listing: in the search, in lists, on its own page."""
    stranger = PersonFactory()
    marks = SearchDocument.objects.get(listing=listing).marks
    return (
        "/see=public" in marks,
        Listing.objects.open_to(stranger).filter(pk=listing.pk).exists(),
        Listing.objects.visible_to(AnonymousUser()).filter(pk=listing.pk).exists(),
    )


EVERYWHERE, NOWHERE = (True, True, True), (False, False, False)


def test_listings_pause_at_once_and_come_back_at_once(client, listing):
    assert found(listing) == EVERYWHERE
    client.force_login(listing.author)

    client.post(reverse("volunteers:leave_alone"))
    assert found(listing) == NOWHERE
    assert client.get(listing.get_absolute_url()).status_code == 200

    client.post(reverse("volunteers:come_back"))
    assert found(listing) == EVERYWHERE


def test_a_stranger_sees_neither_the_page_nor_the_form(client, listing):
    rest.leave_alone(listing.author, today())
    client.force_login(PersonFactory())

    for page in (listing.get_absolute_url(), reverse("exchange:ask", args=[listing.pk])):
        assert client.get(page).status_code == 404


def test_days_off_close_the_gate_and_leave_the_listing(listing):
    rest.rest(listing.author, today() - DAY, today() + 9 * DAY)
    assert found(listing) == EVERYWHERE


@pytest.mark.parametrize(("last", "there"), [(-3, EVERYWHERE), (1, NOWHERE), (None, NOWHERE)])
def test_it_ends_when_its_last_day_is_over_everywhere(listing, last, there):
    end = None if last is None else today() + last * DAY
    period = DateRange(today() - 9 * DAY, end)
    Rest.objects.create(person=listing.author, period=period, alone=True)

    assert found(listing) == there


def test_the_clock_brings_them_back_without_anybody_pressing(listing):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE volunteers_rest DISABLE TRIGGER USER")
    Rest.objects.create(
        person=listing.author, period=DateRange(today() - 9 * DAY, None), alone=True
    )
    documents.freshen(timezone.now())
    assert found(listing) == NOWHERE

    Rest.objects.update(period=DateRange(today() - 9 * DAY, today() - DAY))
    documents.freshen(timezone.now())
    assert found(listing) == EVERYWHERE


def test_what_they_wrote_for_an_affiliate_rests_too_but_its_editors_see_it():
    affiliate = AffiliateFactory()
    author, editor = (
        MembershipFactory(affiliate=affiliate, role="editor").person for _ in range(2)
    )
    listing = ListingFactory(author=author, affiliate=affiliate)
    SearchDocument.objects.write(listing)

    rest.leave_alone(author, today())

    assert found(listing) == NOWHERE
    assert Listing.objects.visible_to(editor).filter(pk=listing.pk).exists()


def test_nobody_suggests_them():
    able = PersonSkillFactory(person=PersonFactory())
    other = PersonSkillFactory(person=PersonFactory(), skill=able.skill)
    rest.leave_alone(able.person, today())

    people = gate.others([able.skill], asker=PersonFactory(), now=timezone.now())

    assert people == [other.person]
