"""On a phone: a check-in from the mail, too much, and somebody else who takes it over."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.somebody import Somebody
from tests.post_office import links

pytestmark = pytest.mark.xdist_group("product")
PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True}
TITLE = "Subtitles for your recordings"
TERMS = "I write the subtitles of one recording."


# Whatever somebody does stops the page from sending by itself; a submit is held back here, so
# that only the script could send.
ACTS = {
    "touch": lambda page: page.touchscreen.tap(5, 5),
    "key": lambda page: page.keyboard.press("Tab"),
    "wheel": lambda page: page.mouse.wheel(0, 10),
    "screen reader": lambda page: page.get_by_label("Stretched").evaluate("one => one.click()"),
    "submit": lambda page: page.evaluate("""() => {
        const form = document.querySelector( 'form[data-chosen]' );
        form.addEventListener( 'submit', ( sent ) => sent.preventDefault(), { once: true } );
        form.requestSubmit();
    }"""),
}


@pytest.fixture
def three(product, new_context):
    """Who helps, who is helped, and somebody else who can do the same."""
    people = [
        Somebody(product, new_context(**PHONE), name) for name in ("nora", "rosa", "otto")
    ]
    for person in people:
        person.sign_up()
    product.query(
        """
        INSERT INTO volunteers_personskill (person_id, skill_id, how)
        SELECT p.id, s.id, 'has' FROM volunteers_person p, volunteers_skill s
        WHERE p.username = 'otto' AND s.slug = 'subtitling'
        """
    )
    return people


def fits(person):
    """Say whether nothing of the page lies beyond the edge of a narrow phone."""
    return person.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def agree(helper, helped):
    helper.go("/catalogue/new/?kind=offer&of=skill")
    helper.fill(title=TITLE, body="Send me a recording.")
    box = helper.page.get_by_role("combobox", name="Skills")
    box.press_sequentially("subtitl")
    helper.page.get_by_role("option").filter(has_text="subtitling").first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    helper.press("Publish")
    helped.go(helper.page.url)
    helped.press("Ask about this")
    helped.fill(message="Could you do ours?")
    helped.press("Send")
    helper.follows_the_mail("Could you do ours?")
    helper.go(helped.page.url.split("#")[0] + "agreement/")
    today = helper.product.query("SELECT (current_date + 9)::text")[0][0]
    helper.fill(what=TERMS, first_day=today, last_day=today, hours="2")
    helper.press("Propose this")
    helped.follows_the_mail(TERMS)
    helped.press("Confirm this")


def answer_otherwise(person):
    """Change the last answer twice: on one's own page, and with words to it."""
    person.go("/me/check-ins/")
    person.page.get_by_role("link", name="Change my last answer").click()
    person.page.get_by_label("Stretched").check()
    person.press("This is my answer")
    person.sees("You said: Stretched.")
    person.page.get_by_label("It is too much").check()
    person.fill(words="Three requests in one week.")
    person.press("Save")


def waits_for_whoever_acts(person, link):
    """Do one thing after the other on the page, and let a minute pass each time."""
    soon = person.page.get_by_text("Your answer is sent in a moment.")
    for act in ACTS.values():
        person.page.goto(link)
        assert soon.is_visible()
        act(person.page)
        expect(soon).to_be_hidden()  # a wheel is heard of a moment later
        person.page.clock.run_for(60_000)
        person.page.wait_for_load_state("networkidle")
        assert person.page.url == link


def test_a_check_in_from_the_mail_leads_to_somebody_else_who_takes_it_over(
    product, new_context, three
):
    nora, rosa, otto = three
    agree(nora, rosa)

    nora.go("/me/check-ins/")
    assert fits(nora)
    nora.press("Save")
    too_much = links(product.post.wait(nora.address, "How are you doing?"))[2]

    # Another browser, in which nobody is signed in.
    phone = Somebody(product, new_context(**PHONE), "nora")
    phone.go(too_much)
    assert phone.page.locator("[name=answer][value=too_much]").is_checked()
    assert fits(phone)
    # Where a program drives the browser, nothing is sent by itself.
    phone.page.wait_for_load_state("networkidle")
    answers = "SELECT state, answer FROM volunteers_checkin c JOIN volunteers_person p "
    answers += "ON p.id = c.person_id WHERE p.username = 'nora'"
    assert product.query(answers) == [("asked", "")]
    # Where somebody sits before it, the click on the link was the answer.
    phone.page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false })"
    )
    now = datetime.now(UTC)
    phone.page.clock.install(time=now)
    phone.page.clock.pause_at(now + timedelta(minutes=1))
    waits_for_whoever_acts(phone, too_much)
    assert product.query(answers) == [("asked", "")]
    phone.page.goto(too_much)
    phone.page.clock.run_for(3_000)
    phone.sees("Put something down")
    assert product.query(answers) == [("answered", "too_much")]
    assert fits(phone)
    # The links are used; what a thumb or a program pressed is mended on one's own page.
    phone.go(too_much.replace("too_much", "stretched"))
    phone.sees("You have answered this already")
    answer_otherwise(nora)
    assert product.query(answers) == [("answered", "too_much")]
    nora.sees("What you added is kept with it.")

    nora.go("/me/hand-over/")
    assert fits(nora)
    nora.page.get_by_role("link", name="Who could take this?").first.click()
    nora.sees("These people can do the same and take requests.")
    assert fits(nora)
    nora.press("Ask otto")
    nora.sees("otto is asked to take it on.")

    otto.follows_the_mail("asks whether you could take something on")
    otto.sees(TERMS)
    assert fits(otto)
    otto.press("Yes, I take it on")

    rosa.follows_the_mail("would help you instead of")
    rosa.sees("Instead of what was agreed before")
    assert fits(rosa)
    rosa.press("Confirm this")

    assert TITLE in nora.mail("has taken it on")
    rows = product.query(
        """
        SELECT p.username, e.state FROM exchange_exchange e
        JOIN volunteers_person p ON p.id = e.provider_id
        JOIN exchange_listing l ON l.id = e.listing_id WHERE l.title = %s ORDER BY e.id
        """,
        TITLE,
    )
    assert rows == [("nora", "withdrawn"), ("otto", "agreed")]
    said = product.query("SELECT answer, words FROM volunteers_checkin")
    assert said == [("too_much", "Three requests in one week.")]
