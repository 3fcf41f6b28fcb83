"""What affiliates' files say about oneself: to look at, to drop, to refuse."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from volunteers.actions import imports as actions
from volunteers.http import Request
from volunteers.models import Affiliate, Commitment

EACH = 50


@require_safe
def imported(request: Request) -> HttpResponse:
    """Show what files brought, and whose files one takes."""
    rows = request.user.commitments.imported().select_related("affiliate")
    refusing = Affiliate.objects.filter(import_refusals__person=request.user)
    bringing = Affiliate.objects.filter(commitments__person=request.user)
    near = bringing | Affiliate.objects.filter(memberships__person=request.user) | refusing
    context = {
        "page": Paginator(rows, EACH).get_page(request.GET.get("page")),
        "affiliates": near.distinct().order_by("name", "pk"),
        "refused": set(refusing.values_list("pk", flat=True)),
    }
    return render(request, "volunteers/imported.html", context)


@require_POST
def let_go(request: Request, pk: int) -> HttpResponse:
    """Drop hours that a file brought."""
    mine = request.user.commitments.filter(source=Commitment.Source.IMPORT, let_go_at=None)
    actions.let_go(get_object_or_404(mine, pk=pk), at=timezone.now())
    messages.success(request, _("Dropped. No file brings it back."))
    return redirect("volunteers:imported")


@require_POST
def refuse(request: Request, slug: str) -> HttpResponse:
    """Take no hours from an affiliate's files, or take them again."""
    affiliate = get_object_or_404(Affiliate, slug=slug)
    if "take" in request.POST:
        actions.take_again(request.user, affiliate)
        messages.success(request, _("You take hours from them again."))
    else:
        actions.refuse(request.user, affiliate)
        messages.success(request, _("Noted. Their files write nothing about you any more."))
    return redirect("volunteers:imported")
