"""What somebody reads who cannot put a request to others now."""

import pytest
from django.urls import reverse
from django.utils import timezone

from exchange.actions import calls, listings
from exchange.models import Listing, OpenCall
from tests.exchange import test_calls as of_all
from tests.exchange.test_asking_a_neighbour import begun, page_of, plain, words
from tests.exchange.test_calls import DAY, NOON, SOON
from tests.factories import AffiliateFactory, ListingFactory, PersonFactory, SkillFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def neighbour():
    return AffiliateFactory(name="Wikimedia Next Door", slug="next-door")


def asked(client, neighbour, author):
    client.force_login(author)
    sent = words(SkillFactory(slug="interpreting"), title="My own words")
    return plain(client.post(page_of(neighbour), sent))


LIMITS = {
    "DRAFTS": "You have a hundred drafts",
    "PUBLISHED_A_DAY": "You have posted very much today",
}


@pytest.mark.parametrize("limit", LIMITS)
def test_whoever_wrote_too_much_reads_what_there_is_too_much_of(
    client, neighbour, monkeypatch, limit
):
    monkeypatch.setattr(listings, limit, 0)

    page = asked(client, neighbour, PersonFactory())

    assert [said for said in LIMITS.values() if said in page] == [LIMITS[limit]]
    assert 'value="My own words"' in page
    assert not Listing.objects.exists()


def test_a_form_whose_request_is_another_thing_by_now_says_so(client, neighbour):
    author = PersonFactory()
    ListingFactory(kind="request", author=author, state="withdrawn", revision="of-this-form")

    page = asked(client, neighbour, author)

    assert "Nobody was asked: this form was sent before" in page
    assert 'value="My own words"' in page
    assert not OpenCall.objects.exists()


@pytest.mark.parametrize("how", of_all.UNSEEN)
def test_whom_nobody_sees_opens_nothing_to_all(neighbour, how):
    call, _skill = begun(neighbour)
    of_all.UNSEEN[how](call.listing.author)

    with pytest.raises(calls.NobodySees):
        calls.open_to_all(call, SOON)

    call.refresh_from_db()
    assert call.addressed_to == neighbour


def test_whom_nobody_sees_reads_why_nothing_is_opened(client, neighbour):
    call, _skill = begun(neighbour, NOON)
    of_all.UNSEEN["as they wish"](call.listing.author)
    client.force_login(call.listing.author)

    until = {"reply_by": timezone.localdate() + DAY}
    page = plain(client.post(reverse("exchange:call", args=[call.listing_id]), until))

    assert "Nobody sees you at the moment" in page
