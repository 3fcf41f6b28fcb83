"""A reviewer reads blind and scores with keys; an organiser compares, decides and publishes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from grandtour.models import Application, Assignment, Review
from tests.browser.test_axe import AXE
from tests.browser.test_import import WINDOWS, look, sign_in
from tests.factories import OrganiserFactory, PersonFactory, PlaceFactory
from tests.grandtour.tours import (
    AssignmentFactory,
    PhaseFactory,
    ReadFactory,
    ReviewerFactory,
    ReviewingFactory,
)
from volunteers.models import Notice

PHONE = {"viewport": {"width": 320, "height": 700}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def reading(transactional_db):
    """Let two people apply, and somebody read both today."""
    day = timezone.localdate()
    edition = ReviewingFactory(slug="reading-tour", name="Reading Tour", phases=False)
    PhaseFactory(
        edition=edition,
        first_day=day - timedelta(days=1),
        last_day=day + timedelta(days=9),
        may_decide=True,
    )
    town = PlaceFactory(name="Gdynia", country="PL")
    applications = [
        ReadFactory(
            edition=edition, person__name=name, place=town, goals=f"In Gdynia {name} scans."
        )
        for name in ("Zofia Ziemia", "Adam Nowak")
    ]
    reviewer = ReviewerFactory(edition=edition, person=PersonFactory(username="rita"))
    rows = [AssignmentFactory(application=one, reviewer=reviewer) for one in applications]
    return edition, applications, rows


@pytest.fixture
def enter(live, client, new_context):
    """Open a window in which somebody is signed in."""

    def open_for(person, **chosen):
        context = new_context(**chosen)
        client.force_login(person)
        cookie = client.cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live}])
        return context.new_page()

    return open_for


def test_a_reviewer_scores_with_keys_and_gives_back_whom_they_know(reading, live, enter):
    edition, _applications, (first, second) = reading
    page = enter(first.reviewer.person)
    page.goto(f"{live}/grand-tour/{edition.slug}/review/")
    with page.expect_navigation():
        page.get_by_role("link", name="Begin to read").click()
    main = page.locator("main")
    expect(main).to_contain_text("▇▇▇ scans.")
    expect(main).not_to_contain_text("Gdynia")

    page.locator("[data-scoring] .choices--scale input").first.focus()
    page.keyboard.press("4")
    page.keyboard.press("3")
    page.get_by_label("Rather yes").check()
    page.get_by_label("Very sure").check()
    page.get_by_label("What should the organisers know?").fill("A first step, with a date.")
    expect(page.locator("[data-kept-line]").or_(page.locator(".form__kept"))).to_contain_text(
        "Kept"
    )
    assert Review.objects.get().words == "A first step, with a date."
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    review = Review.objects.get()
    assert (review.state, review.score, review.recommendation) == ("given", 93.75, "rather")
    expect(page.locator("#messages")).to_contain_text("Here is the next one")
    page.get_by_text("I know who this is").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="I know who this is").click()
    expect(page.locator("main")).to_contain_text("1 of 1 read")
    assert not Assignment.objects.live().filter(pk=second.pk).exists()
    page.goto(f"{live}{reverse('grandtour:read', args=[second.pk])}")
    expect(page.locator("main")).not_to_contain_text("scans")


def test_reading_and_scoring_work_on_a_small_phone_in_arabic_without_javascript(
    reading, live, enter
):
    _edition, _applications, (first, _second) = reading
    page = enter(first.reviewer.person, java_script_enabled=False, locale="ar", **PHONE)
    page.goto(f"{live}{reverse('grandtour:read', args=[first.pk])}")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")

    for scale in page.locator(".choices--scale").all():
        scale.locator("input").nth(2).check(force=True)
    for words in page.locator(".choices--words").all():
        words.locator("input").first.check(force=True)
    with page.expect_navigation():
        page.locator("button[name=step][value=stay]").click()

    assert Review.objects.get().score == 50


def test_an_organiser_decides_reads_the_letter_and_publishes(reading, live, enter):
    edition, (one, two), _rows = reading
    page = enter(OrganiserFactory(username="ines"))
    page.goto(f"{live}{reverse('admin:grandtour_edition_review', args=[edition.pk])}")
    page.get_by_label("Zofia Ziemia").check()
    page.get_by_label("Adam Nowak").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Side by side").click()
    expect(page.locator("#content")).to_contain_text("In Gdynia Adam Nowak scans.")
    page.go_back()
    page.get_by_label("Adam Nowak").uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="Short list").click()
    expect(page.locator("#content")).to_contain_text("not published")
    assert {a.state for a in Application.objects.all()} == {"in_review"}

    with page.expect_navigation():
        page.get_by_role("link", name="Decision letters").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Write them").click()
    page.get_by_text("You are on the short list of Reading Tour").click()
    with page.expect_navigation():
        page.get_by_role("link", name="Change or discard").click()
    page.locator("[name=subject]").fill("Come with us, Zofia")
    with page.expect_navigation():
        page.get_by_role("button", name="Keep these words").click()
    page.get_by_text("Publish…").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Publish and send").click()

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, two.state) == ("shortlisted", "in_review")
    assert [n.subject for n in Notice.objects.filter(key__startswith="decision")] == [
        "Come with us, Zofia"
    ]


WAYS = pytest.mark.parametrize("way", ["desk en", "phone en", "phone ar"])


@pytest.fixture
def opened(live, new_context):
    """Open a window of some width and language in which axe looks at every page."""

    def open_for(person, way):
        window, language = way.split()
        context = new_context(**WINDOWS[window])
        context.add_init_script(AXE)
        sign_in(context, live, person, language)
        return context.new_page()

    return open_for


def press(page, button):
    """Press a button, and wait for what it leads to."""
    with page.expect_navigation():
        page.locator(button).first.click()


@WAYS
def test_a_reviewer_reads_and_scores_wherever_they_sit(reading, live, opened, way):
    edition, _applications, (first, _second) = reading
    page = opened(first.reviewer.person, way)
    page.goto(f"{live}/grand-tour/{edition.slug}/review/")
    look(page, f"review-{way}")
    page.goto(f"{live}{reverse('grandtour:read', args=[first.pk])}")
    look(page, f"read-{way}")
    for scale in page.locator(".choices--scale").all():
        scale.locator("input").nth(3).check(force=True)
    for words in page.locator(".choices--words").all():
        words.locator("input").first.check(force=True)
    press(page, "button[name=step][value=stay]")
    look(page, f"read-given-{way}")

    review = Review.objects.get()
    assert (review.state, review.score) == ("given", 75)


@WAYS
def test_an_organiser_decides_and_publishes_wherever_they_sit(reading, live, opened, way):
    edition, (one, _two), _rows = reading
    page = opened(OrganiserFactory(username="ines"), way)
    desk = f"{live}{reverse('admin:grandtour_edition_review', args=[edition.pk])}"
    for screen in ("", "recap/", "readers/", f"applications/{one.pk}/"):
        page.goto(desk + screen)
        look(page, f"desk-{screen.partition('/')[0]}-{way}")
    page.goto(desk)
    page.locator("input[name=of]").nth(0).check()
    page.locator("input[name=of]").nth(1).check()
    press(page, "button[name=do][value=compare]")
    look(page, f"desk-compare-{way}")
    page.goto(desk)
    page.locator(f"input[name=of][value='{one.pk}']").check()
    press(page, "button[name=do][value=shortlisted]")
    page.goto(f"{desk}letters/")
    press(page, "button[name=do][value=write]")
    look(page, f"desk-letters-{way}")
    page.locator("summary").last.click()
    press(page, "button[name=do][value=publish]")
    look(page, f"desk-published-{way}")

    one.refresh_from_db()
    assert one.state == "shortlisted"
