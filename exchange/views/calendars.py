"""The agreed dates, as a file that every calendar reads."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from exchange.models import Exchange
from volunteers.http import Request
from volunteers.mailbox import absolute

LONGEST_LINE = 75  # bytes, RFC 5545, 3.1


@require_safe
def dates(request: Request, pk: int) -> HttpResponse:
    """Give the agreed days of one exchange; its mark stays the same when they change."""
    mine = Exchange.objects.involving(request.user).filter(agreed_version__isnull=False)
    found = get_object_or_404(mine.with_people(), pk=pk)
    agreed = found.agreements.get(version=found.agreed_version or 0)
    other = found.other(request.user)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Capacity Exchange//EN",
        "BEGIN:VEVENT",
        f"UID:exchange-{found.pk}@{urlsplit(settings.SITE_URL).hostname}",
        f"SEQUENCE:{(found.agreed_version or 0) + _is_off(found)}",
        f"DTSTAMP:{_stamp(found.ended_at or found.agreed_at or found.asked_at)}",
        f"DTSTART;VALUE=DATE:{_day(agreed.first_day)}",
        f"DTEND;VALUE=DATE:{_day(agreed.last_day + timedelta(days=1))}",
        f"SUMMARY:{_text(f'{found.listing.title} ({other})')}",
        f"DESCRIPTION:{_text(agreed.what)}",
        f"LOCATION:{_text(agreed.where)}",
        f"URL:{absolute(found.get_absolute_url())}",
        f"STATUS:{'CANCELLED' if _is_off(found) else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    name = f'attachment; filename="exchange-{found.pk}.ics"'
    return HttpResponse(
        _folded(lines),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": name},
    )


def _is_off(exchange: Exchange) -> bool:
    state = Exchange.State
    return exchange.state in (state.WITHDRAWN, state.NOT_DONE, state.EXPIRED)


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _text(words: str) -> str:
    """Write words so that nothing in them reads as a line of the calendar."""
    marked = re.sub(r"([\\;,])", r"\\\1", words)
    return re.sub(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]", r"\\n", marked)


def _folded(lines: Iterable[str]) -> str:
    """Break lines where calendars want them broken, never inside a letter."""
    return "".join(f"{part}\r\n" for line in lines for part in _fold(line))


def _fold(line: str) -> list[str]:
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > LONGEST_LINE:
            parts.append(part)
            part = " "
        part += letter
    return [*parts, part]
