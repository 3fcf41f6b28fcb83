"""When one is left alone, and how many hours a week one can give."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from volunteers.actions import rest as actions
from volunteers.forms.rest import HoursForm, RestForm
from volunteers.http import Request
from volunteers.models import Check, Rest
from volunteers.models.bandwidth import today

EACH = 50


def rest(request: Request) -> HttpResponse:
    """Note a rest from one day to another."""
    day = _today(request)
    form = RestForm(request.POST or None, today=day, initial={"first": day})
    if form.is_valid():
        try:
            actions.rest(request.user, **form.cleaned_data)
        except actions.RestsAlready:
            form.add_error("first", _("Part of these days is noted as rest already."))
        else:
            messages.success(request, _("Noted. Nobody will ask you anything on these days."))
            return redirect("volunteers:rest")
    return _page(request, day, rest_form=form)


@require_POST
def hours(request: Request) -> HttpResponse:
    """Say how many hours a week one can give from today."""
    day = _today(request)
    form = HoursForm(request.POST)
    if not form.is_valid():
        return _page(request, day, hours_form=form)
    actions.declare(request.user, form.cleaned_data["weekly_hours"], day)
    messages.success(request, _("Saved. Only you see this number."))
    return redirect("volunteers:rest")


@require_POST
def rest_now(request: Request) -> HttpResponse:
    """Be left alone, at once and without a reason."""
    actions.rest_now(request.user, _today(request))
    messages.success(request, _("Nobody can ask you anything now. Rest well."))
    return redirect("volunteers:rest")


@require_POST
def come_back(request: Request) -> HttpResponse:
    """End the rest."""
    actions.come_back(request.user, _today(request))
    messages.success(request, _("Good to have you back."))
    return redirect("volunteers:rest")


@require_POST
def forget_rest(request: Request, pk: int) -> HttpResponse:
    """Take back a rest that has not begun."""
    coming = request.user.rests.filter(period__startswith__gt=_today(request))
    get_object_or_404(coming, pk=pk).delete()
    messages.success(request, _("Taken back."))
    return redirect("volunteers:rest")


@require_safe
def looked(request: Request) -> HttpResponse:
    """Show who looked whether one has time, and when."""
    checks = Check.objects.of(request.user, timezone.now())
    page = Paginator(checks, EACH).get_page(request.GET.get("page"))
    return render(request, "volunteers/looked.html", {"page": page})


def _today(request: Request) -> date:
    return today(request.user, timezone.now())


def _page(request: Request, day: date, **forms_by_name: forms.Form) -> HttpResponse:
    """Show the page, with the form that needs another look in place of a fresh one."""
    now = request.user.bandwidth.on(day).first()
    resting = request.user.rests.on(day).first()
    coming = request.user.rests.filter(period__startswith__gt=day).order_by("period")
    context: dict[str, Any] = {
        "rest_form": RestForm(today=day, initial={"first": day}),
        "hours_form": HoursForm(initial={"weekly_hours": now and now.weekly_hours}),
        "resting": resting,
        "last_day": resting and _last_day(resting),
        "coming": [(one, _last_day(one)) for one in coming],
    }
    return render(request, "volunteers/rest.html", context | forms_by_name)


def _last_day(rest: Rest) -> date | None:
    """Give the last day of a rest, None where it has no end."""
    return rest.period.upper - timedelta(days=1) if rest.period.upper else None
