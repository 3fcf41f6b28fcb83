"""The thank-yous that somebody received and gave, and what each side can do about them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from capx.answers import page_of
from volunteers.actions import thanks as actions
from volunteers.http import Request
from volunteers.models import Thanks

A_PAGE = 20


@require_safe
def my_thanks(request: Request) -> HttpResponse:
    """Show what I received, or what I gave."""
    gave = request.GET.get("show") == "given"
    mine = Thanks.objects.given_by if gave else Thanks.objects.received_by
    page = Paginator(mine(request.user), A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "gave": gave, "tabs": _tabs(gave=gave)}
    return render(request, "volunteers/thanks.html", context)


def _tabs(*, gave: bool) -> list[dict[str, Any]]:
    here = reverse("volunteers:my_thanks")
    return [
        {"label": _("Received"), "href": here, "current": not gave},
        {"label": _("Given"), "href": f"{here}?show=given", "current": gave},
    ]


@require_POST
def keep(request: Request, pk: int) -> HttpResponse:
    """Say whether a thank-you may be shown; whoever received it may remove it for good."""
    mine = Thanks.objects.between(request.user).select_related("receiver")
    thanks = get_object_or_404(mine, pk=pk)
    choice = request.POST.get("choice")
    if choice == "remove":
        actions.remove(get_object_or_404(mine, pk=pk, receiver=request.user))
        messages.success(request, _("The thank-you is removed."))
    elif choice in ("show", "hide"):
        actions.show(thanks, request.user, wished=choice == "show")
        messages.success(request, _("Noted."))
    return redirect(f"{page_of(request)}#thanks")
