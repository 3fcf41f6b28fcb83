"""Applying to travel: beginning, writing, sending, taking back, and where it stands."""

from datetime import date, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx.celery import nudge
from capx.htmx import HtmxRequest
from capx.states import IllegalMove
from grandtour.actions import applications as actions
from grandtour.forms.applications import ApplicationForm
from grandtour.forms.days import Periods, periods
from grandtour.models import Application, Edition
from grandtour.tasks import follow_up_offers
from grandtour.views.leaving import what_ends
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
        "takes_applications": found.takes_applications(day_of(request.user, now)),
        "criteria": found.criteria.order_by("number"),
        "questions": found.questions.order_by("number"),
        "ends": what_ends(request.user, found),
    }
    return render(request, "grandtour/apply.html", context)


def day_of(viewer: Person | AnonymousUser, now: datetime) -> date:
    """Tell which day it is for who looks: where they live, or here."""
    return today(viewer, now) if isinstance(viewer, Person) else timezone.localdate(now)


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
    if found.state not in actions.WRITABLE:
        return redirect(found)
    complete = request.POST.get("step") == "send"
    data = request.POST if request.method == "POST" else None
    form = ApplicationForm(data, instance=found, complete=complete)
    lines = periods(data, found.edition, found.windows.order_by("period"))
    if request.method == "POST" and (answer := _taken(request, form, lines)):
        return answer
    context = {"application": found, "edition": found.edition, "form": form, "lines": lines}
    context["ends"] = what_ends(request.user, found.edition)
    return render(request, "grandtour/edit_application.html", context)


def _taken(request: Request, form: ApplicationForm, lines: Periods) -> HttpResponse | None:
    """Keep what is right, and send it where all is; None where something is to be mended."""
    whole = form.is_valid() & lines.is_valid()
    if form.complete and lines.is_valid():
        whole &= form.suits(lines)
    try:
        _keep_or_send(request, form, lines, whole=whole)
    except actions.Changed:
        form.add_error(
            None,
            _(
                "You have changed this in another window, so nothing was overwritten. What "
                "you typed still stands here: copy it, then open the page again."
            ),
        )
        return None
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
        there = Application.objects.filter(pk=form.instance.pk).exists()
        return redirect(form.instance if there else form.instance.edition)
    return redirect(form.instance) if whole else None


def _keep_or_send(
    request: Request, form: ApplicationForm, lines: Periods, *, whole: bool
) -> None:
    """Do what the button says that was pressed, and say so."""
    chosen = lines.chosen() if lines.is_valid() else None
    if not (whole and form.complete):
        actions.keep(form.written(), chosen, form.private())
        if whole:
            messages.success(request, _("Kept. Organisers read it when you send it."))
        return
    try:
        actions.send(form.written(), chosen or [], form.private(), at=timezone.now())
    except actions.NotOpen:
        actions.keep(form.written(), chosen, form.private())
        messages.error(request, _("The last day has passed. Your draft is kept."))
    else:
        messages.success(request, _("It has arrived. This page tells where it stands."))


@require_POST
def autosave(request: Request, pk: int) -> JsonResponse:
    """Keep what is right of a draft while it is written."""
    found = _mine(request, pk)
    form = ApplicationForm(request.POST, instance=found, complete=False)
    lines = periods(request.POST, found.edition, found.windows.order_by("period"))
    form.full_clean()
    try:
        chosen = lines.chosen() if lines.is_valid() else None
        actions.keep(form.written(), chosen, form.private())
    except (IllegalMove, actions.Changed):
        return JsonResponse({}, status=409)
    return JsonResponse({})


def _mine(request: Request, pk: int) -> Application:
    """Find one's own."""
    rows = Application.objects.of(request.user).select_related(
        *("edition", "person", "needs", "place", "affiliate", "partner__affiliate")
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
        nudge(follow_up_offers)
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
