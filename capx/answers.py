"""What every answer has in common: who must sign in first, what browsers may keep, 405."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

# The script says in a field of this name that it keeps what was typed (static/js/leave.js).
KEPT = "typed-is-kept"
READING = {"GET", "HEAD"}
NOT_ALLOWED = 405

Answering = Callable[[HttpRequest], HttpResponse]


class SignInFirst(LoginRequiredMiddleware):
    """Lead to the sign-in page; whoever sent a form comes back to where it stands."""

    def handle_no_permission(  # type: ignore[override]  # the stubs know of redirects alone
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        """Say what became of a form; scripts are told in their own way."""
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({}, status=401)
        if request.method in READING and not request.headers.get("HX-Request"):
            return super().handle_no_permission(request, view_func)
        if request.method not in READING:
            messages.warning(request, _signed_out(request))
        to_sign_in = redirect_to_login(page_of(request), reverse("account_login"))
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(to_sign_in.url)
        return to_sign_in


def _signed_out(request: HttpRequest) -> str:
    if KEPT in request.POST:
        return _(
            "You were signed out meanwhile. What you typed is kept: sign in and it is there "
            "again."
        )
    return _("You were signed out meanwhile, so nothing was sent. Sign in and send it again.")


def page_of(request: HttpRequest) -> str:
    """Name the page a request came from, where it is one of ours; else the nearest page."""
    sent_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(sent_from, {request.get_host()}):
        parts = urlsplit(sent_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return next(pages_above(request.path), "/")


def pages_above(path: str) -> Iterator[str]:
    """Name the pages an address lies under, the nearest first: /me/ for /me/notices/."""
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        yield path


class Courtesies:
    """Tell the reader's own time, keep their pages out of stores, and never answer nothing."""

    def __init__(self, answer: Answering) -> None:
        """Stand before everything that makes answers."""
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ask for an answer, and look at it before it leaves."""
        zone = request.user.zone if request.user.is_authenticated else None
        with timezone.override(zone):
            response = self.answer(request)
        if response.status_code == NOT_ALLOWED and request.method == "GET":
            context = {"back": next(pages_above(request.path), "/")}
            response.content = render_to_string("405.html", context, request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and request.user.is_authenticated:
            # Else 'back' shows a draft that has been published meanwhile.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
