"""What every answer has in common."""

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from exchange.actions.exchanges import say
from tests.factories import ExchangeFactory, ListingFactory, PersonFactory

pytestmark = pytest.mark.django_db

FORM = "/catalogue/new/?kind=offer&of=skill"


def sent(client, address, data=None, **headers):
    return client.post(address, data or {}, headers=headers)


def test_whoever_was_signed_out_comes_back_to_the_page_of_the_form(client):
    answer = sent(client, "/exchanges/5/say/", referer="http://testserver/exchanges/5/?all=1")

    assert answer["Location"] == "/accounts/login/?next=/exchanges/5/%3Fall%3D1"


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/exchanges/5/"])
def test_a_form_of_no_page_of_ours_leads_to_the_nearest_page(client, referer):
    answer = sent(client, "/exchanges/5/say/", referer=referer)

    assert answer["Location"] == "/accounts/login/?next=/exchanges/5/"


def test_the_sign_in_page_says_that_what_was_typed_is_kept(client):
    answer = sent(client, FORM, {"typed-is-kept": "1"}, referer=f"http://testserver{FORM}")

    page = client.get(answer["Location"]).content.decode()
    assert "You were signed out meanwhile. What you typed is kept" in page


def test_without_a_script_nothing_is_promised(client):
    answer = sent(client, FORM, {"title": "An hour"}, referer=f"http://testserver{FORM}")

    page = client.get(answer["Location"]).content.decode()
    assert "so nothing was sent. Sign in and send it again." in page


def test_a_draft_is_not_said_to_be_kept_when_nobody_is_signed_in(client):
    answer = sent(client, reverse("exchange:autosave"), accept="application/json")

    assert answer.status_code == 401


def test_a_part_of_a_page_leads_the_whole_page_to_the_sign_in(client):
    answer = sent(client, FORM, referer=f"http://testserver{FORM}", **{"HX-Request": "true"})

    assert answer["HX-Redirect"].startswith("/accounts/login/?next=/catalogue/new/")


@pytest.mark.parametrize(
    ("address", "back"),
    [
        ("/exchanges/5/say/", "/exchanges/5/"),
        ("/me/bandwidth/back/", "/me/bandwidth/"),
        ("/catalogue/5/pause/", "/catalogue/5/"),
        ("/notices/read/", "/notices/"),
    ],
)
def test_the_address_of_a_button_says_where_the_button_is(client, address, back):
    client.force_login(PersonFactory())

    answer = client.get(address)

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert f'href="{back}"' in answer.content.decode()


def test_back_asks_again_instead_of_showing_what_is_no_longer_true(client):
    listing = ListingFactory(state="draft")
    preview = reverse("exchange:preview", args=[listing.pk])

    assert "no-store" not in client.get("/catalogue/").get("Cache-Control", "")
    client.force_login(listing.author)
    assert client.get(preview)["Cache-Control"] == "private, no-store"


def test_the_hour_is_told_where_the_reader_is(client):
    with time_machine.travel("2026-03-02T23:30Z", tick=False):
        exchange = ExchangeFactory(counterpart=PersonFactory(time_zone="Asia/Tokyo"))
        say(exchange, exchange.listing.author, "Gladly", at=timezone.now())
        client.force_login(exchange.counterpart)
        page = client.get(exchange.get_absolute_url()).content.decode()

    assert "today, 08:30" in page


def test_a_site_of_another_name_is_refused_with_a_page(client):
    answer = client.get("/", headers={"Host": "elsewhere.example"})

    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()
