"""Open calls: beginning one, its page for whoever was written to, stopping it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from capx.states import IllegalMove
from exchange.actions import calls as actions
from exchange.actions import exchanges, seats
from exchange.forms.calls import CallForm, TakeForm
from exchange.models import Listing, OpenCall
from exchange.views import parts
from exchange.views.nudged import nudged
from volunteers import gate
from volunteers.http import Request
from volunteers.models.bandwidth import today


@require_http_methods(["GET", "HEAD", "POST"])
@nudged
def call(request: Request, pk: int) -> HttpResponse:
    """Put one's own request to all who can do it, after a look at what that means."""
    me, now = request.user, timezone.now()
    mine = Listing.objects.filter(author=me, kind=Listing.Kind.REQUEST)
    listing = get_object_or_404(mine.filter(state=Listing.State.OPEN), pk=pk)
    if running := OpenCall.objects.open().filter(listing=listing).first():
        return redirect(running)
    form = CallForm(request.POST or None, day=today(me, now))
    if form.is_valid():
        try:
            return redirect(actions.begin(listing, form.cleaned_data["reply_by"], at=now))
        except actions.TooMany:
            form.add_error(None, _("You have asked everybody often this week. Wait a while."))
        except actions.AlreadyOpen:
            return redirect(request.path)  # which leads to the one that is open
        except actions.NobodySees:
            words = _("Nobody sees you at the moment, so nobody can be asked in your name.")
            form.add_error(None, words)
        except actions.NotCallable:
            words = _("Say first which skills it takes: then we know whom to ask.")
            form.add_error(None, words)
    return render(request, "exchange/call.html", {"listing": listing, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@nudged
def open_call(request: Request, pk: int) -> HttpResponse:
    """Show a call to who began it, or to somebody who could help: the first takes it."""
    me = request.user
    found = get_object_or_404(OpenCall.objects.readable_by(me), pk=pk)
    mine = found.listing.author_id == me.pk
    form = TakeForm(request.POST if request.method == "POST" and not mine else None)
    if form.is_valid():
        answer = _take(request, found, form)
        if answer:
            return answer
        found.refresh_from_db()
    context = {"call": found, "listing": found.listing, "mine": mine, "form": form}
    return render(request, "exchange/open_call.html", context)


def _take(request: Request, found: OpenCall, form: Any) -> HttpResponse | None:
    """Take the call, or say kindly why it cannot be."""
    words = exchanges.Words(form.cleaned_data["message"])
    try:
        gate.note_check(found.listing.author, asker=request.user, now=timezone.now())
        begun = actions.answer(found, request.user, words, at=timezone.now())
    except exchanges.AskedAlready as already:
        return redirect(already.exchange)
    except IllegalMove:
        return None  # the page says that somebody was faster
    except gate.Hidden:
        form.add_error(None, parts.hidden())
        return None
    except (
        *(exchanges.NotOpen, exchanges.TooMany, seats.NoSeat),
        *(gate.NotTakingRequests, gate.Tight, gate.TooManyChecks),
    ):
        form.add_error(None, _("This cannot be answered now. What you wrote is kept below."))
        return None
    messages.success(request, _("Thank you! You two can talk about the rest here."))
    return redirect(begun)


@require_POST
def stop(request: Request, pk: int) -> HttpResponse:
    """Ask nobody any more."""
    mine = OpenCall.objects.filter(listing__author=request.user)
    found = get_object_or_404(mine.select_related("listing"), pk=pk)
    try:
        actions.stop(found, at=timezone.now())
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, _("Nobody else is asked. Your request stays open."))
    return redirect(found.listing)
