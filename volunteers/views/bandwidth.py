"""My bandwidth: what one can give, what one has taken on, and the weeks ahead."""

from contextlib import suppress
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from capx import undo
from capx.states import IllegalMove
from volunteers.actions import bandwidth as actions
from volunteers.actions.bandwidth import last_day, period_of
from volunteers.forms.bandwidth import HoursForm, SaidBeforeForm, plain
from volunteers.forms.rest import AloneForm, RestForm
from volunteers.http import Request
from volunteers.models import Bandwidth, Commitment
from volunteers.models.bandwidth import today
from volunteers.models.calendars import calendar_of
from volunteers.models.notices import kinds_in_rest
from volunteers.views import weeks

TAKEN = 50


@require_safe
def bandwidth(request: Request) -> HttpResponse:
    """Show it all on one page."""
    return page(request)


def hours(request: Request) -> HttpResponse:
    """Say how many hours a week one can give; what it changes is shown first."""
    if request.method != "POST":
        return redirect("volunteers:bandwidth")
    form = HoursForm(request.POST, today=today_of(request))
    if not form.is_valid():
        return page(request, hours_form=form)
    said = {name: form.cleaned_data[name] for name in ("weekly_hours", "first", "last")}
    changed = actions.changes(request.user, period_of(said["first"], said["last"]))
    if changed and not form.cleaned_data["sure"]:
        context = {"said": said, "changes": [_change(one) for one in changed]}
        return render(request, "volunteers/hours.html", context)
    actions.declare(request.user, **said)
    messages.success(
        request, _("Saved. Only you see this number, and stewards to whom you show your weeks.")
    )
    return redirect("volunteers:bandwidth")


@require_POST
def end_hours(request: Request, pk: int) -> HttpResponse:
    """Take back from today on what one has said."""
    day = today_of(request)
    said = get_object_or_404(request.user.bandwidth.not_over(day), pk=pk)
    actions.take_back(said, day)
    words = _("Taken back. What you said about the time before stays.")
    undo.say(request, words, _said_before(said, day))
    return redirect("volunteers:bandwidth")


@require_POST
def hours_again(request: Request) -> HttpResponse:
    """Say again what one has just taken back."""
    form = SaidBeforeForm(request.GET, today=today_of(request))
    done = False
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("weekly_hours", "first", "last")}
        with suppress(IllegalMove):
            actions.say_again(request.user, **said)
            done = True
    if done:
        messages.success(request, _("As it was: your hours hold again."))
    else:
        messages.error(request, _("It has changed in the meantime. Nothing was done."))
    return redirect("volunteers:bandwidth")


def _said_before(said: Bandwidth, day: date) -> str:
    """Give the address that says again what was taken back on this day."""
    words = {"weekly_hours": said.weekly_hours, "first": max(said.period.lower, day)}
    if last := last_day(said.period):
        words["last"] = last
    return reverse("volunteers:hours_again", query=words)


def page(request: Request, **forms_by_name: forms.Form) -> HttpResponse:
    """Show the page, with the form that needs another look in place of a fresh one."""
    me, day = request.user, today_of(request)
    calendar = calendar_of(me, *weeks.beyond(day), day)
    ahead = weeks.weeks_of(calendar, day)
    taken = Paginator(me.commitments.to_do(day), TAKEN).get_page(request.GET.get("page"))
    declared = [(one, last_day(one.period)) for one in me.bandwidth.not_over(day)]
    context: dict[str, Any] = {
        "hours_form": HoursForm(today=day, initial=_said(declared, day)),
        "rest_form": RestForm(today=day, initial={"first": day}),
        "alone_form": AloneForm(today=day, prefix="alone"),
        "this_week": ahead[0],
        "picture": weeks.picture(ahead),
        "declared": declared,
        "taken": [_commitment(one, day) for one in taken],
        "taken_page": taken,
        "asked": [_commitment(one, day) for one in me.commitments.tentative().not_over(day)],
    }
    return render(
        request, "volunteers/bandwidth.html", context | _rests(request, day) | forms_by_name
    )


def _said(declared: list[tuple[Bandwidth, date | None]], day: date) -> dict[str, Any]:
    """Give what holds today, to be changed from today on."""
    for one, last in declared:
        if day in one.period:
            return {"weekly_hours": plain(one.weekly_hours), "first": day, "last": last}
    return {"first": day}


def _rests(request: Request, day: date) -> dict[str, Any]:
    """Give the rest that goes on, and those to come."""
    rests = list(request.user.rests.not_over(day))
    now = next((one for one in rests if one.period.lower <= day), None)
    return {
        "resting": now,
        "last_day": now and last_day(now.period),
        "covered": now and now.covered_after(day),
        "covers": [
            (fate.label, [kind.label for kind in kinds])
            for fate, kinds in kinds_in_rest().items()
        ],
        "coming": [(one, last_day(one.period)) for one in rests if one is not now],
    }


def _change(change: actions.Change) -> dict[str, Any]:
    """Say in days what becomes of what was said."""
    return {
        "hours": change.said.weekly_hours,
        "first": change.said.period.lower,
        "last": last_day(change.said.period),
        "left": [(left.lower, last_day(left)) for left in change.left],
    }


def _commitment(one: Commitment, day: date) -> dict[str, Any]:
    """Give one line of what was taken on."""
    return {
        "row": one,
        "first": one.period.lower,
        "last": one.last_day,
        "mine": one.source == Commitment.Source.BY_HAND,
        "begun": one.period.lower <= day,
    }


def today_of(request: Request) -> date:
    """Tell which day it is where this person lives."""
    return today(request.user, timezone.now())
