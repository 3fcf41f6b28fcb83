"""Every form answers what is wrong in the same way: a list above the page, and words beside the field."""

import re
from html.parser import HTMLParser

import pytest
from django import forms

from tests.capx.test_bad_input import HOSTILE, filled, forms_of_all

pytestmark = pytest.mark.django_db

WRONG = ["nothing", "a template", "a day that never was", "very long"]
FOR_PEOPLE = {"text", "textarea", "select", "checkbox", "radio", "number", "date", "email"}


class Page(HTMLParser):
    """Reads what a page says about faults: its title, the list, ids, and what describes what."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.described, self.links = [], set(), []
        self.depth = None
        self.title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1].strip()
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


def complaints(page, judged):
    """Say what a page leaves out about the forms that were judged."""
    said = Page(page)
    wrong = [form for form in judged if form.errors]
    if not wrong:
        return
    if "errors" not in said.ids:
        yield "no list", [dict(form.errors) for form in wrong]
    if not said.title.startswith("Error: "):
        yield "title", said.title
    for form in wrong:
        for field in form.visible_fields():
            if not field.errors:
                continue
            target = field.id_for_label or f"{field.auto_id}_0"
            if target not in said.links:
                yield "no link", type(form).__name__, field.name
            if f"{field.auto_id}_error" not in said.ids:
                yield "no words beside", type(form).__name__, field.name
            if f"{field.auto_id}_error" not in said.described:
                yield "not tied", type(form).__name__, field.name
    for link in said.links:
        if said.ids.count(link) != 1:
            yield "leads nowhere or to two", link


def test_every_form_lists_what_is_wrong_and_leads_to_it(judged):
    found, elsewhere, listed = set(), set(), set()
    for visitor, action, fields in forms_of_all():
        if action.startswith("/admin/"):
            continue
        for what in WRONG:
            judged.clear()
            status, page = visitor.ask("post", action, filled(fields, HOSTILE[what]))
            if status == 200 and "<title>" in page:
                complained = list(complaints(page, judged))
                found |= {(action, what, str(one)) for one in complained}
                if any(form.errors for form in judged):
                    listed.add(action)
            elif any(form.errors for form in judged):
                elsewhere.add((action, status, *(str(dict(f.errors))[:200] for f in judged)))
    print(*sorted(elsewhere), sep="\n")
    print(len(listed), *sorted(listed), sep="\n")
    assert sorted(found) == []
