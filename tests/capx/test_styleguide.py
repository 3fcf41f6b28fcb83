"""The style guide shows every component, and no page carries what the policy forbids."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

COMPONENTS = settings.BASE_DIR / "templates" / "components"
OPEN_PAGES = ["/styleguide/", "/no-such-page/"]


def _included(template: Path) -> set[str]:
    return set(re.findall(r'{% include "components/(\w+)\.html"', template.read_text()))


def test_every_component_is_shown():
    shown = _included(settings.BASE_DIR / "templates" / "styleguide.html")
    used_by_others = {"header", "choice", "field_errors", "errors", "mark", "avatar", "share"}
    used_by_others |= {"changed"}  # its rows come from an agreement
    assert {path.stem for path in COMPONENTS.glob("*.html")} - shown == used_by_others


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_style_guide_asks_the_database_nothing(client, language):
    answer = client.get("/styleguide/", headers={"Accept-Language": language})
    assert answer.status_code == 200
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in answer.text


@pytest.mark.parametrize("page", OPEN_PAGES)
def test_pages_hold_no_inline_style_or_script(client, page):
    html = client.get(page).text
    assert re.findall(r"\sstyle=|<style|\son\w+=|javascript:", html) == []
    scripts = re.findall(r"<script([^>]*)>", html)
    assert [s for s in scripts if "src=" not in s and "application/json" not in s] == []
    assert (
        re.findall(r'(?:src|href)="(?:https?:)?//[^"]+\.(?:js|css|woff2?|svg|png)', html) == []
    )


def test_the_page_of_a_breakdown_needs_nothing():
    assert "Something broke" in get_template("500.html").render()
