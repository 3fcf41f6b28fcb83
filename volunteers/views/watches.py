"""For whom one waits, and how to stop waiting."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from volunteers.actions import watches as actions
from volunteers.http import Request
from volunteers.models import Watch


@require_safe
def waiting(request: Request) -> HttpResponse:
    """List for whom one waits."""
    watches = Watch.objects.shown_to(request.user, timezone.now())
    return render(request, "volunteers/waiting.html", {"watches": watches})


@require_POST
def stop(request: Request, pk: int) -> HttpResponse:
    """Wait no longer for somebody."""
    now = timezone.now()
    watch = get_object_or_404(Watch.objects.shown_to(request.user, now), pk=pk)
    actions.stop(watch, at=now)
    messages.success(request, _("You wait no longer. They never knew that you did."))
    return redirect("volunteers:waiting")
