"""Icons of Codex, written into the page, so that none costs a request."""

import json
from functools import cache, lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi

register = template.Library()

DRAWINGS = settings.MODULES / "@wikimedia" / "codex-icons" / "dist" / "codex-icons.json"


@cache
def _drawings() -> dict[str, Any]:
    """Read the icons once in the life of a process."""
    drawings: dict[str, Any] = json.loads(DRAWINGS.read_text(encoding="utf-8"))
    return drawings


@cache
def _drawing(name: str, language: str, *, rtl: bool) -> tuple[str, bool]:
    """Give the paths of an icon, and whether they are to be mirrored."""
    camel = "cdxIcon" + "".join(word.capitalize() for word in name.split("-"))
    icon = _drawings()[camel]
    if isinstance(icon, str):
        return icon, False
    if "langCodeMap" in icon:
        return icon["langCodeMap"].get(language, icon["default"]), False
    if rtl and "rtl" in icon:
        return icon["rtl"], False
    spared = language in icon.get("shouldFlipExceptions", [])
    return icon["ltr"], bool(rtl and icon.get("shouldFlip") and not spared)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "medium") -> SafeString:
    """Draw the icon `name` ("user-group"); `label` only where no word stands beside it."""
    language = (get_language() or "en").split("-")[0]
    return _drawn(name, str(label), size, language, rtl=get_language_bidi())


@lru_cache(maxsize=1024)
def _drawn(name: str, label: str, size: str, language: str, *, rtl: bool) -> SafeString:
    """Draw an icon once: a page of the catalogue has a hundred."""
    paths, mirrored = _drawing(name, language, rtl=rtl)
    return format_html(
        '<span class="cdx-icon cdx-icon--{}{}"><svg xmlns="http://www.w3.org/2000/svg"'
        ' width="20" height="20" viewBox="0 0 20 20" {}>{}</svg></span>',
        size,
        " cdx-icon--flipped" if mirrored else "",
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"'),
        mark_safe(paths),  # noqa: S308 -- from a pinned package, not from people
    )
