"""What one needs on a journey: changed, or deleted, after the application was sent."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from capx.states import IllegalMove
from grandtour.actions import applications as actions
from grandtour.forms.needs import NeedsForm
from grandtour.models import Application
from volunteers.http import Request

State = Application.State
PLANNED = {State.SHORTLISTED, State.WAITING}
PLACED = {State.PLACED, State.CONFIRMED}


@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: Request, pk: int) -> HttpResponse:
    """Change what one needs; say who reads it, and what it changes."""
    found = _mine(request, pk)
    data = request.POST if request.method == "POST" else None
    form = NeedsForm(data, application=found)
    if form.is_valid():
        return _change(request, found, form.private(), _("Kept."))
    said = getattr(found, "needs", None)
    context = {
        "application": found,
        "edition": found.edition,
        "form": form,
        "kept": said is not None,
        "shown": bool(said and said.shown_to_hosts_at),
        "planned": found.state in PLANNED,
        "placed": found.state in PLACED,
    }
    return render(request, "grandtour/needs.html", context)


@require_POST
def forget(request: Request, pk: int) -> HttpResponse:
    """Delete what one said about one's needs."""
    return _change(request, _mine(request, pk), actions.Private(), _("It is deleted."))


def _mine(request: Request, pk: int) -> Application:
    """Find one's own, where needs can be changed apart from it."""
    rows = Application.objects.of(request.user).select_related("edition", "needs")
    found = get_object_or_404(rows, pk=pk)
    if not actions.may_change_needs(found):
        raise Http404
    return found


def _change(
    request: Request, found: Application, private: actions.Private, said: str
) -> HttpResponse:
    """Do it, and say so."""
    try:
        actions.change_needs(found, private)
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, said)
    return redirect(found)
