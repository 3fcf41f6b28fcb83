"""The directory of people, and whom one does not wish to meet."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from capx.htmx import HtmxRequest, render_part
from capx.pages import Capped
from volunteers.actions import people as actions
from volunteers.filters import PersonFilter
from volunteers.http import Request
from volunteers.models import Person
from volunteers.models.bandwidth import listed_to

PAGE = 24


@require_safe
@login_not_required
def people(request: HtmxRequest) -> HttpResponse:
    """Find people by name, skill, country, language and way."""
    shown = listed_to(request.user)
    facets = PersonFilter(request.GET, queryset=shown)
    found = facets.qs.with_card().order_by("folded", "pk")
    page = Capped(found, PAGE).get_page(request.GET.get("page"))
    context = {"facets": facets, "page": page, "narrowed": any(request.GET.values())}
    return render_part(request, "volunteers/people.html", "results", context)


def block(request: Request, username: str) -> HttpResponse:
    """Ask whether one really does not wish to meet somebody, and note it."""
    person = get_object_or_404(Person.objects.met_by(request.user), username=username)
    if request.method != "POST":
        return render(request, "volunteers/block.html", {"person": person})
    actions.block(request.user, person)
    messages.success(request, _("You will not meet any more. They are not told."))
    return redirect("volunteers:blocked")


@require_safe
def blocked(request: Request) -> HttpResponse:
    """List whom one does not wish to meet."""
    blocks = request.user.blocks.select_related("blocked").order_by("-created_at", "-pk")
    return render(request, "volunteers/blocked.html", {"blocks": blocks})


@require_POST
def unblock(request: Request, pk: int) -> HttpResponse:
    """Meet somebody again."""
    known = get_object_or_404(request.user.blocks.select_related("blocked"), pk=pk)
    actions.unblock(request.user, known.blocked)
    messages.success(request, _("You may meet again. They are not told."))
    return redirect("volunteers:blocked")
