"""Every form with the worst there is: none breaks, none loses what was typed, and each says
what is wrong in one way: a list above it, and words beside the field."""

import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.conf import settings
from django.forms import formsets
from django.utils.html import escape

from tests.capx.test_bad_input import HOSTILE, forms_of_all, ways_to_fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_only")]

ECHOED = ["a script", "a template and a lone surrogate"]
WRONG = ["nothing", ECHOED[1], "a day that never was", "very long"]
OK, BROKEN = 200, 500
# Forms that are one button, or a choice beside it: nothing is typed, so a message is enough.
BUTTONS = ["/accounts/1fa/webauthn/login/", "/affiliates/testland/people/1/role/"]
LISTED = 40
FILLED = re.compile(r"as_field_group|\{\{ ?\w*form(\|labelled)? ?\}\}|\{% slot body")


def plain(address):
    """Leave the numbers of rows out of an address."""
    return re.sub(r"\d+", "1", address)


class Page(HTMLParser):
    """Reads what a page says about faults: title, list, ids, and what describes what."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.described, self.links = [], set(), []
        self.depth = None
        self.title = " ".join(re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1].split())
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if at.get("id"):
            self.ids.append(at["id"])
        self.described |= set((at.get("aria-describedby") or "").split())
        if at.get("id") == "errors":
            self.depth = 0
        elif tag == "div" and self.depth is not None:
            self.depth += 1
        if tag == "a" and self.depth is not None:
            self.links.append(at["href"].removeprefix("#"))

    def handle_endtag(self, tag):
        if tag == "div" and self.depth is not None:
            self.depth = self.depth - 1 if self.depth else None


@pytest.fixture
def judged(monkeypatch):
    """List the forms that find something wrong while a request is answered."""
    found = []
    clean = forms.BaseForm.full_clean

    def watched(form):
        clean(form)
        if form.is_bound:
            found.append(form)

    monkeypatch.setattr(forms.BaseForm, "full_clean", watched)
    return found


@pytest.fixture
def few_rows(monkeypatch):
    """Let a forged number draw ten rows of a list, where Django draws a thousand."""
    monkeypatch.setattr(formsets, "DEFAULT_MAX_NUM", 10)


def complaints(page, judged):
    """Say what a page leaves out about the forms that were judged."""
    wrong = [form for form in judged if form.errors]
    if wrong:
        said = Page(page)
        if "errors" not in said.ids:
            yield "no list"
        if not said.title.startswith("Error: "):
            yield f"title: {said.title}"
        for form in wrong:
            yield from left_out(form, said)
        yield from (f"leads to {link}" for link in said.links if said.ids.count(link) != 1)


def left_out(form, said):
    """Say what a page leaves out about one form."""
    for field in (field for field in form.visible_fields() if field.errors):
        beside = f"{field.auto_id}_error"
        if (field.id_for_label or f"{field.auto_id}_0") not in said.links:
            yield f"no link to {field.name}"
        if beside not in said.ids:
            yield f"no words beside {field.name}"
        if beside not in said.described:
            yield f"words are not tied to {field.name}"


def typed(fields):
    """Name the fields whose words would be lost."""
    return [name for name, (kind, _was) in fields.items() if kind in {"text", "textarea"}]


def faults(what, fields, status, page):
    """Say what is wrong with an answer whatever the form thinks of what was sent."""
    if status >= BROKEN:
        yield status
    if status == OK and what in ECHOED and typed(fields):
        if "<script>alert(1)" in page:
            yield "runs"
        if escape(HOSTILE[what]) not in page:
            yield "loses words"


@pytest.mark.usefixtures("few_rows")
def test_no_form_breaks_none_loses_what_was_typed_and_each_lists_what_is_wrong(judged):
    found, elsewhere, listed = set(), set(), set()
    for visitor, action, fields in forms_of_all():
        for what, said in ways_to_fill(fields):
            judged.clear()
            status, page = visitor.ask("post", action, said)
            found |= {(action, what, one) for one in faults(what, fields, status, page)}
            if what not in WRONG or action.startswith("/admin/"):
                continue
            if not any(form.errors for form in judged):
                continue
            if status == OK and "<title>" in page:
                listed.add(action)
                found |= {(action, what, one) for one in complaints(page, judged)}
            else:
                elsewhere.add(plain(action))

    assert sorted(found, key=str) == []
    assert sorted(elsewhere) == BUTTONS
    assert len(listed) > LISTED


def test_no_browser_speaks_before_we_do():
    """Where people fill something in, a browser's own bubbles would come in its language."""
    form = re.compile(r"<form\b((?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*)>(.*?)</form>", re.DOTALL)
    told = [
        path.name
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for tag, body in form.findall(path.read_text())
        if 'method="post"' in tag and FILLED.search(body) and "novalidate" not in tag
    ]

    assert told == []
