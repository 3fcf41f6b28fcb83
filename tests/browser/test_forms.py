"""Where the cursor goes: after something wrong, after sending, after clearing a list."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from exchange.actions import exchanges
from tests.factories import ListingFactory, PersonFactory
from volunteers.models import Commitment

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def sign_in(live, new_context):
    """Open a window for somebody who is signed in."""

    def enter(person, **chosen):
        client = Client()
        client.force_login(get_user_model().objects.get(pk=person.pk))
        context = new_context(**chosen)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live}
        context.add_cookies([cookie])
        return context.new_page()

    return enter


def test_what_is_wrong_is_read_first_and_leads_to_each_field(live, new_context):
    page = new_context(**PHONE).new_page()
    page.goto(f"{live}/accounts/signup/")
    page.get_by_label("Username").fill("Ola")
    page.get_by_role("main").get_by_role("button", name="Create an account").click()

    said = page.get_by_role("alert")
    expect(said).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: Create an account "))
    said.get_by_role("link", name="E-mail").click()
    field = page.get_by_label("E-mail")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("This field is required.")
    expect(page.get_by_label("Username")).to_have_value("Ola")


def test_a_picker_and_a_folded_field_are_reached_from_the_list(live, sign_in):
    page = sign_in(PersonFactory())
    page.goto(f"{live}/practices/new/")
    page.get_by_text("More, if you like").click()
    page.get_by_role("combobox", name="Skills").fill("nothing at all")
    page.get_by_role("button", name="Publish").click()

    page.get_by_role("alert").get_by_role("link", name="Skills").click()
    expect(page.get_by_role("combobox", name="Skills")).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_after_sending_the_cursor_is_on_what_was_sent(live, sign_in, script):
    asker = PersonFactory()
    exchange = exchanges.ask(
        ListingFactory(), asker, exchanges.Words(message="Hello?"), at=timezone.now()
    )
    page = sign_in(asker, java_script_enabled=script)
    page.goto(live + exchange.get_absolute_url())
    page.locator("#say textarea").fill("One more thing.")
    page.locator("#say button").click()

    sent = page.locator(f"#message-{exchange.messages.latest('pk').pk}")
    expect(sent).to_contain_text("One more thing.")
    expect(sent).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_after_clearing_all_the_cursor_is_where_the_results_begin(live, new_context, script):
    ListingFactory(title="Cutting films")
    page = new_context(java_script_enabled=script).new_page()
    page.goto(f"{live}/catalogue/?kind=offer&of=skill")
    page.get_by_role("link", name="Clear all").click()

    expect(page).to_have_url(re.compile("#how-many$"))
    expect(page.locator("#how-many")).to_be_focused()


def test_another_clock_is_offered_once(live, sign_in):
    page = sign_in(PersonFactory(time_zone="Asia/Tokyo"), timezone_id="Europe/Warsaw")
    page.goto(f"{live}/me/#site")
    page.get_by_role("button", name="Take it").click()
    zone = page.get_by_label("Time zone")
    expect(zone).to_be_focused()
    expect(zone).to_have_value("Europe/Warsaw")

    page.reload()
    page.get_by_role("button", name="Leave it as it is").click()
    page.reload()
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
    expect(page.get_by_role("button", name="Take it")).to_have_count(0)


def test_a_day_that_is_half_typed_is_not_sent_as_none(live, sign_in):
    page = sign_in(PersonFactory())
    page.goto(f"{live}/me/bandwidth/taken/new/")
    page.get_by_label("What it is").fill("Keeping the books")
    page.get_by_label("Hours a week").fill("2")
    day = page.get_by_label("Last day")
    day.focus()
    page.keyboard.press("1")
    page.get_by_role("button", name="Save").click()

    expect(day).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("This is only half there.")
    assert not Commitment.objects.exists()
