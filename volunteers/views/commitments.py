"""What one has taken on elsewhere, entered by hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from volunteers.actions import commitments as actions
from volunteers.forms.bandwidth import CommitmentForm
from volunteers.http import Request
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
    actions.finish(found, today_of(request))
    messages.success(request, _("Done. It takes no more of your time."))
    return redirect("volunteers:bandwidth")


@require_POST
def put_down(request: Request, pk: int) -> HttpResponse:
    """Put something down."""
    found = get_object_or_404(request.user.commitments.by_hand(), pk=pk)
    actions.put_down(found, today_of(request))
    messages.success(request, _("Put down. From today on your weeks are free of it."))
    return redirect(_back(request))


def _back(request: Request) -> str:
    """Lead back to the page on which somebody thought about it, where it is one of ours."""
    page = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()})
    return page if ours else reverse("volunteers:bandwidth")
