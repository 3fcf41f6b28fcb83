"""The first page."""

import pytest

from capx.views.home import pick
from exchange.models import Listing
from tests.factories import (
    ExchangeFactory,
    ListingFactory,
    PersonFactory,
    PersonSkillFactory,
    PlaceFactory,
    SkillFactory,
)

pytestmark = pytest.mark.django_db


def words(response):
    return response.content.decode()


def test_anybody_sees_what_is_offered_and_asked_for(client):
    offer, request = ListingFactory(), ListingFactory(kind="request")
    ListingFactory(author=PersonFactory(visibility="members"))
    ListingFactory(author=PersonFactory(visibility="hidden"))
    ListingFactory(state=Listing.State.PAUSED)

    context = client.get("/").context

    assert (context["offers"], context["requests"]) == ([offer], [request])


def test_an_empty_site_still_invites_to_post(client):
    page = words(client.get("/"))

    assert "Post an offer or a request" in page
    assert "How it works" in page


def test_what_waits_is_one_line(client):
    exchange = ExchangeFactory()
    client.force_login(exchange.listing.author)
    assert "Something waits for you" in words(client.get("/"))

    client.force_login(exchange.counterpart)
    assert "Something waits for you" not in words(client.get("/"))


def test_the_profile_suggests_what_to_post(client):
    mine = PersonSkillFactory(skill=SkillFactory(label="mediation"), how="teaches")
    client.force_login(mine.person)

    assert "You said you can teach mediation: offer an hour of it?" in words(client.get("/"))


def test_a_handful_comes_from_different_people_and_countries():
    gdynia, riga = PlaceFactory(), PlaceFactory(country="LV")
    first = ListingFactory(place=gdynia)
    same_person = ListingFactory(place=riga, author=first.author)
    same_country = ListingFactory(place=gdynia)
    elsewhere = ListingFactory(place=riga)
    rows = [first, same_person, same_country, elsewhere]

    assert pick(rows) == [first, elsewhere, same_country]
    assert pick([first, same_person]) == [first, same_person]


@pytest.mark.parametrize("listings", [1, 3])
def test_the_first_page_takes_the_same_statements_for_one_and_for_three(
    client, listings, django_assert_num_queries
):
    person = PersonFactory()
    for kind in ("offer", "request"):
        ListingFactory.create_batch(
            listings, kind=kind, place=PlaceFactory(), skills=[SkillFactory()]
        )
    client.force_login(person)

    with django_assert_num_queries(7):
        client.get("/")
