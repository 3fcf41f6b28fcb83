"""Takes the pictures in docs/screenshots/ of a product that runs here with the sample.

Start it with `make run`, and give its address: `python -m benchmarks.screenshots`.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from capx.sample.accounts import PASSWORD
from tests import chromium

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
HEIGHTS = (2400, 1800, 1300, 900, 640)  # px, from the top
MOST_BYTES = 250_000
SIZES = {"phone": (360, 780), "desk": (1280, 900)}
SEARCH = "/catalogue/?q=translation&kind=offer"
DESK = "/admin/grandtour"
# The first of a list, and from there on: whose address looks like this.
INNER = {
    "listing": [r"^/catalogue/\d+/"],
    "exchange": [r"^/exchanges/\d+/$"],
    "application": [r"^/grand-tour/applications/\d+/$"],
    "journey": [r"^/grand-tour/applications/\d+/$", r"^/grand-tour/journeys/\d+/$"],
    "reading": [rf"^{DESK}/edition/\d+/change/", rf"^{DESK}/edition/\d+/review/$"],
    "plan": [rf"^{DESK}/plan/\d+/show/$"],
}
FIRST = """pattern => [...document.querySelectorAll("main a[href]")]
    .map(link => new URL(link.getAttribute("href"), document.baseURI).pathname)
    .find(path => new RegExp(pattern).test(path))"""
FLAGS = ["--no-sandbox", "--disable-gpu"]


@dataclass(frozen=True, slots=True)
class Look:
    """One set of pictures: who looks, in which language and light, at what."""

    name: str
    language: str
    light: str
    pages: tuple[str, ...]


LOOKS = (
    Look(
        "",
        "en",
        "light",
        (
            *("home", "catalogue", "listing", "post", "exchange", "profile"),
            *("edition", "application", "reading", "plan", "journey"),
        ),
    ),
    Look("arabic", "ar", "light", ("home", "catalogue", "exchange")),
    Look("dark", "en", "dark", ("home", "catalogue", "exchange")),
)
SIGNED_IN = {
    "post": "hanna",
    "exchange": "hanna",
    "profile": "salma",
    "application": "lucia",
    "journey": "lucia",
    "reading": "ines",
    "plan": "ines",
}


def go(page: Page, site: str, what: str) -> None:
    """Open one of the pages, the way somebody would find it."""
    paths = {
        "catalogue": SEARCH,
        "listing": SEARCH,
        "post": "/catalogue/new/?kind=offer&of=skill",
        "exchange": "/exchanges/",
        "profile": "/people/salma/",
        "edition": "/grand-tour/voices-without-archives/",
        "application": "/grand-tour/",
        "journey": "/grand-tour/",
        "reading": f"{DESK}/edition/?state__exact=reviewing",
        "plan": f"{DESK}/plan/",
    }
    page.goto(site + paths.get(what, "/"))
    for pattern in INNER.get(what, ()):
        found: str = page.evaluate(FIRST, pattern)
        page.goto(site + found)
    page.wait_for_load_state("networkidle")


def sign_in(page: Page, site: str, who: str) -> None:
    """Sign one of the sample's people in."""
    page.goto(f"{site}/accounts/login/")
    page.locator("main [name=login]").fill(who)
    page.locator("main [name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main [name=password]").press("Enter")


def windows(chrome: Browser, site: str, look: Look) -> Iterator[tuple[str, str, Page]]:
    """Open each page of a look in each size."""
    for what in look.pages:
        context = chrome.new_context(color_scheme=look.light, reduced_motion="reduce")  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(60_000)
        if what in SIGNED_IN:
            sign_in(page, site, SIGNED_IN[what])
        cookie = {"name": "django_language", "value": look.language, "url": site}
        context.add_cookies([cookie])  # type: ignore[list-item]
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            go(page, site, what)
            yield what, size, page
        context.close()


def take(page: Page, file: Path) -> None:
    """Write as much of a page as fits into the allowed bytes."""
    whole: int = page.evaluate("document.documentElement.scrollHeight")
    width: int = page.evaluate("innerWidth")
    for height in HEIGHTS:
        clip = {"x": 0, "y": 0, "width": width, "height": min(whole, height)}
        taken = page.screenshot(path=file, full_page=True, clip=clip)  # type: ignore[arg-type]
        if len(taken) <= MOST_BYTES:
            break


def main(site: str) -> None:
    """Take every picture."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        for look in LOOKS:
            for what, size, page in windows(chrome, site, look):
                name = "-".join(filter(None, (what, size, look.name)))
                take(page, FOLDER / f"{name}.png")
        chrome.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
