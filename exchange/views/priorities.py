"""Where stewards, and those who post for an affiliate, write down its priorities of a year."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from capx.sums import HOURS
from capx.yearly import amount
from exchange.actions import priorities as actions
from exchange.forms.priorities import PriorityForm, ReadForm, forms_of
from exchange.models import Priority
from exchange.models.priorities import FIRST_YEAR, LAST_YEAR
from volunteers.http import Request
from volunteers.models import Affiliate


def edit(request: Request, slug: str, year: int) -> HttpResponse:
    """Write down what an affiliate one speaks for means to put into a year."""
    affiliate = get_object_or_404(Affiliate.objects.spoken_for_by(request.user), slug=slug)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    kept = list(Priority.objects.of(affiliate, year))
    data = request.POST if request.method == "POST" else None
    forms = forms_of(data, affiliate, _start(request, affiliate, year, kept))
    read = ReadForm(data, initial={"read": actions.mark_of(kept)})
    context = {"affiliate": affiliate, "year": year, "forms": forms, "read": read}
    if data is not None and all([read.is_valid(), *(form.is_valid() for form in forms)]):
        try:
            _write(affiliate, year, forms, read)
        except actions.Changed:
            context |= _theirs(affiliate, year)
        else:
            messages.success(request, _("Saved."))
            return redirect(reverse("priorities", args=[slug, year]))
    return render(request, "exchange/priorities_edit.html", context)


def _start(
    request: Request, affiliate: Affiliate, year: int, kept: list[Priority]
) -> dict[str, Priority]:
    """Start from what is written, or on request from copies of what was last year."""
    if request.method == "GET" and "copy" in request.GET:
        kept = list(Priority.objects.of(affiliate, year - 1)) or kept
    for row in kept:
        row.pk = None
    return {row.kind: row for row in kept}


def _write(affiliate: Affiliate, year: int, forms: list[PriorityForm], read: ReadForm) -> None:
    rows = [form.instance for form in forms]
    actions.write(affiliate, year, rows, read=read.cleaned_data["read"])


def _theirs(affiliate: Affiliate, year: int) -> dict[str, object]:
    """Show what somebody else wrote meanwhile; sent once more, this form takes its place."""
    theirs = list(Priority.objects.of(affiliate, year))
    mark = actions.mark_of(theirs)
    hours = [amount(row.hours, HOURS) if row.hours is not None else "" for row in theirs]
    read = ReadForm(initial={"read": mark})
    return {"theirs": list(zip(theirs, hours, strict=True)), "read": read}
