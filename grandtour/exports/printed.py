"""The draft of an application and the records of mobilities, on paper."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from capx import paper
from capx.names import country_name
from capx.templatetags.dates import day
from capx.templatetags.wording import kilometres, money
from grandtour.exports import books
from grandtour.exports.draft import Section, sections
from grandtour.models import Edition, Leg
from grandtour.planning.erasmus import Mobility, Travel
from grandtour.planning.problem import Mode
from grandtour.planning.support import EURO, Support


def draft(edition: Edition) -> bytes:
    """Print the draft of an application; raises Unprintable."""
    said = {
        "title": str(edition),
        "lede": edition.theme,
        "sections": [_section(one) for one in sections(edition)],
    }
    return paper.pdf("grandtour/draft.typ", _sheet() | said)


def records(edition: Edition) -> bytes:
    """Print a record for everybody who travels or did; raises Unprintable."""
    said = {
        "title": _("Records of mobilities"),
        "lede": str(edition),
        "records": [_record(one) for one in books.records(edition)],
        "empty": _("Nobody's journey is confirmed yet."),
        "sign": [
            _("Participant: day and signature"),
            _("For the beneficiary: day and signature"),
        ],
    }
    return paper.pdf("grandtour/records.typ", _sheet() | said)


def _sheet() -> dict[str, Any]:
    """Give what stands on every sheet."""
    return {
        "lang": get_language(),
        "rtl": get_language_bidi(),
        "date": strip_tags(day(timezone.localdate())),
        "made": f"Capacity Exchange · {settings.SITE_URL}",
    }


def _section(section: Section) -> dict[str, Any]:
    """Give a part of the draft as data."""
    grid = section.grid
    return {
        "title": section.title,
        "words": paper.paragraphs(section.words),
        "points": [{"text": one.words, "below": one.below} for one in section.points],
        "head": grid.head if grid and grid.rows else [],
        "rows": grid.rows if grid else [],
        "sums": grid.sums if grid else [],
    }


def _record(one: Mobility) -> dict[str, Any]:
    """Give a record as pairs of a word and what stands beside it."""
    return {"name": one.participant, "pairs": [list(pair) for pair in _pairs(one) if pair[1]]}


def _pairs(one: Mobility) -> Iterable[tuple[str, str]]:
    """Say what the beneficiary of a grant writes down of one traveller."""
    way = one.travel
    home = one.origin or country_name(one.sending_country)
    return [
        (_("Sending organisation"), one.sending or _("None; a person of their own")),
        (_("From"), home),
        (_("Receiving organisations"), "; ".join(one.receiving)),
        (_("To"), "; ".join(one.receiving_places)),
        (_("First day"), _day(one.first_day)),
        (_("Last day"), _day(one.last_day)),
        (_("Funded days of travel"), str(way.days)),
        (_("Distance of one way"), f"{kilometres(way.km)} ({_band(way)})"),
        (_("Main means of transport"), _mode(way.main)),
        (_("Green travel"), _("Yes") if way.green else _("No")),
        (_("Unit cost of travel"), f"{money(way.cents, EURO)} ({apart(way.source)})"),
        (_("Individual support"), _support(one.support)),
        (_("Agreement"), _day(one.agreed_on)),
        (_("Participant's report"), _report(one)),
    ]


def _support(paid: Support) -> str:
    """Say what is paid for somebody's days; nothing where no rate is known."""
    if not paid.cents:
        return ""
    words = _("%(sum)s: %(full)s days, and %(later)s from the fifteenth on at 70 %%")
    full = paid.full_days + paid.travel_days
    return words % {"sum": money(paid.cents, EURO), "full": full, "later": paid.later_days}


def _report(one: Mobility) -> str:
    """Say whether there is a report, and whether anybody can still read it."""
    if not one.reported:
        return _("Not handed in yet")
    return _("Handed in") if one.report_kept else _("Handed in; the words were deleted since")


def _band(way: Travel) -> str:
    """Write a distance band in the reader's language."""
    return _("%(number)s km") % {"number": apart(books.band(way).replace("-", "–"))}  # noqa: RUF001 -- a span


def apart(words: str) -> str:
    """Let words read their own way among others that read the other way."""
    return f"\u2068{words}\u2069" if words else ""


def _mode(mode: Mode | None) -> str:
    """Name by what one travels."""
    return str(Leg.Way(mode.value).label) if mode else ""


def _day(value: Any) -> str:
    """Write a day in the reader's language; nothing where there is none."""
    return strip_tags(day(value)) if value else ""
