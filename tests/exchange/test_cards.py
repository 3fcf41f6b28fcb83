"""What a listing says of itself in a list."""

import pytest
from django.utils.translation import override

from capx.names import listed
from exchange.models.cards import LETTERS, Card
from tests.factories import ListingFactory


def card(text):
    others = {name: None for name in Card.__slots__ if name not in {"text", "skills"}}
    return Card(text=text, **others)


def test_a_short_text_stands_there_as_it_is():
    assert card("I cut your films. And you?").excerpt == "I cut your films. And you?"


def test_a_long_text_ends_with_a_whole_word():
    text = ("word " * 100)[: LETTERS - 2] + "wo"

    assert card(text).excerpt == "word " * 51 + "…"


@pytest.mark.django_db
def test_a_listing_has_one_address_for_those_who_copy_pages(client, settings):
    listing = ListingFactory()
    page = client.get(listing.get_absolute_url(), {"from": "mail"}).content.decode()

    own = f"{settings.SITE_URL}{listing.get_absolute_url()}"
    assert f'<link rel="canonical" href="{own}">' in page
    assert f'<meta property="og:url" content="{own}">' in page
    picture = f"{settings.SITE_URL}/static/img/share"
    assert f'<meta property="og:image" content="{picture}' in page


def test_names_are_joined_by_the_comma_of_the_language():
    with override("ar"):
        assert listed(["برلين", "ألمانيا"]) == "برلين، ألمانيا"
    with override("de"):
        assert listed(["Berlin", "Bonn"]) == "Berlin, Bonn"
