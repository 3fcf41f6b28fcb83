"""What one has given so far: hours month by month, what it was, and what it cost."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from capx.charts import Column, chart
from exchange.models import AgreementLine, FollowUp
from exchange.models.money import Side
from volunteers.http import Request
from volunteers.models import Commitment, Person
from volunteers.models.bandwidth import today
from volunteers.reports.given import Month, behind, given
from volunteers.views.weeks import month_words

EACH = 30
SUMS = 100
# What a source is drawn as.
KINDS = {
    Commitment.Source.EXCHANGE: "offer",
    Commitment.Source.JOURNEY: "offer",
    Commitment.Source.BY_HAND: "load",
    Commitment.Source.IMPORT: "ask",
}


@require_safe
def past(request: Request) -> HttpResponse:
    """Show the hours of the last months, what lies behind, and the sums that were agreed."""
    me = request.user
    day = today(me, timezone.now())
    months = given(me, day)
    context: dict[str, Any] = {
        "months": [(month, [month.of(source) for source in KINDS]) for month in months],
        "sources": [(Commitment.Source(source).label, kind) for source, kind in KINDS.items()],
        "chart": picture(months),
        "page": Paginator(behind(me, day), EACH).get_page(request.GET.get("page")),
        "sums": sums_of(me)[:SUMS],
        "paid": paid_by(me)[:SUMS],
    }
    return render(request, "volunteers/past.html", context)


def picture(months: list[Month]) -> Any:
    """Draw the hours of months, those of each source on another."""
    words = month_words(month.first for month in months)
    columns = [
        Column(tuple((kind, month.of(source)) for source, kind in KINDS.items()), word=word)
        for month, word in zip(months, words, strict=True)
    ]
    return chart(columns, mirrored=get_language_bidi())


def sums_of(person: Person) -> QuerySet[AgreementLine]:
    """List the sums for one's own side of what is agreed and in force, the latest first."""
    exchange = "agreement__exchange"
    mine = Q(side=Side.PROVIDER, **{f"{exchange}__provider": person})
    mine |= Q(side=Side.RECEIVER, **{f"{exchange}__receiver": person})
    rows = AgreementLine.objects.filter(
        mine, agreement__version=F(f"{exchange}__agreed_version")
    )
    return rows.select_related(f"{exchange}__listing").order_by("-agreement__last_day", "-pk")


def paid_by(person: Person) -> QuerySet[FollowUp]:
    """List what one said afterwards that was paid, the latest first."""
    rows = FollowUp.objects.filter(person=person, paid__gt=0)
    return rows.select_related("exchange__listing").order_by("-created_at", "-pk")
