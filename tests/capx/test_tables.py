"""Whoever has no mouse can scroll every table: it takes the focus and says what it is."""

import re

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
TABLE = re.compile(r'<div(?=[^>]*\sclass="table[ "])[^>]*>')
WITH_ONE = sorted(
    path for path in TEMPLATES.rglob("*.html") if TABLE.search(path.read_text(encoding="utf-8"))
)


def test_there_are_tables():
    assert len(WITH_ONE) > 5


@pytest.mark.parametrize("path", WITH_ONE, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_table_that_scrolls_takes_the_focus_and_has_a_name(path):
    for tag in TABLE.findall(path.read_text(encoding="utf-8")):
        assert re.search(r'\stabindex="0"', tag)
        assert re.search(r'\srole="(region|group)"', tag)
        assert re.search(r'\saria-label(ledby)?="[^"]', tag)
