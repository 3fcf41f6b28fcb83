"""No page stands in the way: axe finds nothing; none overflows, calls out or weighs much."""

from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest

from capx.sample.accounts import PASSWORD
from tests.browser import pages
from tests.product import site

pytestmark = pytest.mark.xdist_group("axe")

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Django's own pages of the desk: their outline is not ours to change.
AT_THE_DESK = TAGS[:-1]
RUN = """async tags => (await axe.run(document, {
    runOnly: tags, resultTypes: ["violations"], preload: false
})).violations.flatMap(rule => rule.nodes.map(node =>
    `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary}`))"""
# What a new width sets going comes to rest in two frames, where a window draws any.
OVERFLOW = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const drawn = frame().then(frame);
    await Promise.race([drawn, new Promise(then => setTimeout(then, 500))]);
    const wide = document.documentElement.scrollWidth;
    return wide <= innerWidth ? [] : [`${wide} px wide at ${innerWidth}`];
}"""
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def sampled(release, tmp_path_factory):
    """Show the sample, as `make run` does, with nobody who changes it."""
    folder = tmp_path_factory.mktemp("sampled")
    with site(release, folder, ["broker"]) as made:
        made.supervisor.env |= {"SAMPLE": "1", "MAIL_FOLDER": str(folder)}
        made.manage("sample")
        made.start("web")
        # The few who may open some pages have no password of their own.
        made.query(pages.EVERYBODY_SIGNS_IN)
        made.rows = {name: made.query(words)[0][0] for name, words in pages.ROWS.items()}
        yield made


class Reader:
    """Somebody who opens one page after the other, and notes what is wrong with it."""

    def __init__(self, site, new_context, language):
        self.site = site
        self.new_context = new_context
        self.language = language
        self.windows = {}
        self.wrong = []

    def window(self, who):
        """Open the window of one person, signed in."""
        if who not in self.windows:
            context = self.new_context(reduced_motion="reduce")
            page = context.new_page()
            if who:
                self.sign_in(page, who)
            cookie = {"name": "django_language", "value": self.language, "url": self.site.url}
            context.add_cookies([cookie])
            context.add_init_script(AXE)
            page.on("console", lambda said: self.hear(page, said))
            page.on("pageerror", lambda error: self.note(page, f"error: {error}"))
            page.on("request", self.stays_here)
            self.windows[who] = page
        return self.windows[who]

    def sign_in(self, page, who):
        page.goto(f"{self.site.url}/accounts/login/")
        page.locator("main [name=login]").fill(who)
        self.give_password(page)

    def give_password(self, page):
        page.locator("main [name=password]").fill(PASSWORD)
        with page.expect_navigation() as gone:
            page.locator("main [name=password]").press("Enter")
        return gone.value

    def open(self, window, path):
        """Go there, and give the password once more where the page asks for it."""
        answer = window.goto(self.site.url + path)
        if "/reauthenticate/?next" in window.url:
            return self.give_password(window)
        return answer

    def note(self, page, what):
        self.wrong.append(f"{urlsplit(page.url).path} {what}")

    def hear(self, page, said):
        """Note what a browser complains about; what it advises is its own."""
        if said.type in {"error", "warning"}:
            self.note(page, f"console: {said.text}")

    def stays_here(self, request):
        if urlsplit(request.url).netloc not in {urlsplit(self.site.url).netloc, ""}:
            self.wrong.append(f"asks another host: {request.url}")

    def read(self, page, viewport):
        """Look at one page in one size, then at a very narrow one."""
        window = self.window(page.who.format(**self.site.rows))
        window.set_viewport_size(viewport)
        path = page.path.format(**self.site.rows)
        answer = self.open(window, path)
        there = urlsplit(window.url).path.rstrip("/")
        if answer.status != 200 or not there.startswith(urlsplit(path).path.rstrip("/")):
            self.wrong.append(f"{path} led to {there} with {answer.status}")
            return
        tags = AT_THE_DESK if page.name.startswith("admin:") else TAGS
        found = window.evaluate(RUN, tags) + window.evaluate(OVERFLOW)
        window.set_viewport_size(NARROW)
        for what in found + window.evaluate(OVERFLOW):
            self.wrong.append(f"{path} ({viewport['width']} px) {what}")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("part", ["ENTRANCE", "OPEN", "ACCOUNT", "OWN", "DESK"])
def test_nothing_stands_in_anybodys_way(sampled, new_context, part, language):
    reader = Reader(sampled, new_context, language)
    sizes = (PHONE, DESK) if language == "en" else (DESK, PHONE)
    for number, page in enumerate(getattr(pages, part)):
        reader.read(page, sizes[number % 2])

    assert reader.wrong == []


def weight(window, address):
    """Give the bytes of a visit with an empty cache, as they go over the line."""
    asked = []

    def note(request):
        asked.append(request)

    window.on("requestfinished", note)
    window.goto(address, wait_until="networkidle")
    sizes = [request.sizes() for request in asked]
    return sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)


def test_the_first_visit_to_any_page_weighs_at_most_100_kilobytes(sampled, new_context):
    weights = {}
    for page in pages.ENTRANCE + pages.OPEN:
        path = page.path.format(**sampled.rows)
        weights[path] = weight(new_context().new_page(), sampled.url + path)

    assert min(weights.values()) > 20_000
    assert {path: most for path, most in weights.items() if most > 100_000} == {}


def test_every_address_is_named_among_the_pages_or_is_none():
    parts = (pages.ENTRANCE, pages.OPEN, pages.ACCOUNT, pages.OWN, pages.DESK)
    known = {page.name for part in parts for page in part}
    for others in (pages.ONLY_POSTED, pages.NO_PAGE, pages.ONE_STEP_LATER):
        known.update(others.split())
    open_names = {name for name in pages.named() if not name.startswith(pages.CLOSED)}
    refused = {
        n for n in open_names if n.startswith("admin:") and n.endswith(("_add", "_delete"))
    }

    assert open_names - refused - known == set()
    assert known - open_names == set()
