"""What one shares with the stewards of one's affiliates, and what one has shared."""

from datetime import timedelta

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
from volunteers.actions import care as actions
from volunteers.http import Request
from volunteers.models import Affiliate, Look
from volunteers.models.bandwidth import today

EACH = 20
SOON = timedelta(hours=1)


@require_safe
def sharing(request: Request) -> HttpResponse:
    """Show which affiliate sees what, and what was shared before."""
    day = today(request.user, timezone.now())
    mine = request.user.memberships.confirmed().by_affiliate()
    live = request.user.steward_access.given().not_over(day)
    given = {one.affiliate_id: one for one in live}
    before = request.user.steward_access.over(day).select_related("affiliate")
    context = {
        "rows": [(one.affiliate, given.get(one.affiliate_id)) for one in mine],
        "day": day,
        "page": Paginator(before, EACH).get_page(request.GET.get("page")),
    }
    return render(request, "volunteers/sharing.html", context)


@require_POST
def stop(request: Request, slug: str) -> HttpResponse:
    """Take back what the stewards of an affiliate see, at once."""
    affiliate = get_object_or_404(Affiliate, slug=slug)
    live = request.user.steward_access.live().to(affiliate).first()
    actions.stop_sharing(request.user, affiliate, at=timezone.now())
    back = reverse("volunteers:share_again", args=[live.pk]) if live else ""
    undo.say(request, _("Taken back. They see nothing of it any more."), back)
    return redirect("volunteers:sharing")


@require_POST
def again(request: Request, pk: int) -> HttpResponse:
    """Share again what one has just taken back."""
    now = timezone.now()
    rows = request.user.steward_access.taken_back_since(now - SOON)
    found = get_object_or_404(rows.select_related("person", "affiliate"), pk=pk)
    try:
        actions.share_again(found, today(request.user, now), at=now)
    except IllegalMove:
        messages.error(request, _("It has changed in the meantime. Nothing was done."))
    except actions.NotAMember:
        messages.error(request, _("You do not belong to this affiliate any more."))
    else:
        messages.success(request, _("As it was: they see it again."))
    return redirect("volunteers:sharing")


@require_safe
def looked(request: Request) -> HttpResponse:
    """Show which stewards looked at what one shares, and on which day."""
    looks = Look.objects.of(request.user, timezone.now().date())
    page = Paginator(looks, EACH).get_page(request.GET.get("page"))
    return render(request, "volunteers/stewards_looked.html", {"page": page})
