"""Somebody joins on a phone; somebody writes their profile without JavaScript."""

import re

import pytest
from django.core.cache import cache

from tests.factories import AffiliateFactory, PlaceFactory, SkillFactory
from volunteers.models import Notice, Person

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
PASSWORD = "kartoffel-salat-9"  # noqa: S105 -- of an invented person


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests(transactional_db):
    cache.clear()


def code():
    body = Notice.objects.filter(kind="account").latest("pk").body
    return re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", body).group()


def sign_up(page, live, username):
    page.goto(f"{live}/me/bandwidth/")
    page.get_by_role("main").get_by_role("link", name="Create an account").click()
    page.get_by_label("E-mail").fill("ola@example.org")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Create an account").click()
    page.get_by_label("Code").fill(code())
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{live}/me/bandwidth/")


def on_a_phone_with_keys(new_context):
    """Open a page on a phone that makes and keeps passkeys."""
    context = new_context(**PHONE, timezone_id="Europe/Warsaw")
    page = context.new_page()
    keys = context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


def sign_out(page, live):
    page.goto(f"{live}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{live}/")


def test_somebody_joins_with_nothing_but_a_passkey(live, new_context):
    page = on_a_phone_with_keys(new_context)
    page.goto(f"{live}/accounts/signup/passkey/")
    page.get_by_label("E-mail").fill("ola@example.org")
    page.get_by_label("Username").fill("Ola")
    page.get_by_role("main").get_by_role("button", name="Go on").click()
    page.get_by_label("Code").fill(code())
    page.get_by_role("main").get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("my phone")
    page.get_by_role("button", name="Make it").click()
    page.wait_for_url(f"{live}/me/")
    assert not Person.objects.get(username="Ola").has_usable_password()

    sign_out(page, live)
    page.goto(f"{live}/accounts/login/?next=/notices/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url(f"{live}/notices/")


def test_somebody_joins_on_a_phone_adds_a_passkey_and_comes_back_with_it(live, new_context):
    page = on_a_phone_with_keys(new_context)
    sign_up(page, live, "Ola")
    assert Person.objects.get(username="Ola").time_zone == "Europe/Warsaw"

    page.goto(f"{live}/me/account/")
    page.get_by_role("link", name="Add").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("my phone")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    page.goto(f"{live}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{live}/accounts/login/?next=/notices/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url(f"{live}/notices/")
    assert page.get_by_role("heading", name="Inbox").is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_profile_is_written_with_and_without_javascript(live, new_context, scripts):
    PlaceFactory(name="Łódź")
    SkillFactory(slug="video-editing", label="video editing", label__fr="montage vidéo")
    page = new_context(java_script_enabled=scripts).new_page()
    sign_up(page, live, "Ola")

    page.goto(f"{live}/me/")
    about = page.locator("#about")
    about.get_by_label("Name to show").fill("Ola Żak")
    about.get_by_label("City").fill("lodz")
    if scripts:
        about.get_by_role("option", name="Łódź, Poland").click()
    about.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    skills = page.locator("#skills")
    skills.get_by_label("I can teach this").fill("montage video")
    if scripts:
        skills.get_by_role("option", name="video editing").click()
    skills.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()

    person = Person.objects.get()
    assert (person.name, str(person.place), person.country) == ("Ola Żak", "Łódź, Poland", "PL")
    assert list(person.person_skills.values_list("skill__slug", "how")) == [
        ("video-editing", "teaches")
    ]


def test_the_directory_follows_what_is_chosen_and_the_address_can_be_shared(live, page):
    AffiliateFactory(name="Wikimedia Polska", countries=["PL"])
    AffiliateFactory(name="Wikimedia België", countries=["BE"])
    page.goto(f"{live}/affiliates/")

    page.get_by_label("Country").select_option("BE")

    page.wait_for_url(re.compile("country=BE"))
    assert page.get_by_role("article").all_inner_texts() != []
    assert page.get_by_text("Wikimedia Polska").count() == 0
    page.reload()
    assert page.get_by_text("Wikimedia Polska").count() == 0
