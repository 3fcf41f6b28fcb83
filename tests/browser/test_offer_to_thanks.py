"""From an offer in German to a practice: two people, real mail, a real worker."""

import pytest

from tests.browser.somebody import Somebody

pytestmark = pytest.mark.xdist_group("product")

TITLE = "Übersetzen am runden Tisch: ein Nachmittag mit eurem Text"
BODY = "Ich gehe mit euch einen Text durch, Satz für Satz, und zeige meine Werkzeuge."


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripted(request):
    return request.param


@pytest.fixture
def pair(product, new_context, scripted):
    """Somebody on the staff of an affiliate, and somebody in another country."""
    suffix = "js" if scripted else "plain"
    staff, seeker = (
        Somebody(product, new_context(java_script_enabled=scripted), f"{name}-{suffix}")
        for name in ("jonas", "lucia")
    )
    staff.sign_up()
    seeker.sign_up()
    product.query(
        """
        WITH affiliate AS (
            INSERT INTO volunteers_affiliate
                (kind, name, slug, about, website, countries, languages, has_office)
            VALUES ('chapter', %s, %s, '', '', '{DE}', '{de}', true) RETURNING id
        )
        INSERT INTO volunteers_membership (person_id, affiliate_id, role, confirmed_at)
        SELECT person.id, affiliate.id, 'editor', now()
        FROM volunteers_person AS person, affiliate WHERE person.username = %s
        """,
        f"Wikimedia Deutschland {suffix}",
        f"wikimedia-deutschland-{suffix}",
        staff.name,
    )
    return staff, seeker


def post_an_offer(staff, suffix, scripted):
    staff.go("/catalogue/new/?kind=offer&of=skill")
    staff.fill(title=f"{TITLE} ({suffix})", body=BODY)
    pick_a_skill(staff.page, scripted)
    staff.page.locator("main [name=language]").select_option("de")
    affiliate = staff.page.locator("main [name=affiliate]")
    affiliate.select_option(label=f"Wikimedia Deutschland {suffix}")
    staff.press("Publish")
    staff.sees(TITLE)


def pick_a_skill(page, scripted):
    """Choose the skill by its German name: from the list, or as plain text."""
    if not scripted:
        page.locator("main [name=skills]").fill("Übersetzung")
        return
    box = page.get_by_role("combobox", name="Skills")
    box.press_sequentially("ubersetz")
    page.get_by_role("option").filter(has_text="translation").first.wait_for()
    box.press("ArrowDown")
    box.press("Enter")


def find_it(seeker, suffix):
    """Search in Spanish what was written in German."""
    seeker.go("/catalogue/?q=traducción")
    with seeker.page.expect_navigation():
        seeker.page.get_by_role("link", name=f"({suffix})").first.click()
    seeker.sees(BODY)


def agree(staff, seeker):
    seeker.press("Ask about this")
    seeker.fill(message="¿Nos ayudas con un folleto de cuatro páginas?")
    seeker.press("Send")

    staff.follows_the_mail("¿Nos ayudas con un folleto")
    staff.sees("¿Nos ayudas con un folleto")
    staff.fill(body="Gern! Ich schreibe auf, was wir ausmachen.")
    staff.press("Send")

    staff.press("Write it down")
    today = staff.product.query("SELECT current_date::text")[0][0]
    staff.fill(
        what="Zwei Stunden am Text, danach eine Wortliste.",
        first_day=today,
        last_day=today,
        hours="2",
        outcome="Ein fertiger Text auf Deutsch.",
    )
    staff.press("Propose this")

    seeker.follows_the_mail("Zwei Stunden am Text")
    seeker.sees("Zwei Stunden am Text")
    seeker.press("Confirm this")


def say_that_it_happened(person, label):
    person.press(label)
    person.page.locator("main [name=happened]").first.check()
    person.fill(worked="Vorher eine Wortliste machen.")
    person.press("Save")


def thank(giver, receiver, words):
    giver.press("Say thanks")
    giver.fill(words=words)
    giver.press("Send thanks")
    assert words in receiver.mail(words)


def write_it_down(person):
    person.press("Write it down for others")
    person.fill(
        title="Eine Wortliste spart den halben Nachmittag",
        tried="Wir haben vor dem Übersetzen eine Wortliste gemacht.",
        worked="Niemand stritt mehr über einzelne Wörter.",
    )
    person.press("Publish")
    person.sees("Eine Wortliste spart den halben Nachmittag")


def test_an_offer_becomes_an_exchange_a_thank_you_and_a_practice(pair, scripted):
    staff, seeker = pair
    suffix = "js" if scripted else "plain"

    post_an_offer(staff, suffix, scripted)
    find_it(seeker, suffix)
    agree(staff, seeker)

    exchange = seeker.page.url.split("#")[0]
    staff.follows_the_mail("You both agreed")
    say_that_it_happened(staff, "It is done already")
    seeker.go(exchange)
    say_that_it_happened(seeker, "Tell us")
    thank(seeker, staff, "¡Gracias! Por fin un folleto que se entiende.")
    staff.go(exchange)
    thank(staff, seeker, "Danke für den schönen Nachmittag!")
    staff.go(exchange)
    write_it_down(staff)

    rows = staff.product.query(
        """
        SELECT exchange.state, count(DISTINCT thanks.id), count(DISTINCT practice.id)
        FROM exchange_exchange AS exchange
        LEFT JOIN volunteers_thanks AS thanks ON thanks.key = 'exchange:' || exchange.id
        LEFT JOIN exchange_practice AS practice ON practice.exchange_id = exchange.id
        WHERE exchange.id = %s GROUP BY exchange.id
        """,
        int(exchange.rstrip("/").rsplit("/", 1)[1]),
    )
    assert rows == [("closed", 2, 1)]
    subjects = [mail["subject"] for mail in staff.product.post.to(staff.address)]
    assert len(subjects) == len(set(subjects))
