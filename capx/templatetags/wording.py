"""Values as words: names of countries and languages, sums of money, what people wrote."""

import re
from collections.abc import Iterable
from copy import copy
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.numbers import get_currency_precision
from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils.formats import number_format
from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi, to_locale
from django.utils.translation import gettext as _

from capx.names import between, country_name, language_name, listed

register = template.Library()
# Lines that each begin with a star, a dot or a dash and a space.
ITEMS = re.compile(r"((?:^[ \t]*[*•-][ \t]+\S.*(?:\n|$))+)", re.MULTILINE)
register.filter("country", country_name)
register.filter("language", language_name)
register.filter("listed", listed)
register.simple_tag(between, name="comma")


@register.filter
def countries(codes: Iterable[str]) -> str:
    """Name several countries, one after another."""
    return listed(map(country_name, codes))


@register.filter
def languages(codes: Iterable[str]) -> str:
    """Name several languages, one after another."""
    return listed(map(language_name, codes))


@register.filter
def spoken(rows: Iterable[Any]) -> str:
    """Name the languages that somebody speaks."""
    return languages(row.language for row in rows)


@register.filter
def duration(hours: Decimal | None) -> str:
    """Write hours to the minute: 4 h, 1 h 20 min, 20 min."""
    if hours is None:
        return ""
    whole, minutes = divmod(round(hours * 60), 60)
    if not minutes:
        return _("%(n)s h") % {"n": whole}
    if not whole:
        return _("%(n)s min") % {"n": minutes}
    return _("%(hours)s h %(minutes)s min") % {"hours": whole, "minutes": minutes}


@register.filter
def prose(text: str) -> SafeString:
    """Turn what somebody wrote into paragraphs, lists and links; nothing else of it is HTML."""
    linked = urlize(escape(text), nofollow=True)
    blocks = ITEMS.split("\n".join(linked.splitlines()))
    written = [_items(block) if ITEMS.match(block) else _lines(block) for block in blocks]
    return mark_safe("".join(written))  # noqa: S308 -- escaped above


def _lines(block: str) -> str:
    words = mark_safe(block.strip())  # noqa: S308 -- escaped above
    return str(linebreaks_filter(words, autoescape=False)) if words else ""


def _items(block: str) -> str:
    items = (line.strip().lstrip("*•-").strip() for line in block.splitlines())
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items if item)}</ul>"


@register.filter
def initial(name: object) -> str:
    """Give the first letter of a name."""
    return next((letter.upper() for letter in str(name) if letter.isalnum()), "?")


@register.simple_tag
def kilograms(grams: int | None) -> str:
    """Write grams as kilograms, with a decimal where there are few: 1,234 kg, 8.3 kg."""
    if grams is None:
        return ""
    kilos = Decimal(grams) / 1000
    few = kilos < 10  # noqa: PLR2004 -- where a decimal says something
    number = number_format(round(kilos, 1 if few else 0), use_l10n=True, force_grouping=True)
    return _("%(number)s kg") % {"number": number}


@register.simple_tag
def kilometres(km: float | Decimal) -> str:
    """Write a distance in whole kilometres: 1,234 km."""
    number = number_format(round(km), use_l10n=True, force_grouping=True)
    return _("%(number)s km") % {"number": number}


@register.simple_tag
def arrow() -> str:
    """Point the way one reads."""
    return "←" if get_language_bidi() else "→"


@register.simple_tag
def money(amount: int, currency: str) -> str:
    """Write a sum given in the currency's smallest unit: 12000 EUR is €120."""
    locale = Locale.parse(to_locale(get_language() or "en"))
    units = Decimal(amount).scaleb(-get_currency_precision(currency))
    pattern = copy(locale.currency_formats["standard"])
    whole = units == units.to_integral_value()
    if whole:
        pattern.frac_prec = (0, 0)
    return str(pattern.apply(units, locale, currency=currency, currency_digits=not whole))
