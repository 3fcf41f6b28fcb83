"""The priorities of an affiliate in a year, and what came of them in all apps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from capx import yearly
from capx.htmx import HtmxRequest
from capx.sums import Sum, added
from exchange import reports
from exchange.models import Priority
from exchange.models.priorities import FIRST_YEAR, LAST_YEAR
from grandtour.reports import yearly as yearly_tours
from volunteers.models import Affiliate, Membership, Person

# Each app that knows of hours or money says here what came of a year.
SOURCES: tuple[Callable[[Affiliate, int], Iterable[Sum]], ...] = (
    reports.came_of,
    yearly_tours.came_of,
)


@dataclass(frozen=True, slots=True)
class Year:
    """A year of an affiliate, ready to be shown."""

    year: int
    written: list[Priority]
    rows: list[yearly.Row]

    @property
    def pictures(self) -> list[yearly.Picture]:
        """Draw its hours, and its money by currency, as the reader reads."""
        return yearly.pictures(self.rows, mirrored=get_language_bidi())

    @property
    def title(self) -> str:
        """Name it."""
        return _("Capacity priorities of %(year)s") % {"year": self.year}


def year_of(affiliate: Affiliate, year: int, written: list[Priority]) -> Year:
    """Hold what is written down for a year against what came of it, app by app."""
    sums = added(one for source in SOURCES for one in source(affiliate, year))
    meant = [yearly.Meant(row.kind, row.hours, row.amount, row.currency) for row in written]
    rows = yearly.rows({str(k.value): str(k.label) for k in Priority.Kind}, meant, sums)
    practices = yearly.Row(
        kind=Priority.Kind.SHARING,
        name=_("Practices written down"),
        unit=yearly.PRACTICES,
        came=Decimal(reports.practices_of(affiliate, year)),
    )
    return Year(year, written, [*rows, practices])


@require_safe
@login_not_required
def this_year(_request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the year that it is now."""
    affiliate = get_object_or_404(Affiliate, slug=slug)
    return redirect("priorities", affiliate.slug, timezone.localdate().year)


@require_safe
@login_not_required
def priorities(request: HtmxRequest, slug: str, year: int) -> HttpResponse:
    """Show what an affiliate means to put into a year, and what has come of it."""
    affiliate, found, written = _found(slug, year)
    years = sorted({year, *(row.year for row in written)}, reverse=True)
    title = f"{affiliate}: {found.title}"
    context: dict[str, Any] = {
        "affiliate": affiliate,
        "found": found,
        "years": years,
        "wikitext": yearly.wikitext(title, found.rows),
        "speaks": _speaks(request, affiliate),
    }
    return render(request, "exchange/priorities.html", context)


@require_safe
@login_not_required
def wikitext(_request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Give the year as a table for a wiki."""
    affiliate, found, _written = _found(slug, year)
    text = yearly.wikitext(f"{affiliate}: {found.title}", found.rows)
    return _file(text, "text/plain", f"{slug}-{year}.wiki.txt")


@require_safe
@login_not_required
def table(_request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Give the year as CSV."""
    affiliate, found, _written = _found(slug, year)
    text = yearly.table(affiliate.slug, year, found.rows)
    return _file(text, "text/csv", f"{slug}-{year}.csv")


def _found(slug: str, year: int) -> tuple[Affiliate, Year, list[Priority]]:
    """Read an affiliate, one of its years, and what it has written down for any."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    affiliate = get_object_or_404(Affiliate, slug=slug)
    written = list(Priority.objects.of(affiliate))
    of_year = [row for row in written if row.year == year]
    return affiliate, year_of(affiliate, year, of_year), written


def _speaks(request: HttpRequest, affiliate: Affiliate) -> bool:
    """Say whether this reader may write the priorities down."""
    speaking = Membership.objects.speaking().filter(affiliate=affiliate)
    return isinstance(request.user, Person) and speaking.filter(person=request.user).exists()


def _file(text: str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
