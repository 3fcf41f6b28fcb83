"""Somebody applies to travel, and changes their mind; somebody offers that people stay."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from grandtour.models import Answer, Application, Edition, Host, Question
from tests.browser.test_axe import AXE
from tests.browser.test_bandwidth import TWO_MINUTES, Taps
from tests.browser.test_import import WINDOWS, look, sign_in
from tests.factories import MembershipFactory, PersonFactory, PlaceFactory
from tests.grandtour.tours import EditionFactory
from volunteers.models import Notice, PersonLanguage

WAYS = ["phone en", "desk en", "phone ar"]


@pytest.fixture
def edition(transactional_db):
    """Give an edition that takes applications today, and asks two questions."""
    today = timezone.localdate()
    made = EditionFactory(
        applications_first_day=today - timedelta(days=5),
        applications_last_day=today + timedelta(days=20),
        travel_first_day=today + timedelta(days=60),
        travel_last_day=today + timedelta(days=120),
    )
    for number, words in ((1, "What would you like to see?"), (2, "Who at home is it for?")):
        Question.objects.create(edition=made, number=number, words=words)
    return made


def window(new_context, live, person, way):
    """Open a window on a phone or at a desk, in a language."""
    device, language = way.split()
    context = new_context(**WINDOWS[device])
    context.add_init_script(AXE)
    sign_in(context, live, person, language)
    return context.new_page()


def name_days(page, edition):
    """Name the days on which one could be away, or take people."""
    first = edition.travel_first_day
    page.locator("[name=day-0-first]").fill(first.isoformat())
    page.locator("[name=day-0-last]").fill((first + timedelta(days=30)).isoformat())


def press(page, selector):
    with page.expect_navigation():
        page.locator(selector).click()


def pick(page, selector, words):
    """Type into a box that suggests, and take the first suggestion with the keyboard."""
    box = page.locator(selector)
    box.press_sequentially(words)
    page.locator("[role=option]:not([aria-disabled])").first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page.get_by_role("option")).to_have_count(0)


def find(page, live, edition, way):
    """Find an edition among all, and read it before anything is asked."""
    page.goto(f"{live}/grand-tour/")
    page.locator(f'main a[href="{edition.get_absolute_url()}"]').first.click()
    page.wait_for_url(f"{live}{edition.get_absolute_url()}")
    look(page, f"edition-{way}")


@pytest.mark.parametrize("way", WAYS)
def test_somebody_applies_comes_back_sends_it_and_takes_it_back(
    live, new_context, edition, way
):
    person = PersonFactory(place=PlaceFactory())
    PersonLanguage.objects.create(person=person, language="en", level="3")
    page = window(new_context, live, person, way)
    find(page, live, edition, way)
    page.locator(f'a[href$="/{edition.slug}/apply/"]').filter(visible=True).first.click()
    look(page, f"apply-{way}")
    press(page, "main form button")

    # A letter is begun; the draft is kept without a press of any button.
    page.wait_for_load_state("networkidle")
    page.locator("[name=goals]").fill("How others scan newspapers.")
    with page.expect_response(re.compile("/autosave/")) as kept:
        page.locator("[name=brings]").fill("I can teach sorting.")
    assert kept.value.ok
    page.goto(f"{live}/")
    application = Application.objects.get()
    assert application.goals == "How others scan newspapers."
    page.goto(f"{live}{application.get_absolute_url()}")
    look(page, f"begun-{way}")
    page.goto(f"{live}{application.get_absolute_url()}edit/")
    assert page.locator("[name=goals]").input_value() == "How others scan newspapers."

    # Then they would rather answer questions.
    page.locator('[name=way][value="questions"]').check(force=True)
    expect(page.locator("[name=goals]")).to_be_hidden()
    first = page.locator("[name^=answer_]").first
    first.fill("How they scan.")
    press(page, 'main button[name=step][value="send"]')
    look(page, f"missing-{way}")
    assert Application.objects.get().state == "draft"
    page.locator("[name^=answer_]").last.fill("For my library.")
    page.locator('[name=purpose][value="I organise"]').check(force=True)
    page.locator('[name=first_time][value="True"]').check(force=True)
    page.locator('[name=travels_by][value="rail"]').check(force=True)
    page.locator("[name=consent]").check(force=True)
    name_days(page, edition)
    press(page, 'main button[name=step][value="send"]')

    application.refresh_from_db()
    assert application.state == "submitted"
    assert [one.words for one in Answer.objects.in_order()] == [
        "How they scan.",
        "For my library.",
    ]
    assert Notice.objects.filter(recipient=person, kind="tour").exists()
    look(page, f"sent-{way}")
    page.locator("details.confirm summary").click()
    press(page, "details.confirm form button")

    application.refresh_from_db()
    assert application.state == "withdrawn"
    look(page, f"taken-back-{way}")


def test_to_begin_takes_less_than_two_minutes_by_the_keystroke_level_model(
    live, new_context, edition
):
    page = window(new_context, live, PersonFactory(), "phone en")
    taps = Taps(SimpleNamespace(page=page))
    page.goto(f"{live}/grand-tour/")
    for address in (edition.get_absolute_url(), f"{edition.get_absolute_url()}apply/"):
        taps.buttons += 1
        page.locator(f'a[href="{address}"]').first.tap()
        page.wait_for_url(f"{live}{address}")
    taps.press(page.locator("main form"), "Begin")
    with page.expect_response(re.compile("/autosave/")) as kept:
        taps.fill(page.locator("main form"), "goals", "How others scan newspapers.")

    assert kept.value.ok
    assert Application.objects.get().goals == "How others scan newspapers."
    assert (taps.buttons, taps.fields) == (3, 1)
    assert taps.seconds < TWO_MINUTES


@pytest.mark.parametrize("way", WAYS)
def test_somebody_offers_a_stay_for_their_affiliate(live, new_context, edition, way):
    member = MembershipFactory(role="editor")
    place = PlaceFactory()
    page = window(new_context, live, member.person, way)
    find(page, live, edition, way)
    page.locator(f'a[href$="/{edition.slug}/offer-to-host/"]').filter(
        visible=True
    ).first.click()
    look(page, f"offer-{way}")
    press(page, "main form button")
    look(page, f"stay-{way}")

    page.locator("[name=programme]").fill("Two days in the archive, one at the shipyard.")
    pick(page, "#id_languages", "البولندية" if way.endswith("ar") else "Polish")
    pick(page, "#id_place", place.name)
    page.locator("[name=most_guests]").fill("3")
    page.locator("[name=groups]").fill("1")
    page.locator('[name=venue][value="borrowed"]').check(force=True)
    press(page, 'main button[name=step][value="offer"]')
    assert Host.objects.get().state == "draft"  # without days
    look(page, f"without-days-{way}")
    name_days(page, edition)
    press(page, 'main button[name=step][value="offer"]')

    host = Host.objects.get()
    assert (host.state, host.most_guests, host.place) == ("offered", 3, place)
    assert host.languages == ["pl"]
    assert Edition.objects.get().hosts.get() == host
    look(page, f"offered-{way}")
