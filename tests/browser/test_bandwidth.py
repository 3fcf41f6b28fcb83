"""Two minutes on a phone: say what one can give, rest, be left alone, and say yes knowingly."""

import pytest

from tests.browser.somebody import Somebody

pytestmark = pytest.mark.xdist_group("product")

PHONE = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def helper(product, new_context, request):
    """Somebody on a phone."""
    name = f"busy-{len(request.node.name)}"
    person = Somebody(product, new_context(**PHONE), name)
    person.sign_up()
    return person


@pytest.fixture
def asker(product, new_context):
    """Somebody who needs help."""
    person = Somebody(product, new_context(), "asking-lucia")
    person.sign_up()
    return person


def fits(person):
    """Say that nothing of the page lies beyond the phone's edge."""
    width = person.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["viewport"]["width"], person.page.url


def day(product, away):
    return product.query("SELECT (current_date + %s)::text", away)[0][0]


def say_what_one_can_give(helper):
    helper.go("/me/bandwidth/")
    fits(helper)
    helper.fill(weekly_hours="4")
    helper.press("Save")
    helper.sees("4 h a week")


def take_something_on(helper, product):
    helper.press("Add something")
    fits(helper)
    helper.fill(what="Keeping the books", weekly_hours="3", first=day(product, -7))
    helper.press("Save")
    helper.sees("Keeping the books")
    fits(helper)


def note_days_off(helper, product):
    form = helper.page.locator("form[action*='/rest/']").last
    form.locator("[name=first]").fill(day(product, 120))
    form.locator("[name=last]").fill(day(product, 127))
    with helper.page.expect_navigation():
        form.get_by_role("button", name="Note these days").click()
    fits(helper)


def post_an_offer(helper):
    helper.go("/catalogue/new/?kind=offer&of=skill")
    helper.fill(title="Cutting films with you", body="An evening with your film.")
    box = helper.page.get_by_role("combobox", name="Skills")
    box.press_sequentially("video")
    helper.page.get_by_role("option").filter(has_text="video editing").first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")
    helper.page.locator("main [name=language]").select_option("en")
    helper.press("Publish")
    return helper.page.url


def test_somebody_looks_after_their_own_weeks_on_a_phone(product, helper, asker):
    say_what_one_can_give(helper)
    take_something_on(helper, product)
    note_days_off(helper, product)
    offer = post_an_offer(helper)

    asker.go(offer)
    asker.press("Ask about this")
    asker.fill(message="Would you help us with a film?")
    asker.press("Send")

    helper.follows_the_mail("Would you help us with a film?")
    exchange = helper.page.url.split("#")[0]
    asker.go(exchange)
    asker.press("Write it down")
    terms = {"first_day": day(product, 14), "last_day": day(product, 27), "hours": "8"}
    asker.fill(what="Two evenings, one film.", **terms)
    asker.press("Propose this")

    # Before the yes: what it does to the weeks, for the eyes of who helps only.
    helper.follows_the_mail("Two evenings, one film.")
    helper.sees("what would you put down?")
    fits(helper)
    asker.go(exchange)
    assert "put down" not in asker.page.locator("main").inner_text()

    helper.press("Confirm this")
    helper.sees("Are you sure?")
    helper.sees("Keeping the books")
    fits(helper)
    helper.press("Yes, I still want to do it")
    asker.mail("You both agreed")

    # One switch, and nobody finds or asks.
    helper.go("/me/bandwidth/")
    helper.sees("fuller than you said")
    helper.press("Leave me alone")
    helper.sees("You are resting")
    fits(helper)
    gone = asker.page.request.get(offer)
    assert gone.status == 404
    helper.press("I am back")
    assert asker.page.request.get(offer).ok


# Seconds by the keystroke-level model (Card, Moran and Newell 1980): to think of the next step,
# to point at it, and to press a key as people do who do not know where it lies. A swipe moves
# two thirds of a screen, and of what stands in a form every word is read (238 a minute:
# Brysbaert 2019).
THINK, POINT, KEY, SWIPE, WORD = 1.35, 1.1, 1.2, 1.0, 60 / 238
A_SWIPE = PHONE["viewport"]["height"] * 2 / 3
TWO_MINUTES = 120


class Taps:
    """Counts what a thumb and the eyes do: fields, keys, buttons, swipes, words."""

    def __init__(self, person):
        self.person, self.fields, self.buttons, self.pages = person, 0, 0, []
        self.keys, self.swipes, self.words, self.there = 0, 0, 0, 0
        person.page.on("framenavigated", lambda frame: self.pages.append(frame.url))

    def fill(self, form, name, value):
        self.fields += 1
        self.keys += len(value)
        field = form.locator(f"[name={name}]")
        self.find(field)
        field.fill(value)

    def read(self, part):
        """Read all of a part of the page once."""
        self.words += sum(len(text.split()) for text in part.all_inner_texts())

    def find(self, one):
        """Swipe from where one was to a field or button, up or down the whole page."""
        top = one.evaluate("node => node.getBoundingClientRect().top + window.scrollY")
        self.swipes += abs(top - self.there) / A_SWIPE
        self.there = top

    def press(self, form, label):
        self.buttons += 1
        button = form.get_by_role("button", name=label)
        self.find(button)
        with self.person.page.expect_navigation():
            button.tap()
        self.there = self.person.page.evaluate("window.scrollY")

    @property
    def seconds(self):
        """Say about how long somebody takes who sees the page for the first time."""
        steps = (self.fields + self.buttons) * (THINK + POINT) + self.keys * KEY
        return steps + self.swipes * SWIPE + self.words * WORD


def test_hours_and_a_rest_take_five_taps_and_no_other_page(product, helper):
    helper.go("/me/bandwidth/")
    taps = Taps(helper)
    taps.read(helper.page.locator("h1, .lede"))

    hours = helper.page.locator("form[action*='/bandwidth/hours/']").last
    taps.read(hours)
    taps.fill(hours, "weekly_hours", "4")
    taps.press(hours, "Save")
    helper.sees("4 h a week")
    rest = helper.page.locator("form[action*='/bandwidth/rest/']").last
    taps.read(rest)
    taps.fill(rest, "first", day(product, 30))
    taps.fill(rest, "last", day(product, 37))
    taps.press(rest, "Note these days")
    helper.sees("Days off, known beforehand")

    assert (taps.fields, taps.buttons) == (3, 2)
    assert {url.partition("#")[0] for url in taps.pages} == {f"{product.url}/me/bandwidth/"}
    rows = product.query(
        """
        SELECT b.weekly_hours, upper(r.period) - lower(r.period)
        FROM volunteers_person p JOIN volunteers_bandwidth b ON b.person_id = p.id
        JOIN volunteers_rest r ON r.person_id = p.id WHERE p.username = %s
        """,
        helper.name,
    )
    assert rows == [(4, 8)]

    # Leaving it all alone is one more.
    alone = helper.page.locator("form[action*='/bandwidth/alone/']")
    taps.read(alone)
    taps.press(alone, "Leave me alone")
    helper.sees("You are resting")
    assert (taps.fields, taps.buttons) == (3, 3)
    assert taps.seconds <= TWO_MINUTES


def test_three_full_weeks_are_told_by_mail_once(product, helper):
    product.query(
        """
        WITH me AS (SELECT id FROM volunteers_person WHERE username = %s), said AS (
            INSERT INTO volunteers_bandwidth (person_id, period, weekly_hours)
            SELECT id, daterange(current_date - 60, NULL), 4 FROM me
        )
        INSERT INTO volunteers_commitment
            (person_id, what, source, key, period, weekly_hours, state)
        SELECT id, 'The jury', 'by_hand', 'jury',
            daterange(current_date - 7, current_date + 40), 9, 'running' FROM me
        """,
        helper.name,
    )

    for _twice in range(2):
        product.manage("shell", "-c", "from volunteers.tasks import remind_of_weeks as r; r()")

    letter = helper.mail("three of four weeks are fuller")
    assert "The jury" in letter
    helper.follows_the_mail("three of four weeks are fuller")
    helper.press("Put down")
    helper.page.get_by_text("your weeks are free of it").wait_for()
    subjects = [mail["subject"] for mail in product.post.to(helper.address)]
    assert len(subjects) == len(set(subjects))
