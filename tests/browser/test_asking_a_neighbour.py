"""A steward asks a neighbour's people: from the bottleneck to a member who helps."""

import pytest
from playwright.sync_api import expect

from tests.browser.somebody import Somebody

pytestmark = pytest.mark.xdist_group("product")
PHONE = {"viewport": {"width": 320, "height": 700}, "has_touch": True, "is_mobile": True}
AFFILIATES = """
    INSERT INTO volunteers_affiliate
        (kind, name, slug, about, website, countries, languages, has_office)
    VALUES ('chapter', 'Wikimedia Seaside', 'seaside', '', '', '{DE}', '{de}', true),
        ('chapter', 'Wikimedia Hillside', 'hillside', '', '', '{DE}', '{de}', true)
"""
MEMBERSHIP = """
    INSERT INTO volunteers_membership (person_id, affiliate_id, role, confirmed_at)
    SELECT person.id, affiliate.id, %s, now()
    FROM volunteers_person AS person, volunteers_affiliate AS affiliate
    WHERE person.username = %s AND affiliate.slug = %s
"""
ABLE = """
    INSERT INTO volunteers_personskill (person_id, skill_id, how)
    SELECT p.id, s.id, 'has' FROM volunteers_person p, volunteers_skill s
    WHERE p.username IN ('next-mia', 'next-ole') AND s.slug = 'subtitling'
"""
# Of tomorrow: that of today is counted anew every second here.
KNOWN = """
    INSERT INTO volunteers_bottlenecksnapshot
        (day, scope, skill_id, level, band, carriers, effective, truck_factor, score, use, over,
        demand, room)
    SELECT current_date + 1, 'affiliate:' || a.id, s.id, %s, %s, 5, 2.5, 1, 65, 50, 0, 18, 20
    FROM volunteers_affiliate a, volunteers_skill s
    WHERE a.slug = %s AND s.slug = 'subtitling'
"""
COUNTED_ANEW = "DELETE FROM volunteers_bottlenecksnapshot WHERE day > current_date"


@pytest.fixture
def three(product, new_context):
    """A steward, a neighbour's member on a phone, and somebody else who can do it."""
    product.query(AFFILIATES)
    steward = Somebody(product, new_context(), "next-ada")
    member = Somebody(product, new_context(**PHONE), "next-mia")
    other = Somebody(product, new_context(), "next-ole")
    for person in (steward, member, other):
        person.sign_up()
    product.query(MEMBERSHIP, "steward", steward.name, "seaside")
    product.query(MEMBERSHIP, "member", member.name, "hillside")
    product.query(ABLE)
    product.query(KNOWN, "red", "over", "seaside")
    product.query(KNOWN, "fine", "low", "hillside")
    yield steward, member, other
    product.query(COUNTED_ANEW)


def is_as_wide_as_the_phone(person):
    wide = person.page.evaluate("document.documentElement.scrollWidth")
    assert wide == PHONE["viewport"]["width"]


def test_from_the_bottleneck_a_neighbour_is_asked_and_a_member_helps(three):
    steward, member, other = three
    steward.go("/bottlenecks/?affiliate=seaside")
    steward.page.get_by_text("What would help").first.click()
    steward.press("Ask Wikimedia Hillside, who have room")
    steward.sees("Ask the people of Wikimedia Hillside")
    title = steward.page.locator("main [name=title]")
    expect(title).to_have_value("Help with subtitling")
    steward.press("Ask them")
    steward.sees("You ask the people of Wikimedia Hillside")
    call = steward.page.url

    member.follows_the_mail("asks people of Wikimedia Hillside who can do it")
    member.sees("next-ada looks for help")
    is_as_wide_as_the_phone(member)
    assert other.page.goto(call).status == 404
    steward.go(call)
    expect(steward.page.locator("main")).not_to_contain_text("next-mia")
    member.fill(message="An hour on Friday, with pleasure.")
    member.press("I can help")
    member.page.get_by_text("You two can talk about the rest here.").wait_for()

    steward.follows_the_mail("An hour on Friday, with pleasure.")
    steward.sees("next-mia")
    steward.go(call)
    steward.sees("Somebody has said that they can help.")
