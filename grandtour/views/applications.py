"""Applying to travel: beginning, writing, sending, taking back, and where it stands."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx.htmx import HtmxRequest
from capx.states import IllegalMove
from grandtour.actions import applications as actions
from grandtour.forms.applications import ApplicationForm
from grandtour.forms.days import Periods, periods
from grandtour.models import Application, Edition
from grandtour.views.standing import standing
from volunteers.http import Request
from volunteers.models import Person
from volunteers.models.bandwidth import today

State = Application.State


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def apply(request: HtmxRequest, slug: str) -> HttpResponse:
    """Say what an application takes, and begin one."""
    found = get_object_or_404(Edition.objects.visible_to(request.user), slug=slug)
    now = timezone.now()
    if request.method == "POST":
        if not isinstance(request.user, Person):
            return redirect_to_login(request.get_full_path())
        try:
            begun = actions.begin(found, request.user, day=today(request.user, now))
        except actions.NotOpen:
            messages.warning(request, _("One cannot apply to this edition on this day."))
            return redirect(found)
        return redirect("grandtour:edit_application", begun.pk)
    context = {
        "edition": found,
        "takes_applications": found.takes_applications(timezone.localdate(now)),
        "criteria": found.criteria.order_by("number"),
    }
    return render(request, "grandtour/apply.html", context)


@require_safe
def application(request: Request, pk: int) -> HttpResponse:
    """Tell where one's application stands, what comes next, and what was written."""
    found = _mine(request, pk)
    context = standing(found, today(request.user, timezone.now()))
    return render(request, "grandtour/application.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Write an application; what is right is kept whatever else is missing."""
    found = _mine(request, pk)
    if found.state not in {State.DRAFT, State.INCOMPLETE}:
        return redirect(found)
    complete = request.POST.get("step") == "send"
    form = ApplicationForm(request.POST or None, instance=found, complete=complete)
    lines = _lines(found, request.POST or None)
    if request.method == "POST":
        answer = _sent(request, form, lines) if complete else _kept(request, form, lines)
        if answer:
            return answer
    context = {"application": found, "edition": found.edition, "form": form, "lines": lines}
    return render(request, "grandtour/edit_application.html", context)


def _lines(application: Application, data: Any) -> Periods:
    """Make the lines for the days of an applicant."""
    kept = [(w.period.lower, w.last_day) for w in application.windows.order_by("period")]
    edition = application.edition
    return periods(data, (edition.travel_first_day, edition.travel_last_day), kept)


def _kept(request: Request, form: ApplicationForm, lines: Periods) -> HttpResponse | None:
    """Keep a draft."""
    if not (form.is_valid() and lines.is_valid()):
        return None
    actions.keep(form.written(), lines.chosen(), form.private())
    messages.success(request, _("Kept as a draft. Only you see it."))
    return redirect(form.instance)


def _sent(request: Request, form: ApplicationForm, lines: Periods) -> HttpResponse | None:
    """Send an application, or say beside the fields what is missing."""
    right = form.is_valid() and lines.is_valid()
    if right and not lines.chosen():
        form.add_error(None, _("Say on which days you could be away."))
        right = False
    if not right:
        return None
    actions.keep(form.written(), lines.chosen(), form.private())
    now = timezone.now()
    try:
        actions.submit(form.instance, at=now, day=today(request.user, now))
    except actions.NotOpen:
        messages.error(request, _("The last day has passed. Your draft is kept."))
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, _("It has arrived. This page tells where it stands."))
    return redirect(form.instance)


@require_POST
def autosave(request: Request, pk: int) -> JsonResponse:
    """Keep what is right of a draft while it is written."""
    found = _mine(request, pk)
    if found.state not in {State.DRAFT, State.INCOMPLETE}:
        return JsonResponse({}, status=409)
    form = ApplicationForm(request.POST, instance=found, complete=False)
    lines = _lines(found, request.POST)
    form.full_clean()
    chosen = lines.chosen() if lines.is_valid() else None
    actions.keep(form.written(), chosen, form.private())
    return JsonResponse({})


def _mine(request: Request, pk: int) -> Application:
    """Find one's own."""
    rows = Application.objects.of(request.user).select_related(
        "edition", "person", "needs", "place", "affiliate"
    )
    return get_object_or_404(rows, pk=pk)


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take one's application back."""
    found = _mine(request, pk)
    try:
        actions.withdraw(found, at=timezone.now())
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, _("It is taken back. Nobody asks why."))
    return redirect(found)


@require_POST
def take_up(request: Request, pk: int) -> HttpResponse:
    """Go on with an application that was taken back."""
    found, now = _mine(request, pk), timezone.now()
    try:
        actions.take_up(found, at=now, day=today(request.user, now))
    except (IllegalMove, actions.NotOpen):
        messages.warning(request, _("One cannot apply to this edition on this day."))
        return redirect(found)
    return redirect("grandtour:edit_application", pk)


@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Throw away a draft that was never sent."""
    found = _mine(request, pk)
    edition = found.edition
    try:
        actions.discard(found)
    except IllegalMove:
        messages.warning(request, _("It has been sent already: you can take it back instead."))
        return redirect(found)
    messages.success(request, _("The draft is gone."))
    return redirect(edition)
