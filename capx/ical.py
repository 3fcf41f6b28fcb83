"""Days as a file that every calendar reads (RFC 5545)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.http import HttpResponse

LONGEST_LINE = 75  # bytes, RFC 5545, 3.1


@dataclass(frozen=True, slots=True)
class Entry:
    """Whole days in a calendar, or hours; `uid` stays when they change, `sequence` grows.

    `first` and `last` are both days or both moments. `tentative`: not everybody has agreed.
    """

    uid: str
    sequence: int
    stamp: datetime
    first: date
    last: date
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    off: bool = False
    tentative: bool = False

    @property
    def status(self) -> str:
        """Say whether one can count on it."""
        if self.off:
            return "CANCELLED"
        return "TENTATIVE" if self.tentative else "CONFIRMED"


def calendar(entries: Iterable[Entry], name: str) -> HttpResponse:
    """Answer with a calendar file of this name."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Capacity Exchange//EN"]
    lines += [line for entry in entries for line in _lines(entry)]
    return HttpResponse(
        _folded([*lines, "END:VCALENDAR"]),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )


def _lines(entry: Entry) -> Iterator[str]:
    """Write one entry; of what it does not have there is no line."""
    told = {
        "DESCRIPTION": _text(entry.description),
        "LOCATION": _text(entry.location),
        "URL": entry.url,
    }
    yield from (
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{entry.stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART{_when(entry.first)}",
        f"DTEND{_when(entry.last, ends=True)}",
        f"SUMMARY:{_text(entry.summary)}",
        *(f"{name}:{words}" for name, words in told.items() if words),
        f"STATUS:{entry.status}",
        "END:VEVENT",
    )


def _when(when: date, *, ends: bool = False) -> str:
    """Write a day, or a moment in UTC; the end of whole days is the day after the last."""
    if isinstance(when, datetime):
        return f":{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f";VALUE=DATE:{when + timedelta(days=ends):%Y%m%d}"


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
