"""Days and moments in words, as the reader's language writes them."""

import datetime as dt
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_date,
    format_interval,
    format_skeleton,
    format_time,
    get_timezone_location,
)
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from capx.names import listed

register = template.Library()


def _locale() -> Locale:
    """Find the reader's way of writing dates; English outside America has the day first."""
    code = to_locale(get_language() or "en")
    return Locale.parse("en_GB" if code == "en" else code)


@register.filter
def day(value: dt.date | None) -> SafeString | str:
    """Write a day: 12 May 2026."""
    if value is None:
        return ""
    words = format_date(value, "long", locale=_locale())
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.filter
def moment(value: dt.datetime | None) -> SafeString | str:
    """Write the day of a moment, with its hour where one points at it."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    words = format_date(local.date(), "long", locale=_locale())
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        f"{local:%H:%M %Z}",
        words,
    )


@register.filter
def clock(value: dt.datetime) -> SafeString:
    """Write a moment with its hour, where the reader is: today, 14:05."""
    local, today = timezone.localtime(value), timezone.localdate()
    time = format_time(local.time(), "short", locale=_locale())
    if local.date() == today:
        words = _("today, %(time)s") % {"time": time}
    else:
        skeleton = "MMMd" if local.year == today.year else "yMMMd"
        words = listed([format_skeleton(skeleton, local.date(), locale=_locale()), time])
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


def written_day(day: dt.date) -> str:
    """Write a day in a sentence: 12 May 2026."""
    return str(format_date(day, "long", locale=_locale()))


def weekday(day: dt.date) -> str:
    """Name a day of the week: Monday."""
    return str(format_date(day, "cccc", locale=_locale()))


@register.filter
def short(value: dt.date) -> SafeString:
    """Write a day where there is little room: 12 May, and the year only if it is another."""
    day = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), in_short(day))


def in_short(day: dt.date) -> str:
    """Give the words of a day where there is little room."""
    skeleton = "MMMd" if day.year == timezone.localdate().year else "yMMMd"
    return str(format_skeleton(skeleton, day, locale=_locale()))


@register.simple_tag
def period(first: dt.date, last: dt.date) -> str:
    """Write a period as short as the language allows: 12 to 16 May 2026."""
    return str(format_interval(first, last, "yMMMd", locale=_locale()))


@register.simple_tag
def today() -> SafeString | str:
    """Write the day it is where the reader is."""
    return day(timezone.localdate())


@register.simple_tag
def hours(begins: dt.datetime, ends: dt.datetime, zone: str) -> str:
    """Write from when to when, on the clock of a place: Friday, 8 May 2026, 18:00 to 20:00."""
    there = ZoneInfo(zone)
    first, last = begins.astimezone(there), ends.astimezone(there)
    span = " – ".join(format_time(one, "short", locale=_locale()) for one in (first, last))  # noqa: RUF001 -- a span
    day = format_date(first.date(), "full", locale=_locale())
    clock = get_timezone_location(zone, locale=_locale(), return_city=True)
    return f"{listed([day, span])} ({clock})"
