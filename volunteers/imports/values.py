"""Reads days, durations and states as people and programs write them; pure."""

import re
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from babel import Locale

from capx.folding import fold

LANGUAGES = ("en", "de", "es", "fr")
MINUTES_OF_AN_HOUR = 60
MONTHS = 12
# Years are written in full by CiviCRM; spreadsheets cut them to two digits.
CENTURY = 100

ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{4}|\d{6})?$")
DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?!\d)")
EITHER = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?!\d)")
MONTH_FIRST = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b")
DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|\.)? (?:de )?([^\W\d_]+)\.?,? (?:de )?(\d{4})\b"
)
CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap])?\.?m?", re.IGNORECASE)

COLONS = re.compile(r"(\d{1,6}):([0-5]\d)(?::[0-5]\d)?(?: ?(?:h|hrs?|hours?|std))?")
IN_HOURS = re.compile(
    r"(\d{1,6}(?:[.,]\d{1,6})?) ?(?:h|hrs?|hours?|std|stunden?|horas?|heures?)\.?"
    r"(?: ?(\d{1,2}) ?(?:m|mins?|minutes?|minuten|minutos?)?\.?)?"
)
# A point before three digits may part thousands: then nobody knows how much it is.
IN_MINUTES = re.compile(
    r"(\d{1,6})(?:[.,]0{1,2})?(?: ?(?:m|mins?|minutes?|minuten|minutos?)\.?)?"
)
PLAIN = re.compile(r"\d{1,6}(?:[.,]\d{1,6})?")

STATES: Final = {
    "planned": "Scheduled; Available; Planned; Geplant; Eingeplant; Verfügbar; Programado;"
    " Programada; Planificado; Planificada; Previsto; Prevista; Disponible; Planifié;"
    " Planifiée; Prévu; Prévue; Programmé; Programmée",
    "running": "In Progress; Running; In Arbeit; Läuft; En curso; En progreso; En cours",
    "done": "Completed; Done; Abgeschlossen; Erledigt; Vollendet; Completado; Completada;"
    " Realizado; Realizada; Hecho; Terminé; Terminée; Achevé; Achevée; Effectué; Effectuée",
    "dropped": "Cancelled; Canceled; No-show; No Show; Not Required; Unreachable; Dropped;"
    " Left Message; Abgesagt; Storniert; Abgebrochen; Nicht erschienen; Nicht erforderlich;"
    " Nicht erreichbar; Nachricht hinterlassen; Cancelado; Cancelada; No se presentó;"
    " No requerido; No requerida; Inalcanzable; Dejó un mensaje; Annulé; Annulée; Absent;"
    " Absente; Non requis; Non requise; Injoignable; Message laissé",
}


class NotKnown(Exception):
    """What stands there is nothing that we can read."""


class Ambiguous(Exception):
    """What stands there can be two days, and nobody said which comes first."""


def word(text: str) -> str:
    """Fold a word so that it can be compared: case, accents, hyphens aside."""
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


STATE_OF: Final = {
    word(name): state for state, names in STATES.items() for name in names.split(";")
}


def day(text: str, *, day_first: bool | None) -> date:
    """Read a day; of 03/04/2026 `day_first` says whether the day or the month comes first.

    Raises Ambiguous where that is not known, NotKnown for what is no day.
    """
    plain = " ".join(text.split())
    try:
        return _numbers(plain, day_first=day_first) or _words(plain)
    except ValueError as wrong:  # the 31st of February
        raise NotKnown from wrong


def _numbers(text: str, *, day_first: bool | None) -> date | None:
    """Read a day written in numbers; None where it is not."""
    if found := TOGETHER.match(text) or ISO.match(text):
        return date(*(int(part) for part in found.groups()[:3]))
    if found := DOTTED.match(text):
        return date(_year(found[3]), int(found[2]), int(found[1]))
    if not (found := EITHER.match(text)):
        return None
    first, second, year = int(found[1]), int(found[2]), _year(found[3])
    if first == second:
        return date(year, first, first)
    if day_first is None:
        raise Ambiguous
    return date(year, second, first) if day_first else date(year, first, second)


def _year(digits: str) -> int:
    year = int(digits)
    return year if year >= CENTURY else 2000 + year


def _words(text: str) -> date:
    """Read a day whose month is a word."""
    lower = fold(text)
    if found := MONTH_FIRST.match(lower):
        month, number, year = found[1], found[2], found[3]
    elif found := DAY_FIRST.match(lower):
        number, month, year = found[1], found[2], found[3]
    else:
        raise NotKnown
    if month not in months():
        raise NotKnown
    return date(int(year), months()[month], int(number))


@cache
def months() -> dict[str, int]:
    """Name the months, whole and short, as CLDR does."""
    return {
        fold(name).rstrip("."): number
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for number, name in Locale(language).months["format"][width].items()
    }


def clock(text: str) -> str:
    """Give the hour that stands beside a day, as 15:00; nothing where there is none."""
    if not (found := CLOCK.search(text)):
        return ""
    hour = int(found[1])
    if half := found[3]:
        hour = hour % 12 + (12 if half in "pP" else 0)
    return f"{hour:02}:{found[2]}"


def order(texts: list[str]) -> tuple[bool | None, str]:
    """Tell whether the day comes first in days such as 03/04/2026, and show one left open.

    A number above 12 says so; where days say both or neither, nobody knows. Without such a
    day there is nothing to show, and nothing to ask.
    """
    pairs = [(text, EITHER.match(text)) for text in texts]
    found = [(text, int(one[1]), int(one[2])) for text, one in pairs if one]
    day_first = any(first > MONTHS >= second for _text, first, second in found)
    month_first = any(second > MONTHS >= first for _text, first, second in found)
    open_ones = [text for text, a, b in found if a != b and max(a, b) <= MONTHS]
    if day_first != month_first:
        return day_first, ""
    if day_first and month_first:
        return None, found[0][0]
    return None, open_ones[0] if open_ones else ""


def minutes(text: str, *, in_hours: bool = False) -> int:
    """Read a duration in whole minutes; a number alone counts minutes, or hours if so said.

    Raises NotKnown.
    """
    plain = fold(text)
    if found := COLONS.fullmatch(plain):
        return int(found[1]) * MINUTES_OF_AN_HOUR + int(found[2])
    if found := IN_HOURS.fullmatch(plain):
        return _whole(found[1]) + int(found[2] or 0)
    if in_hours and PLAIN.fullmatch(plain):
        return _whole(plain)
    if found := IN_MINUTES.fullmatch(plain):
        return int(found[1])
    raise NotKnown


def _whole(hours: str) -> int:
    """Give hours as whole minutes, the nearest: 0,33 h are 20 minutes."""
    return round(Decimal(hours.replace(",", ".")) * MINUTES_OF_AN_HOUR)


def state(text: str) -> str:
    """Read what became of an activity; raises NotKnown."""
    try:
        return STATE_OF[word(text)]
    except KeyError as wrong:
        raise NotKnown from wrong
