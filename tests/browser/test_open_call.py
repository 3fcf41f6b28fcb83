"""An open call, from asking everybody to the first who helps, and to who comes late."""

import pytest

from tests.browser.somebody import Somebody

pytestmark = pytest.mark.xdist_group("product")
PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
TITLE = "Subtitles for our annual lecture"


@pytest.fixture
def three(product, new_context):
    """Who asks, and two on a phone who can do it."""
    asker = Somebody(product, new_context(), "calls-ada")
    helpers = [
        Somebody(product, new_context(**PHONE), name) for name in ("calls-bo", "calls-cy")
    ]
    for person in (asker, *helpers):
        person.sign_up()
    product.query(
        """
        INSERT INTO volunteers_personskill (person_id, skill_id, how)
        SELECT p.id, s.id, 'has' FROM volunteers_person p, volunteers_skill s
        WHERE p.username IN ('calls-bo', 'calls-cy') AND s.slug = 'subtitling'
        """
    )
    return asker, *helpers


def post_a_request(asker):
    asker.go("/catalogue/new/?kind=request&of=skill&skills=subtitling")
    asker.fill(title=TITLE, body="An hour of talk, in English. The words are there already.")
    asker.page.locator("main [name=language]").select_option("en")
    asker.press("Publish")


def fits(person):
    """Say whether nothing of the page lies beyond the edge of the phone."""
    return person.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_everybody_is_asked_and_the_first_who_can_help_takes_it(three):
    asker, first, second = three
    post_a_request(asker)
    asker.press("Ask everybody who can do this")
    asker.sees("not who was written to")
    asker.press("Ask everybody")
    asker.sees("You ask everybody who can do this")
    call = asker.page.url

    for helper in (first, second):
        helper.follows_the_mail(f"looks for help: {TITLE}")
        helper.sees("If you cannot, do nothing: nobody is told.")
        assert fits(helper)
    first.fill(message="I have done three of these. Next week?")
    first.press("I can help")
    first.page.get_by_text("You two can talk about the rest here.").wait_for()
    assert fits(first)

    second.fill(message="I could do it in May.")
    second.press("I can help")
    second.sees("Somebody was a little faster")
    assert second.page.locator("textarea[readonly]").input_value() == "I could do it in May."
    assert fits(second)

    asker.follows_the_mail("I have done three of these.")
    asker.sees(TITLE)
    asker.sees("calls-bo")
    asker.go(call)
    asker.sees("Somebody has said that they can help.")
