"""Waiting until the author of a listing can be asked about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from exchange.actions.exchanges import wish_of
from exchange.forms.exchanges import WaitForm
from exchange.models import Listing
from exchange.views.refused import REFUSED, answerable, was
from volunteers.actions import watches as actions
from volunteers.http import Request
from volunteers.models import Watch


@require_POST
def wait(request: Request, pk: int) -> HttpResponse:
    """Hear once when the author takes requests again; the same words whatever the reason."""
    me = request.user
    refused = was(REFUSED, request.POST.get("refused", ""), pk, me)
    shown = answerable(pk, me, known=refused).select_related("author")
    listing: Any = get_object_or_404(shown.filter(state=Listing.State.OPEN))
    form = WaitForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Those days or hours cannot be read. Choose them again."))
        return redirect("exchange:ask", pk)
    if listing.invites and not refused:
        messages.warning(request, _("Answer first. If they cannot be asked then, wait for it."))
        return redirect("exchange:ask", pk)
    subject = actions.Subject(listing.title, f"/catalogue/{pk}/ask/")
    now = timezone.now()
    wish = wish_of(listing, form.words(), at=now)
    try:
        before = actions.wait(listing.author, me, subject, wish, at=now)
    except actions.TooOften:
        often = _("One can begin to wait five times within a day. Nothing has changed.")
        messages.error(request, often)
    except actions.TooMany:
        messages.error(request, _("You wait for as many people as one can. Let one go first."))
    else:
        messages.success(request, _("You hear from us, once, when they can be asked."))
        if before and before.link != subject.link:
            messages.warning(request, _replaced(before))
    return redirect("volunteers:waiting")


def _replaced(before: Watch) -> str:
    """Say what one waits for no longer: for one person one waits for one thing."""
    told = _(
        "This takes the place of what you waited to ask the same person before: “%(what)s”."
    )
    return told % {"what": before.what}
