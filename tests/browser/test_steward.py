"""A member shares, a steward looks, thanks and asks another; the member takes it back."""

import pytest
from playwright.sync_api import expect

from tests.browser.somebody import Somebody

pytestmark = pytest.mark.xdist_group("product")

PHONE = {"viewport": {"width": 320, "height": 700}, "has_touch": True, "is_mobile": True}
AFFILIATE = """
    INSERT INTO volunteers_affiliate
        (kind, name, slug, about, website, countries, languages, has_office)
    VALUES ('chapter', 'Wikimedia Testland', 'testland', '', '', '{DE}', '{de}', true)
"""
MEMBERSHIP = """
    INSERT INTO volunteers_membership (person_id, affiliate_id, role, confirmed_at)
    SELECT person.id, affiliate.id, %s, now()
    FROM volunteers_person AS person, volunteers_affiliate AS affiliate
    WHERE person.username = %s AND affiliate.slug = 'testland'
"""
BANDWIDTH = """
    INSERT INTO volunteers_bandwidth (person_id, period, weekly_hours)
    SELECT id, daterange(current_date - 100, NULL), 6.5
    FROM volunteers_person WHERE username = %s
"""
TAKEN_ON = """
    INSERT INTO volunteers_commitment
        (person_id, affiliate_id, what, source, key, period, weekly_hours, state)
    SELECT person.id, affiliate.id, 'Writing afternoons', 'import', 'x',
        daterange(current_date - 70, current_date + 60), 8, 'running'
    FROM volunteers_person AS person, volunteers_affiliate AS affiliate
    WHERE person.username = %s AND affiliate.slug = 'testland'
"""
DESK = "/affiliates/testland/care/"


@pytest.fixture
def people(product, new_context):
    """A member on a phone, a steward, and another member of the same affiliate."""
    product.query(AFFILIATE)
    member = Somebody(product, new_context(**PHONE), "ola")
    steward = Somebody(product, new_context(), "sten")
    other = Somebody(product, new_context(), "tariq")
    for person, role in ((member, "member"), (steward, "steward"), (other, "member")):
        person.sign_up()
        product.query(MEMBERSHIP, role, person.name)
    product.query(BANDWIDTH, member.name)
    product.query(TAKEN_ON, member.name)
    return member, steward, other


def is_as_wide_as_the_phone(person):
    wide = person.page.evaluate("document.documentElement.scrollWidth")
    assert wide == PHONE["viewport"]["width"]


def is_told(person, words):
    expect(person.page.locator(".messages")).to_contain_text(words)


def share(member):
    member.go("/affiliates/testland/")
    member.press("What its stewards see of you")
    member.sees("This is what they see")
    member.sees("Writing afternoons")
    is_as_wide_as_the_phone(member)
    member.press("Let them see it")
    member.sees("They see it")


def look_after(steward):
    steward.go("/affiliates/testland/")
    steward.press("Looking after its people")
    steward.sees("More than they can give in the weeks of")
    steward.sees("Writing afternoons")
    steward.press("Suggest a rest")
    is_told(steward, "They get a kind note")


def thank(steward, words):
    with steward.page.expect_navigation():
        steward.page.get_by_role("link", name="Say thank you").first.click()
    steward.fill(words=words)
    steward.press("Send thanks")


def ask_another(steward):
    steward.go(DESK)
    steward.press("Ask others to share")
    steward.press("Ask tariq")
    is_told(steward, "If nobody has asked them lately")


def test_a_steward_looks_after_who_lets_them(people):
    member, steward, other = people

    share(member)
    look_after(steward)
    assert "suggests a rest" in member.mail("suggests a rest")
    thank(steward, "Thank you for all these afternoons.")
    assert "all these afternoons" in member.mail("all these afternoons")
    ask_another(steward)
    other.follows_the_mail("would let its stewards see")
    other.sees("They see nothing of yours")

    member.go("/me/looked/stewards/")
    member.sees("sten")
    steward.go(DESK)
    steward.sees("Writing afternoons")
    member.go("/me/sharing/")
    is_as_wide_as_the_phone(member)
    member.press("Take it back now")
    member.sees("They see nothing of yours")
    steward.page.reload()

    steward.sees("Nobody shares anything with this affiliate yet")
    expect(steward.page.locator("main")).not_to_contain_text("Writing afternoons")
