"""Nothing that anybody can type breaks a page: each form and filter with the worst there is."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.db import transaction
from django.test import Client
from django.utils.html import escape

from tests.addresses import address, routes, world

pytestmark = pytest.mark.django_db

HOSTILE = {
    "nothing": "",
    "blank": " \t\n",
    "a script": '"><script>alert(1)</script>',
    "SQL": "'); DROP TABLE volunteers_person; --",
    "emoji": "🐙🏳️‍🌈" * 20,
    "right-to-left marks": "\u202eabc\u202c\u200f\u2067",
    "NUL": "a\0b",
    "a lone surrogate": "\\ud800",
    "a huge number": "9" * 40,
    "less than nothing": "-1",
    "no number": "NaN",
    "infinity": "1e400",
    "a day that never was": "2026-02-31",
    "a day too far": "99999-01-01",
    "a template": "{{ 7|add:7 }}{% url 'home' %}",
    "a path": "../../../../etc/passwd",
    "very long": "long " * 20_000,
}
ROLES = ["nobody", "asker", "author", "steward", "organiser"]
# Every filter any list knows, and some that none does.
FILTERS = [
    *("q", "skill", "any", "kind", "of", "resource", "country", "language", "mode", "room"),
    *("by", "funded", "page", "way", "state", "tab", "next", "sort", "unknown", "p", "o", "e"),
    *("_to_field", "hidden_at__isempty", "parent__id__exact", "people", "mail", "branch"),
]


class Forms(HTMLParser):
    """Reads the forms of a page: where they go, and their fields with a kind each."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.form = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form":
            self.form = {
                "action": at.get("action", ""),
                "method": (at.get("method") or "get").lower(),
                "fields": {},
            }
            self.found.append(self.form)
        elif tag in {"input", "textarea", "select", "button"} and self.form and at.get("name"):
            kind = at.get("type", "text") if tag == "input" else tag
            self.form["fields"][at["name"]] = (kind, at.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def client_of(w, role):
    client = Client()
    if role != "nobody":
        client.force_login(getattr(w, role))
    return client


def gentle(client, method, path, said):
    """Ask, and undo whatever it changed."""
    with transaction.atomic():
        answer = getattr(client, method)(path, said)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer.status_code, content.decode(errors="replace")


def forms_of(w, role):
    """Find every form this person meets anywhere, once."""
    client = client_of(w, role)
    found = {}
    for route in routes():
        if route.startswith("admin/") and role != "organiser":
            continue
        path = address(route, w)
        status, page = gentle(client, "get", path, {})
        if status != 200:
            continue
        for form in Forms(page).found:
            action = urljoin(path, form["action"])
            if form["method"] == "post" and "/logout/" not in action:
                found.setdefault((action, *sorted(form["fields"])), (action, form["fields"]))
    return list(found.values())


def filled(fields, value):
    """Fill a form: what people type or choose with the value, what the page set as it was."""
    kept = {"hidden", "button", "submit"}
    return {name: was if kind in kept else value for name, (kind, was) in fields.items()}


def typed(fields):
    """Name the fields whose words would be lost."""
    return [name for name, (kind, _was) in fields.items() if kind in {"text", "textarea"}]


@pytest.mark.parametrize("role", ROLES)
def test_no_form_breaks_and_none_loses_what_was_typed(role):
    w = world()
    forms = forms_of(w, role)
    assert len(forms) > (2 if role == "nobody" else 10)
    broken, lost = [], []
    for action, fields in forms:
        for what, value in HOSTILE.items():
            client = client_of(w, role)
            status, page = gentle(client, "post", action, filled(fields, value))
            if status >= 500:
                broken.append((action, what, status))
            if status == 200 and what in {"a script", "a template"} and typed(fields):
                if "<script>alert(1)" in page:
                    broken.append((action, what, "runs"))
                if escape(value) not in page:
                    lost.append((action, what))

    assert broken == []
    assert lost == []


@pytest.mark.parametrize("role", ["nobody", "asker", "organiser"])
def test_no_filter_breaks_a_list(role):
    w = world()
    client = client_of(w, role)
    broken = []
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
            status, _page = gentle(client, "get", path, dict.fromkeys(FILTERS, short))
            if status >= 500:
                broken.append((path, what, status))

    assert broken == []


@pytest.mark.parametrize("role", ["nobody", "asker", "organiser"])
def test_no_hidden_field_breaks_a_form(role):
    """Send what no page would send: the fields that people cannot see, changed."""
    w = world()
    broken = []
    for action, fields in forms_of(w, role):
        for what in ("nothing", "NUL", "a huge number", "less than nothing", "a script"):
            said = dict.fromkeys(fields, HOSTILE[what])
            status, _page = gentle(client_of(w, role), "post", action, said)
            if status >= 500:
                broken.append((action, what, status))

    assert broken == []


@pytest.mark.parametrize(
    "value", ["a%00b", "%FF%FE", "9" * 40, "-1", "🐙", "%2e%2e", "x" * 3000]
)
def test_no_address_breaks(value):
    w = world()
    client = client_of(w, "organiser")
    broken = []
    for route in routes():
        if "<" not in route or "(?P" in route:
            continue
        path = "/" + re.sub(r"<[^>]+>", value, route)
        for method in ("get", "post"):
            status, _page = gentle(client, method, path, {})
            if status >= 500:
                broken.append((method, route, status))

    assert broken == []
