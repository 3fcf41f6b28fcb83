"""Reporting something, and reading what became of it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from exchange.actions import reports as actions
from exchange.forms.reports import AppealForm, ReportForm
from exchange.models import Report
from exchange.models.reports import TARGETS, Target, author_of, reportable
from volunteers.http import Request

LONGEST_KEY = 18  # digits of the largest key PostgreSQL can hold


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, what: str, key: str) -> HttpResponse:
    """Say that something should not stand here, or ask to look again at one's own."""
    target = _target_or_404(request, what, key)
    own = author_of(target) == request.user
    form = (AppealForm if own else ReportForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, fresh = actions.report(
                target, request.user, form.concern(), at=timezone.now()
            )
        except actions.TooMany:
            form.add_error(None, _("That is a lot for one day. Please go on tomorrow."))
        else:
            if not fresh:
                messages.info(request, _("You had told us already; we added what is new."))
            return redirect(made)
    context = {"what": what, "target": target, "own": own, "form": form}
    return render(request, "exchange/report.html", context)


@require_safe
def reported(request: Request, pk: int) -> HttpResponse:
    """Say what happens next, and what was decided."""
    mine = Report.objects.in_full().filter(reporter=request.user)
    made = get_object_or_404(mine, pk=pk)
    author = author_of(made.target)
    context = {"report": made, "author": author, "own": author == request.user}
    return render(request, "exchange/reported.html", context)


def _target_or_404(request: Request, what: str, key: str) -> Target:
    """Find what is reported among what this person may read."""
    if what not in TARGETS or "\0" in key:
        raise Http404
    known = reportable(what, request.user)
    if what == "person":
        person: Target = get_object_or_404(known, username=key)
        return person
    if not key.isdecimal() or len(key) > LONGEST_KEY:
        raise Http404
    if what == "message":
        known = known.select_related("exchange__listing")
    found: Target = get_object_or_404(known.select_related("author"), pk=int(key))
    return found
