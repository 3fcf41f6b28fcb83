"""On paper: all words and tables of a page, nothing to press, nothing folded away."""

import io
import re
import unicodedata
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from pypdf import PdfReader

from tests.browser.test_import import sign_in
from tests.capx.test_care import done
from tests.factories import (
    AffiliateFactory,
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    SkillFactory,
)
from volunteers.actions import care
from volunteers.load import monday_of
from volunteers.models import Bandwidth, BottleneckSnapshot, CheckIn, Commitment
from volunteers.models.bandwidth import days

# As wide as the words of an A4 sheet between its margins.
SHEET = {"viewport": {"width": 680, "height": 960}}
DAY = timedelta(days=1)
MEMBERS = 5
PRESSED = """() => [...document.querySelectorAll(
    'header, nav, footer, button, input, select, form, .cdx-button, .pager, .messages'
)].filter(one => one.checkVisibility()).map(one => one.outerHTML.slice(0, 80))"""
SECTIONS = """() => [...document.querySelectorAll('main section h2')]
    .filter(one => one.checkVisibility()).map(one => one.id)"""
FOLDED = """() => [...document.querySelectorAll('main details :is( p, li, td, th )')]
    .filter(one => !one.checkVisibility()).map(one => one.outerHTML.slice(0, 80))"""
CUT_OFF = """() => {
    const wide = document.documentElement.clientWidth;
    const beyond = one => {
        const box = one.getBoundingClientRect();
        return box.width && (box.left < -1 || box.right > wide + 1);
    };
    const scrolls = one => one.scrollWidth > one.clientWidth + 1;
    return [
        ...[...document.querySelectorAll('main .table')].filter(scrolls),
        ...[...document.querySelectorAll('main td, main th, main p, main svg')].filter(beyond),
    ].map(one => one.outerHTML.slice(0, 80));
}"""
CELLS = """() => [...document.querySelectorAll('main td, main th')].map(one => one.innerText)"""


def member(affiliate, number, now):
    """Make a member who shows everything, does too much, and heard no thank-you."""
    person = PersonFactory(name=f"Member {'ABCDE'[number]}")
    long_ago = now - 300 * DAY
    MembershipFactory(person=person, affiliate=affiliate, role="editor", confirmed_at=long_ago)
    care.share(
        person,
        affiliate,
        care.Shared(DateRange(now.date() - DAY, None), check_ins=True),
        at=now,
    )
    Bandwidth.objects.create(person=person, period=("2020-01-01", None), weekly_hours=6)
    Commitment.objects.create(
        person=person,
        affiliate=affiliate,
        what=f"Writing afternoons {number}",
        source="import",
        key="x",
        period=days(now.date() - 70 * DAY, now.date() + 60 * DAY),
        weekly_hours=9,
        state="running",
    )
    CheckIn.objects.create(
        person=person,
        week=monday_of(now.date()),
        asked_at=now - timedelta(minutes=2),
        state="answered",
        answered_at=now - timedelta(minutes=1),
        answer="too_much",
        words=f"Head under water {number}",
    )
    listing = ListingFactory(author=person, affiliate=affiliate)
    done(ExchangeFactory(listing=listing, asked_at=now - 30 * DAY), now - 20 * DAY)
    return person


@pytest.fixture
def desk(transactional_db):
    """Give a steward whose desk has something in every part of it, and its address."""
    now = timezone.now()
    affiliate = AffiliateFactory(name="Wikimedia Testland", slug="testland")
    steward = MembershipFactory(affiliate=affiliate, role="steward").person
    for number in range(MEMBERS):
        member(affiliate, number, now)
    BottleneckSnapshot.objects.create(
        day=now.date(),
        scope=f"affiliate:{affiliate.pk}",
        skill=SkillFactory(label="interpreting"),
        level="red",
        band="over",
    )
    return steward, "/affiliates/testland/care/"


def on_paper(new_context, live, person, path, language="en"):
    """Open a page as a printer gets it."""
    context = new_context(**SHEET)
    sign_in(context, live, person, language)
    page = context.new_page()
    assert page.goto(f"{live}{path}").ok
    folded = page.locator("main details:not([open])").count()
    page.emulate_media(media="print")
    return page, folded


def words_of(page):
    """Give the words of the sheets that come out, without what stands between them."""
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    return squeezed("".join(sheet.extract_text() for sheet in sheets))


def squeezed(text):
    """Leave out what a sheet breaks lines by, and take letters apart that it joins (ff)."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_desk_of_a_steward_stands_whole_on_paper(live, new_context, desk, language):
    page, folded = on_paper(new_context, live, *desk, language)

    assert folded == 2 * MEMBERS + 1
    assert page.evaluate(SECTIONS) == ["help", "together", "weeks", "thank", "bottlenecks"]
    assert {
        "to press": page.evaluate(PRESSED),
        "folded away": page.evaluate(FOLDED),
        "cut off": page.evaluate(CUT_OFF),
    } == {"to press": [], "folded away": [], "cut off": []}


def test_every_cell_and_word_of_the_desk_comes_out_of_the_printer(live, new_context, desk):
    page, _folded = on_paper(new_context, live, *desk)
    said = [
        *page.evaluate(CELLS),
        *(f"Writing afternoons {number}" for number in range(MEMBERS)),
        *(f"Head under water {number}" for number in range(MEMBERS)),
        *("interpreting", "Offer a training", f"{live}{desk[1]}"),
    ]

    printed = words_of(page)

    assert len(said) > MEMBERS * 8 * 3
    assert [words for words in said if squeezed(words) not in printed] == []
    assert [
        words for words in ("Suggest a rest", "Ask others") if squeezed(words) in printed
    ] == []


def test_what_one_has_given_stands_whole_on_paper(live, new_context, desk):
    person = Commitment.objects.earliest("pk").person
    page, folded = on_paper(new_context, live, person, "/me/bandwidth/past/")

    assert folded == 1
    assert page.evaluate(SECTIONS) == ["months", "behind", "costs"]
    assert [page.evaluate(look) for look in (PRESSED, FOLDED, CUT_OFF)] == [[], [], []]
    printed = words_of(page)
    assert [cell for cell in page.evaluate(CELLS) if squeezed(cell) not in printed] == []
    assert squeezed(f"{live}/me/bandwidth/past/") in printed
