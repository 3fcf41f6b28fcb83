"""The inbox, and what comes by mail as well."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from capx.names import listed
from volunteers import mailbox
from volunteers.actions import notices as actions
from volunteers.forms.notices import KINDS, PreferencesForm
from volunteers.http import Request
from volunteers.models import Notice, Person

PAGE = 20


@require_safe
def notices(request: Request) -> HttpResponse:
    """List the notices, the newest first."""
    page = Paginator(Notice.objects.inbox(request.user), PAGE).get_page(request.GET.get("page"))
    unread = any(notice.read_at is None for notice in page)
    return render(request, "volunteers/notices.html", {"page": page, "unread": unread})


@require_POST
def open_notice(request: Request, pk: int) -> HttpResponse:
    """Go to what a notice is about; it counts as read."""
    notice = get_object_or_404(Notice.objects.inbox(request.user), pk=pk)
    actions.read(Notice.objects.filter(pk=notice.pk), at=timezone.now())
    return redirect(notice.link if notice.link.startswith("/") else "volunteers:notices")


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark every notice as read."""
    actions.read(Notice.objects.inbox(request.user), at=timezone.now())
    return redirect("volunteers:notices")


def preferences(request: Request) -> HttpResponse:
    """Choose what comes by mail as well."""
    muted = set(request.user.muted.values_list("kind", flat=True))
    wanted = [kind for kind, _label in KINDS if kind not in muted]
    form = PreferencesForm(request.POST or None, initial={"by_mail": wanted})
    if request.method == "POST":
        form = PreferencesForm(request.POST)
    if form.is_valid():
        actions.prefer(request.user, form.muted())
        messages.success(request, _("Saved."))
        return redirect("volunteers:preferences")
    return render(request, "volunteers/preferences.html", {"form": form})


@login_not_required
@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End mail of some kinds without signing in; mail programs post here by themselves.

    RFC 8058. The token proves who it is, so that a forged form can do nothing.
    """
    try:
        person, kinds = mailbox.unsubscribed(token)
    except (signing.BadSignature, Person.DoesNotExist) as unknown:
        raise Http404 from unknown
    if request.method == "POST":
        for kind in kinds:
            mailbox.mute(person, kind)
    context = {"kinds": listed(kind.label for kind in kinds), "done": request.method == "POST"}
    return render(request, "volunteers/unsubscribe.html", context)
