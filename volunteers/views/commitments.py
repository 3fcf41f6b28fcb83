"""What one has taken on elsewhere, entered by hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from capx import undo
from capx.states import IllegalMove
from volunteers.actions import commitments as actions
from volunteers.forms.bandwidth import AgainForm, CommitmentForm
from volunteers.http import Request
from volunteers.models import Commitment
from volunteers.views.bandwidth import today_of


def new(request: Request) -> HttpResponse:
    """Note something one has taken on."""
    day = today_of(request)
    form = CommitmentForm(request.POST or None, today=day, initial={"first": day})
    if form.is_valid():
        actions.take_on(request.user, form.words())
        messages.success(request, _("Noted. It counts in your weeks now."))
        return redirect("volunteers:bandwidth")
    return render(request, "volunteers/commitment.html", {"form": form})


def edit(request: Request, pk: int) -> HttpResponse:
    """Change what one has noted."""
    found = get_object_or_404(request.user.commitments.by_hand(), pk=pk)
    form = CommitmentForm(request.POST or None, today=today_of(request), said=found)
    if form.is_valid():
        actions.change(found, form.words())
        messages.success(request, _("Saved."))
        return redirect("volunteers:bandwidth")
    return render(request, "volunteers/commitment.html", {"form": form, "commitment": found})


@require_POST
def finish(request: Request, pk: int) -> HttpResponse:
    """Say that something is done."""
    found = get_object_or_404(request.user.commitments.by_hand(), pk=pk)
    again = _again(found)
    actions.finish(found, today_of(request))
    undo.say(request, _("Done. It takes no more of your time."), again)
    return redirect("volunteers:bandwidth")


@require_POST
def put_down(request: Request, pk: int) -> HttpResponse:
    """Put something down."""
    found = get_object_or_404(request.user.commitments.by_hand(), pk=pk)
    again = _again(found)
    actions.put_down(found, today_of(request))
    said = _("Put down. From today on your weeks are free of it.")
    undo.say(request, said, again)
    return redirect(_back(request))


@require_POST
def take_up_again(request: Request, pk: int) -> HttpResponse:
    """Take back that something is done or put down."""
    found = get_object_or_404(request.user.commitments.ended_by_hand(), pk=pk)
    form = AgainForm(request.GET)
    changed = _("It has changed in the meantime. Nothing was done.")
    if not form.is_valid():
        messages.error(request, changed)
        return redirect("volunteers:bandwidth")
    try:
        actions.take_up_again(found, form.cleaned_data["last"])
    except IllegalMove:
        messages.error(request, changed)
    else:
        said_again = _("As it was: it counts in your weeks again.")
        asked = form.cleaned_data["asked"]
        if found.hand_overs.filter(pk=asked, state="gone").exists():
            said_again = _(
                "It counts in your weeks again. Whom you had asked to take it on is no longer "
                "asked; you can ask anew."
            )
        messages.success(request, said_again)
    return redirect("volunteers:bandwidth")


def _again(commitment: Commitment) -> str:
    """Give the address that lets it go on until the day on which it was to end.

    It says whose question, whether they take it on, ends along with it.
    """
    asked = commitment.hand_overs.filter(state="offered").first()
    before = {
        **({"last": commitment.last_day.isoformat()} if commitment.last_day else {}),
        **({"asked": asked.pk} if asked else {}),
    }
    return reverse("volunteers:take_up_again", args=[commitment.pk], query=before)


def _back(request: Request) -> str:
    """Lead back to the page on which somebody thought about it, where it is one of ours."""
    page = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()})
    return page if ours else reverse("volunteers:bandwidth")
