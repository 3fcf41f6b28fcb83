"""From 'agreed' to what stuck half a year later: a traveller on a phone, a host, an organiser.

The clock is moved; the worker is the product's own, mail comes over SMTP, and whoever is
written to follows the link of the letter.
"""

import io
import unicodedata
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from grandtour.actions import journeys
from grandtour.models import (
    Completion,
    Consent,
    Edition,
    Leg,
    LookBackAnswer,
    Measure,
    RequiredTraining,
    Seat,
    Sharing,
    StopNote,
    TravelReport,
)
from tests.browser.test_axe import AXE, weight
from tests.browser.test_import import WINDOWS, look, sign_in
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.rounds import city
from tests.grandtour.test_evaluation import FACTOR
from tests.grandtour.through_time import Walk, Worker, noon
from tests.grandtour.tours import (
    EditionFactory,
    HostFactory,
    JourneyFactory,
    SeatFactory,
    StopFactory,
    settle,
)
from tests.grandtour.trained import passed, published
from tests.post_office import PostOffice, links

A_DAY = timedelta(days=1)
BEGUN = date(2026, 2, 10)
WAYS = ["en", "ar"]


@pytest.fixture
def post():
    with PostOffice() as made:
        yield made


@pytest.fixture
def walk(live, tmp_path, post):
    """Begin in February, with the worker at work."""
    first = noon(BEGUN)
    worker = Worker(tmp_path, post)
    with time_machine.travel(first, tick=False) as clock, worker.at_work(first):
        yield Walk(worker, clock, first)


def on(walk, day):
    """Go on to a day at once, and do what is due there."""
    walk.now = noon(day)
    walk.clock.move_to(walk.now)
    walk.tick()


@pytest.fixture
def journey(transactional_db):
    """Give a journey of two who have both said yes; one has agreed on nothing yet."""
    edition = EditionFactory(
        state="matching", fewest_stops=2, least_first_time=0, travel_last_day=date(2026, 5, 31)
    )
    measures = [("Evenings at home", 4, ""), ("Reports in time", 80, "reported")]
    for number, (name, target, figure) in enumerate(measures, 1):
        Measure.objects.create(
            edition=edition, number=number, name=name, target=target, figure=figure
        )
    made = JourneyFactory(edition=edition, state="offered", number=1)
    accepted = {"state": "accepted", "decided_at": noon(BEGUN), "languages": ["en"]}
    for number, country in enumerate(("DE", "CZ"), 1):
        host = HostFactory(edition=edition, place=city(country), **accepted)
        speaker = MembershipFactory(affiliate=host.affiliate, role="editor").person
        StopFactory(
            journey=made,
            number=number,
            host=host,
            accepted_at=noon(BEGUN),
            accepted_by=speaker,
        )
    for number, country in enumerate(("PL", "SK"), 1):
        SeatFactory(
            journey=made,
            number=number,
            country=country,
            application__country=country,
            application__place=city(country),
            application__state="placed",
            state="agreed",
            accepted_at=noon(BEGUN),
        )
    _ways(made)
    return made


def _ways(journey):
    """Write the ways of the group, and of each from home and back."""
    first, last = journey.stops.order_by("number")
    ends = [(seat, None, first) for seat in journey.seats.all()]
    ends += [(None, first, last)] + [(seat, last, None) for seat in journey.seats.all()]
    for seat, origin, target in ends:
        Leg.objects.create(
            journey=journey,
            seat=seat,
            origin=origin,
            target=target,
            mode="rail",
            km=300,
            grams=3000,
            grams_plain=3000,
            **FACTOR,
        )


class Somebody:
    """A person with a letter box, at a window of some size, in a language."""

    def __init__(self, site, person, device, language):
        self.live, self.post, new_context = site
        self.person, self.language = person, language
        self.context = new_context(**WINDOWS[device])
        self.context.add_init_script(AXE)
        self.page = self.context.new_page()
        self.name = device

    def go(self, path):
        """Open an address, signed in: what was long ago is over."""
        sign_in(self.context, self.live, self.person, self.language)
        assert self.page.goto(f"{self.live}{path}").ok, path
        self.looks()

    def follows(self, containing):
        """Open the link of the newest letter that leads to such an address."""
        mails = self.post.to(self.person.email)
        found = [link for mail in mails for link in links(mail) if containing in link]
        assert found, (containing, [mail["subject"] for mail in mails])
        self.go(urlsplit(found[-1]).path)

    def looks(self):
        """Find nothing wrong with what there is."""
        part = urlsplit(self.page.url).path.strip("/").replace("/", "-")
        look(self.page, f"{self.name}-{self.language}-{part[:60]}")

    def press(self, selector):
        with self.page.expect_navigation():
            self.page.locator(f"main {selector}").first.click()
        self.looks()

    def fill(self, **fields):
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").fill(value)


@pytest.fixture
def somebody(live, post, new_context):
    """Open a window for somebody."""
    site = live, post, new_context

    def opened(person, device, language="en"):
        return Somebody(site, person, device, language)

    return opened


def agree(walk, traveller, hosts, seat):
    """Let the traveller write what they expect of each stop, and each host confirm it."""
    for stop, host in hosts.items():
        address = reverse("grandtour:expectation", args=[seat.pk, stop.number])
        traveller.go(seat.journey.get_absolute_url())
        traveller.press(f'a[href="{address}"]')
        traveller.press(f'a[href="{address}write/"]')
        traveller.fill(
            goals="To scan glass plates.",
            programme="Two days in the archive.",
            questions="Who may see them?\nWhere are they kept?",
            afterwards=f"A workshop on what I saw at stop {stop.number}.",
        )
        traveller.press("form.form button")
        walk.tick()
        host.follows(address)
        expect(host.page.locator("main")).to_contain_text("To scan glass plates.")
        host.press(f'form[action="{address}confirm/"] button')
    agreed = Consent.objects.filter(expectation__seat=seat).values_list("side", flat=True)
    assert sorted(agreed) == ["host", "host", "traveller", "traveller"]
    walk.tick()


def train(traveller, version):
    """Let the traveller pass the training that stands on the journey's page."""
    page = traveller.page
    traveller.go(Seat.objects.get(person=traveller.person).journey.get_absolute_url())
    traveller.press(f'a[href="{version.training.get_absolute_url()}"]')
    traveller.press(".cdx-button--action-progressive")
    page.locator("main [type=radio]").nth(1).check(force=True)
    page.locator("main textarea").fill("I would ask her later, alone.")
    traveller.press("form button")
    with page.expect_navigation():
        page.locator("main nav .cdx-button--action-progressive").click()
    traveller.press("form button")
    assert Completion.objects.filter(person=traveller.person).exists()


def confirm(walk, organiser, journey):
    """Let the organiser confirm the journey, and the edition go on."""
    organiser.goes_on(reverse("admin:grandtour_journey_confirm", args=[journey.pk]))
    organiser.goes_on(reverse("admin:grandtour_edition_go_on", args=[journey.edition_id]))
    journey.refresh_from_db()
    assert (journey.state, Edition.objects.get().state) == ("confirmed", "decided")
    walk.tick()


class Organiser(Somebody):
    """An organiser at the desk, where one page asks whether one is sure."""

    def go(self, path):
        sign_in(self.context, self.live, self.person, self.language)
        assert self.page.goto(f"{self.live}{path}").ok, path

    def goes_on(self, path):
        self.go(path)
        with self.page.expect_navigation():
            self.page.locator(".desk-ask form button").click()


def sees_to(traveller, journey):
    """Let the traveller tick everything that is done before one leaves."""
    traveller.follows(journey.get_absolute_url())
    todos = traveller.page.locator("main .todo form button[value=yes]")
    number = todos.count()
    for left in range(number, 0, -1):
        assert todos.count() == left
        traveller.press(".todo form button[value=yes]")
    done = traveller.person.seats.get().checklist.exclude(done_at=None)
    assert number == done.count() == 4


def write_notes(walk, traveller, hosts):
    """After each stop, let both write a note from the letter, and read the other's."""
    for stop, host in hosts.items():
        on(walk, stop.leave + A_DAY)
        address = reverse("grandtour:write_note", args=[stop.pk])
        for who, good in ((traveller, "The evening."), (host, "Good questions.")):
            who.follows(address)
            who.fill(good=good, better="More time.")
            who.page.locator('main [name=again][value="yes"]').check(force=True)
            expect(who.page.locator("#theirs")).to_have_count(0)
            who.press("form button")
        expect(host.page.locator("main")).to_contain_text("The evening.")
        traveller.go(address)
        expect(traveller.page.locator("main")).to_contain_text("Good questions.")
    assert StopNote.objects.count() == 2 * len(hosts)


def report(walk, traveller, journey):
    """Let the traveller report from the letter that reminds them, and note what was shared."""
    on(walk, journey.last_day + 8 * A_DAY)
    on(walk, journey.last_day + 21 * A_DAY)
    seat = Seat.objects.get(person=traveller.person)
    assert seat.state == "returned"
    traveller.follows(journey.get_absolute_url())
    traveller.press(f'a[href="{reverse("grandtour:report", args=[seat.pk])}"]')
    traveller.fill(learnt="To clean glass plates.", changes="We label first.")
    traveller.press("form button")
    traveller.page.locator("main [name=what]").fill("A talk at the library")
    traveller.page.locator("main [name=day]").fill(journey.last_day.isoformat())
    traveller.press(f'form[action="{reverse("grandtour:share", args=[seat.pk])}"] button')
    seat.refresh_from_db()
    assert seat.state == "reported"
    assert TravelReport.objects.get().learnt == "To clean glass plates."
    assert Sharing.objects.get().what == "A talk at the library"


def publish(organiser, edition):
    """Let the organiser write down what happened, and publish the evaluation."""
    for _step in ("travelling", "evaluating"):
        organiser.goes_on(reverse("admin:grandtour_edition_go_on", args=[edition.pk]))
    organiser.go(reverse("admin:grandtour_edition_change", args=[edition.pk]))
    organiser.page.locator("[name=measures-0-reached]").fill("6")
    with organiser.page.expect_navigation():
        organiser.page.locator("[name=_save]").first.click()
    edition.refresh_from_db()
    assert edition.state == "evaluating"
    assert edition.measures.get(number=1).reached == 6


def answer(somebody, *, stuck):
    """Say what stuck, from the letter and without signing in."""
    somebody.context.clear_cookies()
    mail = somebody.post.to(somebody.person.email)[-1]
    assert somebody.page.goto(somebody.live + urlsplit(links(mail)[0]).path).ok
    somebody.looks()
    page = somebody.page
    assert "/look-back/" in page.url
    page.locator(f'main [name=stuck][value="{stuck}"]').check(force=True)
    for name, value in (("action", "done"), ("offered", "true"), ("again", "true")):
        box = page.locator(f'main [name={name}][value="{value}" i]')
        if box.count():
            box.check(force=True)
    page.locator('main [name=named][value="no"]').check(force=True)
    somebody.press("form button")


@pytest.mark.parametrize("language", WAYS)
def test_from_agreed_to_what_stuck_half_a_year_later(walk, somebody, journey, language):
    version, edition = published(at=walk.now), journey.edition
    RequiredTraining.objects.create(edition=edition, training=version.training)
    mine, other = journey.seats.order_by("number")
    settle(other)
    passed(version, other.person, at=walk.now)
    traveller = somebody(mine.person, "phone", language)
    hosts = {
        stop: somebody(stop.accepted_by, "phone" if stop.number == 1 else "desk", language)
        for stop in journey.stops.select_related("accepted_by").order_by("number")
    }
    organiser = Organiser(
        (traveller.live, traveller.post, traveller.context.browser.new_context),
        OrganiserFactory(),
        "desk",
        "en",
    )

    agree(walk, traveller, hosts, mine)
    train(traveller, version)
    confirm(walk, organiser, journey)
    sees_to(traveller, journey)
    on(walk, journey.period.lower)
    traveller.go(journey.get_absolute_url())
    expect(traveller.page.locator("#now")).to_be_visible()
    write_notes(walk, traveller, hosts)
    report(walk, traveller, journey)
    publish(organiser, edition)
    on(walk, journey.last_day + timedelta(days=183))
    answer(traveller, stuck="much")
    for host in hosts.values():
        answer(host, stuck="some")

    assert sorted(LookBackAnswer.objects.values_list("side", "stuck", "person")) == [
        ("host", "some", None),
        ("host", "some", None),
        ("traveller", "much", None),
    ]
    reader = somebody(PersonFactory(), "phone", language)
    reader.go(reverse("grandtour:evaluation", args=[edition.slug]))
    expect(reader.page.locator("main")).to_contain_text("Evenings at home")
    expect(reader.page.locator("svg.bars .bars__bar")).to_have_count(2)
    organiser.context.close()


ON_PAPER = {"width": 680, "height": 1000}  # of A4 between margins of 15 mm
SHOWN = """selectors => selectors.filter(one => [...document.querySelectorAll(one)].some(
    found => found.checkVisibility() && found.getBoundingClientRect().height > 0))"""
CUT = """() => [...document.querySelectorAll("main *, aside *")].filter(one => {
    if (!one.checkVisibility() || one.closest(".hidden-visually, svg")) return false;
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (!box.width || !box.height) return false;
    const kept = side => style[`overflow${side}`] !== "visible";
    return box.left < -1 || box.right > innerWidth + 1
        || (kept("X") && one.scrollWidth > one.clientWidth + 1)
        || (kept("Y") && one.scrollHeight > one.clientHeight + 1);
}).map(one => one.outerHTML.slice(0, 200))"""


@pytest.fixture
def underway(walk, journey):
    """Let the journey be under way, on its second day."""
    for seat in journey.seats.all():
        settle(seat)
    journeys.confirm(journey, OrganiserFactory(), at=walk.now)
    journey.refresh_from_db()
    on(walk, journey.period.lower + A_DAY)
    journey.refresh_from_db()
    assert journey.state == "travelling"
    return journey


@pytest.mark.parametrize("language", WAYS)
def test_a_journey_fits_on_paper_with_all_one_needs_on_a_train(somebody, underway, language):
    mine = underway.seats.order_by("number").first()
    traveller = somebody(mine.person, "phone", language)
    traveller.go(underway.get_absolute_url())
    page = traveller.page

    paper = PdfReader(io.BytesIO(page.pdf(format="A4")))
    page.emulate_media(media="print")
    page.set_viewport_size(ON_PAPER)

    nothing_to_press = ["header", "footer", "nav", "form", "button", ".cdx-button", ".skip"]
    assert page.evaluate(SHOWN, nothing_to_press) == []
    assert page.evaluate(CUT) == []
    assert page.evaluate(SHOWN, ["svg.route", ".itinerary", "#checklist", "#now", "table"]) == [
        "svg.route",
        ".itinerary",
        "#checklist",
        "#now",
        "table",
    ]
    text = " ".join(one.extract_text() for one in paper.pages)
    written = " ".join(unicodedata.normalize("NFKC", text).split())  # "ff" is drawn as one sign
    stops = underway.stops.select_related("host__affiliate", "host__place", "accepted_by")
    names = [str(stop.host.affiliate) for stop in stops]
    names += [str(stop.accepted_by) for stop in stops]  # to whom one writes
    names += [str(seat.person) for seat in underway.seats.all()]
    if language == "en":  # letters of Arabic are drawn joined, and read as other ones
        names += [stop.host.place.name for stop in stops]
        names += [item.get_what_display() for item in mine.checklist.all()]
    assert [name for name in names if name not in written] == []
    assert len(paper.pages) <= 3


def test_the_page_of_a_journey_is_light_enough_for_a_train(
    live, somebody, underway, new_context
):
    address = f"{live}{underway.get_absolute_url()}"
    for seat in underway.seats.all():
        context = new_context(**WINDOWS["phone"])
        sign_in(context, live, seat.person)
        assert 20_000 < weight(context.new_page(), address) <= 100_000
