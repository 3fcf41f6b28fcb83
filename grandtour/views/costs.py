"""Costs of a traveller: what they paid, with receipts; what is approved, paid, or not."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx.states import IllegalMove
from grandtour.actions import money as actions
from grandtour.forms.money import ClaimForm
from grandtour.models import BudgetLine, Cost, Receipt, Seat
from grandtour.models.money import seats_with_costs
from volunteers.forms.money import currency_of
from volunteers.http import Request

TONES = {
    Cost.State.CLAIMED: "waits",
    Cost.State.COMMITTED: "live",
    Cost.State.PAID: "good",
    Cost.State.REFUSED: "stopped",
    Cost.State.WITHDRAWN: "ended",
}


@require_http_methods(["GET", "HEAD", "POST"])
def costs(request: Request, pk: int) -> HttpResponse:
    """Show a traveller's own costs of a journey, and take a claim with its receipt."""
    seat = _seat(request, pk)
    form = ClaimForm(
        request.POST or None,
        request.FILES or None,
        initial={"currency": currency_of(seat.country)},
    )
    if form.is_valid() and _claim(request, seat, form):
        return redirect("grandtour:costs", pk)
    rows = list(seat.costs.as_listed().newest())
    context = {
        "journey": seat.journey,
        "edition": seat.edition,
        "form": form,
        "open": seats_with_costs().filter(pk=seat.pk).exists(),
        "costs": [{"cost": cost, "tone": TONES[Cost.State(cost.state)]} for cost in rows],
        "sums": sums(rows),
        "owed": BudgetLine.objects.owed_to(seat).in_order(),
    }
    return render(request, "grandtour/costs.html", context)


def _claim(request: Request, seat: Seat, form: ClaimForm) -> bool:
    """Note a claim; or say why not, and keep what was typed."""
    said = form.cleaned_data
    claim = actions.Claim(said["what"], said["day"], said["amount"], said["currency"])
    try:
        actions.claim(seat, claim, actions.File(*said["receipt"]), at=timezone.now())
    except actions.TooMany:
        form.add_error(None, _("That is many claims for one journey. Write to organisers."))
    except IllegalMove:
        form.add_error(None, _("Costs are claimed once the journey is confirmed."))
    else:
        messages.success(request, _("Noted. You hear from us when organisers have decided."))
        return True
    return False


def sums(rows: Iterable[Cost]) -> list[dict[str, Any]]:
    """Add up what waits, is approved and is paid, for each currency."""
    found: dict[str, dict[str, Any]] = {}
    for cost in rows:
        if cost.state in {Cost.State.CLAIMED, Cost.State.COMMITTED, Cost.State.PAID}:
            empty = {"currency": cost.currency, "claimed": 0, "committed": 0, "paid": 0}
            found.setdefault(cost.currency, empty)[cost.state] += cost.amount
    return [found[currency] for currency in sorted(found)]


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a claim back that nobody has decided yet."""
    mine = Cost.objects.filter(seat__person=request.user, kind=Cost.Kind.EXPENSE)
    cost = get_object_or_404(mine.select_related("seat"), pk=pk)
    try:
        actions.withdraw(cost)
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, _("Taken back, and the receipt is deleted."))
    return redirect(cost)


@require_safe
def receipt(request: Request, pk: int) -> HttpResponse:
    """Give a receipt to whose it is, and to organisers who look after money; never shown."""
    seen = Cost.objects.seen_by(request.user)
    found = get_object_or_404(Receipt.objects.filter(cost__in=seen), cost__pk=pk)
    return HttpResponse(
        bytes(found.content),
        content_type=found.media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, found.file_name) or "",  # noqa: FBT003 -- Django's own signature
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _seat(request: Request, pk: int) -> Seat:
    """Find one's own place in a journey, the last one where there were two."""
    rows = Seat.objects.of(request.user).filter(journey__pk=pk)
    found = rows.select_related("journey__edition", "edition").order_by("-pk").first()
    return found or get_object_or_404(rows)
