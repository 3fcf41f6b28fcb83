"""What one has given so far: hours month by month, what it was, and what it cost."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from capx.charts import Column, chart
from capx.names import listed
from capx.views.spent import spent
from volunteers.http import Request
from volunteers.models import Commitment
from volunteers.models.bandwidth import today
from volunteers.reports.given import Month, behind, given
from volunteers.views.weeks import month_words

EACH = 30
# So many stand on one page where somebody wishes all of it, as for paper.
ALL = 1000
SUMS = 300
# What a source is drawn as.
KINDS = {
    Commitment.Source.EXCHANGE: "offer",
    Commitment.Source.JOURNEY: "offer",
    Commitment.Source.BY_HAND: "load",
    Commitment.Source.IMPORT: "ask",
}


@require_safe
def past(request: Request) -> HttpResponse:
    """Show the hours of the last months, what lies behind, and what it cost."""
    me = request.user
    day = today(me, timezone.now())
    months = given(me, day)
    before = behind(me.commitments.all(), day)
    whole = "all" in request.GET
    costs = spent([me], day)[me.pk]
    context: dict[str, Any] = {
        "months": [(month, [month.of(source) for source in KINDS]) for month in months],
        "sources": [Commitment.Source(source).label for source in KINDS],
        "legend": legend(),
        "chart": picture(months),
        "page": Paginator(before, ALL if whole else EACH).get_page(request.GET.get("page")),
        "whole": whole,
        "spent": costs[:SUMS],
        "spent_more": max(len(costs) - SUMS, 0),
        "address": request.build_absolute_uri(),
    }
    return render(request, "volunteers/past.html", context)


def legend() -> list[tuple[str, str]]:
    """Name what each colour means: what is drawn alike stands together."""
    words: dict[str, list[str]] = {}
    for source, kind in KINDS.items():
        words.setdefault(kind, []).append(str(Commitment.Source(source).label))
    return [(kind, listed(some)) for kind, some in words.items()]


def picture(months: list[Month]) -> Any:
    """Draw the hours of months, those of each source on another."""
    words = month_words(month.first for month in months)
    columns = [
        Column(tuple((kind, month.of(source)) for source, kind in KINDS.items()), word=word)
        for month, word in zip(months, words, strict=True)
    ]
    return chart(columns, mirrored=get_language_bidi())
