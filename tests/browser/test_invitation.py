"""From a bottleneck to a training, and from its page to somebody who comes from the mail."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.somebody import Somebody

pytestmark = pytest.mark.xdist_group("product")
PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
SHOTS = os.environ.get("SHOTS")
TITLE = "First recordings"
AFFILIATE = """
    INSERT INTO volunteers_affiliate
        (kind, name, slug, about, website, countries, languages, has_office)
    VALUES ('chapter', 'Wikimedia Invitia', 'invitia', '', '', '{DE}', '{de}', true)
"""
STEWARD = """
    INSERT INTO volunteers_membership (person_id, affiliate_id, role, confirmed_at)
    SELECT p.id, a.id, 'steward', now() FROM volunteers_person p, volunteers_affiliate a
    WHERE p.username = 'invites-ada' AND a.slug = 'invitia'
"""
# Of tomorrow: that of today is counted anew every second here.
BOTTLENECK = """
    INSERT INTO volunteers_bottlenecksnapshot (day, scope, skill_id, level, band)
    SELECT current_date + 1, 'affiliate:' || a.id, s.id, 'red', 'over'
    FROM volunteers_affiliate a, volunteers_skill s
    WHERE a.slug = 'invitia' AND s.slug = 'oral-history'
"""
COUNTED_ANEW = "DELETE FROM volunteers_bottlenecksnapshot WHERE day > current_date"
WANTS = """
    INSERT INTO volunteers_personskill (person_id, skill_id, how)
    SELECT p.id, s.id, 'wants' FROM volunteers_person p, volunteers_skill s
    WHERE p.username IN ('invites-bo', 'invites-cy') AND s.slug = 'oral-history'
"""


@pytest.fixture
def three(product, new_context):
    """A steward, and two on a phone who want to learn what is scarce."""
    steward = Somebody(product, new_context(), "invites-ada")
    learners = [
        Somebody(product, new_context(**PHONE), name) for name in ("invites-bo", "invites-cy")
    ]
    for person in (steward, *learners):
        person.sign_up()
    for rows in (AFFILIATE, STEWARD, BOTTLENECK, WANTS):
        product.query(rows)
    yield steward, *learners
    product.query(COUNTED_ANEW)


def looked_at(person, name):
    """Find nothing beyond the edge of the page, and take a picture where somebody wants one."""
    wide = person.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert wide, name
    if SHOTS:
        person.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
        person.page.context.add_cookies(
            [{"name": "django_language", "value": "ar", "url": person.product.url}]
        )
        person.page.reload()
        wide = person.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert wide, name
        person.page.screenshot(path=Path(SHOTS) / f"{name}-ar.png", full_page=True)
        person.page.context.clear_cookies(name="django_language")
        person.page.reload()


def follow_the_bottleneck(steward):
    steward.go("/affiliates/invitia/care/")
    steward.page.locator("section[aria-labelledby=bottlenecks] summary").click()
    steward.press("Invite people who want to learn it")


def invite(steward, name):
    row = steward.page.get_by_role("listitem").filter(has_text=name)
    with steward.page.expect_navigation():
        row.get_by_role("button", name="Invite").click()
    expect(steward.page.locator(".messages")).to_contain_text(f"{name} is invited")


def test_a_steward_invites_and_somebody_comes_from_the_mail(three):
    steward, comes, declines = three
    follow_the_bottleneck(steward)
    steward.sees("Write your offer")
    steward.fill(title=TITLE, body="We listen, record and ask once more.", seats="8")
    day = (timezone.now() + timedelta(days=40)).date().isoformat()
    steward.fill(first_day=day, last_day=day, takeaway="A recording.")
    steward.press("Publish")

    steward.sees("Invite people who want to learn this")
    looked_at(steward, "invite")
    for learner in (comes, declines):
        invite(steward, learner.name)
    steward.sees("Just now there is nobody to invite")
    looked_at(steward, "invited")

    for learner in (comes, declines):
        learner.go("/exchanges/")
        learner.sees("You are invited")
        looked_at(learner, f"mine-{learner.name}")
        learner.follows_the_mail(f"invites-ada invites you to a training: {TITLE}")
        learner.sees("You have said that you want to learn this.")
        looked_at(learner, f"invitation-{learner.name}")
    comes.press("I will come")
    expect(comes.page.locator(".messages")).to_contain_text("The seat is yours.")
    looked_at(comes, "comes")
    declines.press("No, thank you")
    expect(declines.page.locator(".messages")).to_contain_text("nobody is told")
    looked_at(declines, "declines")

    follow_the_bottleneck(steward)
    steward.sees("Whom you have invited")
    states = steward.page.locator("main li", has=steward.page.locator(".state"))
    expect(states.filter(has_text=comes.name)).to_contain_text("Joined")
    expect(states.filter(has_text=declines.name)).to_contain_text("Invited")
    looked_at(steward, "afterwards")
