"""Nothing that anybody can type breaks a page: each filter and address with the worst there is.

Forms are sent the same by test_form_errors.py, which reads what they answer, too.
"""

import re
from copy import deepcopy
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve

from tests.addresses import address, routes, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_only")]

HOSTILE = {
    "nothing": "",
    "blank": " \t\n",
    "a script": '"><script>alert(1)</script>',
    "SQL": "'); DROP TABLE volunteers_person; --",
    "emoji": "🐙🏳️‍🌈" * 20,
    "right-to-left marks": "\u202eabc\u202c\u200f\u2067",
    "NUL": "a\0b",
    "a huge number": "9" * 40,
    "less than nothing": "-1",
    "infinity": "1e400",
    "a day that never was": "2026-02-31",
    "a template and a lone surrogate": "{{ 7|add:7 }}{% url 'home' %}\\ud800",
    "very long": "long " * 4_000,
}
# What a page never sends: in all fields, those that people cannot see, too.
FORGED = ["nothing", "NUL", "a huge number", "less than nothing"]
KEPT = {"hidden", "button", "submit"}
FORM = re.compile(r'<form\b[^>]*method="post".*?</form>', re.DOTALL)
# The same address is signed anew by the second.
SIGNED = re.compile(r"[\w-]+:[\w-]+:[\w-]{43}")
ROLES = ["nobody", "asker", "author", "steward", "organiser"]
# Every filter any list knows, and some that none does.
FILTERS = [
    *("q", "skill", "any", "kind", "of", "resource", "country", "language", "mode", "room"),
    *("by", "funded", "page", "way", "state", "tab", "next", "sort", "unknown", "p", "o", "e"),
    *("_to_field", "hidden_at__isempty", "parent__id__exact", "people", "mail", "branch"),
    *("affiliate", "region", "needs", "thank", "events"),
]


class Forms(HTMLParser):
    """Reads what can be sent from a page: where it goes, and its fields with a kind each."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.form = None
        for form in FORM.findall(html):
            self.feed(form)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form":
            self.form = {
                "action": at.get("action", ""),
                "fields": {},
            }
            self.found.append(self.form)
        elif tag in {"input", "textarea", "select", "button"} and self.form and at.get("name"):
            kind = at.get("type", "text") if tag == "input" else tag
            self.form["fields"][at["name"]] = (kind, at.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


class Visitor:
    """Somebody whose requests leave nothing behind."""

    def __init__(self, w, role):
        self.w = w
        self.first = Client()
        if role != "nobody":
            self.first.force_login(getattr(w, role))

    def ask(self, method, path, said=()):
        """Give the status and the page; whatever it changed is undone."""
        client = Client()
        client.cookies = deepcopy(self.first.cookies)
        with transaction.atomic():
            answer = getattr(client, method)(path, dict(said))
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        return answer.status_code, content.decode(errors="replace")


def forms_for(visitor, *, desk):
    """Find every form this person meets anywhere: where it goes, and its fields."""
    for route in routes():
        if route.startswith("admin/") and not desk:
            continue
        path = address(route, visitor.w)
        status, page = visitor.ask("get", path)
        for form in Forms(page).found if status == 200 else []:
            action = urljoin(path, form["action"])
            if "/logout/" not in action:
                yield action, form["fields"]


def forms_of_all():
    """Give every form of the site once, with somebody who meets it."""
    w = world()
    found = {}
    for role in ROLES:
        visitor = Visitor(w, role)
        for action, fields in forms_for(visitor, desk=role == "organiser"):
            found.setdefault(
                (SIGNED.sub("", action), *sorted(fields)), (visitor, action, fields)
            )
    assert len(found) > 150
    return list(found.values())


def ways_to_fill(fields):
    """Fill a form with one value after the other, and send what no page would: each way once.

    What people type or choose takes the value, what the page set stays as it was.
    """
    own = {name: field for name, field in fields.items() if name != "csrfmiddlewaretoken"}
    sent = {}
    for what, value in HOSTILE.items():
        said = {name: was if kind in KEPT else value for name, (kind, was) in own.items()}
        sent.setdefault(frozenset(said.items()), (what, said))
    for what in FORGED:
        said = dict.fromkeys(own, HOSTILE[what])
        sent.setdefault(frozenset(said.items()), (f"{what}, forged", said))
    return sent.values()


def leads_to(path):
    """Name the route that an address leads to, if any."""
    try:
        return resolve(RequestFactory().get(path).path_info).route
    except Resolver404:
        return None


@pytest.fixture
def read(monkeypatch):
    """Note each time that somebody looks at what stands behind the question mark."""
    noted = []
    parsed = WSGIRequest.GET.func

    def look(request):
        noted.append(request.path)
        return parsed(request)

    monkeypatch.setattr(WSGIRequest, "GET", property(look))
    return noted


@pytest.mark.parametrize("role", ["nobody", "asker", "organiser"])
def test_no_filter_breaks_a_list(role, read):
    w = world()
    visitor = Visitor(w, role)
    broken, deaf = [], []
    for route in routes():
        if "<" in route and not route.startswith(("skills/", "affiliates/")):
            continue
        if route.startswith("accounts/") or (
            route.startswith("admin/") and role != "organiser"
        ):
            continue
        path = address(route, w)
        for what, value in HOSTILE.items():
            short = value[:2000]  # a server refuses a longer address by itself
            read.clear()
            status, _page = visitor.ask("get", path, dict.fromkeys(FILTERS, short))
            if status >= 500:
                broken.append((path, what, status))
            if not read:
                deaf.append(path)
                break

    assert broken == []
    assert "/about/" in deaf
    assert not {"/catalogue/", "/people/", "/practices/"} & {*deaf}


def test_no_address_breaks():
    """Each value at each page it reaches, and once where it reaches none."""
    visitor = Visitor(world(), "organiser")
    broken, reached = [], set()
    for value in ("a%00b", "%FF%FE", "9" * 40, "-1", "🐙", "x" * 3000):
        paths = {}
        for route in (route for route in routes() if "<" in route and "(?P" not in route):
            path = "/" + re.sub(r"<[^>]+>", value, route)
            paths.setdefault(leads_to(path), path)
        reached |= {*paths}
        for path in paths.values():
            for method in ("get", "post"):
                status, _page = visitor.ask(method, path)
                if status >= 500:
                    broken.append((method, path, status))

    assert broken == []
    assert len(reached) > 60
