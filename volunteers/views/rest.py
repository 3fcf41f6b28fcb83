"""When one is left alone, and who looked whether one has time."""

from contextlib import suppress

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from capx import undo
from volunteers.actions import rest as actions
from volunteers.actions.bandwidth import last_day
from volunteers.forms.rest import AloneForm, RestForm
from volunteers.http import Request
from volunteers.models import Check
from volunteers.views.bandwidth import page, today_of

EACH = 50
GONE = "rest_taken_back"


def rest(request: Request) -> HttpResponse:
    """Note a rest from one day to another."""
    if request.method != "POST":
        return redirect("volunteers:bandwidth")
    form = RestForm(request.POST, today=today_of(request))
    if form.is_valid():
        try:
            actions.rest(request.user, **form.cleaned_data)
        except actions.RestsAlready:
            form.add_error("first", _("Part of these days is noted as rest already."))
        else:
            messages.success(request, _("Noted. Nobody will ask you anything on these days."))
            return redirect("volunteers:bandwidth")
    return page(request, rest_form=form)


def leave_alone(request: Request) -> HttpResponse:
    """Be left alone, at once and without a reason."""
    if request.method != "POST":
        return redirect("volunteers:bandwidth")
    day = today_of(request)
    form = AloneForm(request.POST, today=day, prefix="alone")
    if not form.is_valid():
        return page(request, alone_form=form)
    actions.leave_alone(request.user, day, form.cleaned_data["last"])
    messages.success(request, _("Nobody can ask you anything now. Rest well."))
    return redirect("volunteers:bandwidth")


@require_POST
def come_back(request: Request) -> HttpResponse:
    """End the rest."""
    actions.come_back(request.user, today_of(request))
    messages.success(request, _("Good to have you back."))
    return redirect("volunteers:bandwidth")


@require_POST
def forget_rest(request: Request, pk: int) -> HttpResponse:
    """Take back a rest that has not begun."""
    coming = request.user.rests.filter(period__startswith__gt=today_of(request))
    gone = get_object_or_404(coming, pk=pk)
    gone.delete()
    # Its words are for nobody else: no address carries them.
    request.session[GONE] = {
        "first": gone.period.lower.isoformat(),
        "last": str(last_day(gone.period) or ""),
        "words": gone.words,
    }
    undo.say(request, _("Taken back."), reverse("volunteers:rest_again"))
    return redirect("volunteers:bandwidth")


@require_POST
def rest_again(request: Request) -> HttpResponse:
    """Note again the rest that was taken back last."""
    day = today_of(request)
    gone = dict(request.session.pop(GONE, {}))
    if gone:
        gone["first"] = max(gone["first"], day.isoformat())  # a midnight may lie between
    form = RestForm(gone, today=day)
    done = False
    if form.is_valid():
        with suppress(actions.RestsAlready):
            actions.rest(request.user, **form.cleaned_data)
            done = True
    if done:
        messages.success(request, _("As it was: nobody will ask you anything on these days."))
    else:
        messages.error(request, _("It has changed in the meantime. Nothing was done."))
    return redirect("volunteers:bandwidth")


@require_safe
def looked(request: Request) -> HttpResponse:
    """Show who looked whether one has time, and when."""
    checks = Check.objects.of(request.user, timezone.now())
    rows = Paginator(checks, EACH).get_page(request.GET.get("page"))
    return render(request, "volunteers/looked.html", {"page": rows})
