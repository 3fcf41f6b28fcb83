"""Open calls: beginning one, its page for whoever was written to, stopping it.

One that is put to the people of one affiliate is written and begun with one press.
"""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from capx.states import IllegalMove
from exchange.actions import calls as actions
from exchange.actions import exchanges, listings, seats
from exchange.forms.calls import AskPeopleForm, CallForm, TakeForm
from exchange.models import Listing, OpenCall
from exchange.views import parts
from exchange.views.nudged import nudged
from exchange.views.posting import given
from volunteers import gate
from volunteers.forms import SkillsField
from volunteers.http import Request
from volunteers.models import Affiliate
from volunteers.models.bandwidth import today

STANDING, LONGEST_KEY = "standing", 18
REFUSALS = (actions.NobodySees, actions.NotCallable, actions.TooMany, listings.TooMany)


@require_http_methods(["GET", "HEAD", "POST"])
@nudged
def call(request: Request, pk: int) -> HttpResponse:
    """Put one's own request to all who can do it, after a look at what that means.

    Also what is put to the people of one affiliate: then it is opened to all.
    """
    me, now = request.user, timezone.now()
    mine = Listing.objects.filter(author=me, kind=Listing.Kind.REQUEST)
    listing = get_object_or_404(mine.filter(state=Listing.State.OPEN), pk=pk)
    live = OpenCall.objects.open().filter(listing=listing)
    running = live.select_related("addressed_to").first()
    if running and not running.addressed_to_id:
        return redirect(running)
    form = CallForm(request.POST or None, day=today(me, now))
    if form.is_valid():
        until = form.cleaned_data["reply_by"]
        try:
            if running:
                actions.open_to_all(running, until)
            return redirect(running or actions.begin(listing, until, at=now))
        except (actions.AlreadyOpen, IllegalMove):
            return redirect(request.path)  # which leads to how it stands now
        except REFUSALS as refused:
            form.add_error(None, _refused(refused))
    context = {"listing": listing, "form": form, "running": running}
    return render(request, "exchange/call.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@nudged
def ask_people(request: Request, slug: str) -> HttpResponse:
    """Ask the people of one affiliate for help: write a request and put it to them, at once."""
    me, now = request.user, timezone.now()
    affiliate = get_object_or_404(Affiliate, slug=slug)
    if STANDING in request.POST:
        return _ask_next(request, affiliate)
    words = given(request) if request.method != "POST" else {}
    beside = _key(request.POST.get("beside", ""))
    form = AskPeopleForm(request.POST or None, person=me, given=words, day=today(me, now))
    try:
        if form.is_valid() and (begun := _put_to(affiliate, form, beside, now)):
            return redirect(begun)
    except actions.StandsAlready as already:
        return _page(request, affiliate, form, already.listing)
    skills = SkillsField().right(words.get("skills"))
    stands = actions.standing(me, skills, words.get("affiliate"))
    if stands:
        form.initial.update(title="", body="")
    return _page(request, affiliate, form, stands)


def _ask_next(request: Request, affiliate: Affiliate) -> HttpResponse:
    """Put a request that stands to the people of one more affiliate."""
    me, now = request.user, timezone.now()
    mine = Listing.objects.open().filter(author=me, kind=Listing.Kind.REQUEST)
    stands = get_object_or_404(mine, pk=_key(request.POST[STANDING]))
    put = CallForm(request.POST, day=today(me, now), prefix=STANDING)
    if put.is_valid():
        until = put.cleaned_data["reply_by"]
        try:
            return redirect(actions.begin(stands, until, at=now, addressed_to=affiliate))
        except actions.AlreadyOpen:
            return redirect(OpenCall.objects.filter(listing=stands).latest("pk"))
        except REFUSALS as refused:
            put.add_error(None, _refused(refused))
    form = AskPeopleForm(person=me, given={}, day=today(me, now))
    return _page(request, affiliate, form, stands, put)


def _page(
    request: Request,
    affiliate: Affiliate,
    form: AskPeopleForm,
    stands: Listing | None,
    put: CallForm | None = None,
) -> HttpResponse:
    """Show the form; before it what is asked already, and to whom it is put."""
    running = OpenCall.objects.open().filter(listing=stands).select_related("addressed_to")
    context = {
        "affiliate": affiliate,
        "form": form,
        "standing": stands,
        "running": running.first() if stands else None,
        "put": put or CallForm(day=form.day, prefix=STANDING),
    }
    return render(request, "exchange/ask_people.html", context)


def _key(text: str) -> int | None:
    """Read the key of a request."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_KEY else None


def _put_to(
    affiliate: Affiliate, form: AskPeopleForm, beside: int | None, now: datetime
) -> OpenCall | None:
    """Begin the call, or give the one that this form began before; or say why it cannot be.

    Raises StandsAlready.
    """
    until, written = form.cleaned_data["reply_by"], form.written(None)
    try:
        return actions.ask_people_of(affiliate, written, until, at=now, beside=beside)
    except (IllegalMove, listings.Changed):
        sent = {"listing__author": form.person, "listing__revision": written.listing.revision}
        before = OpenCall.objects.filter(**sent).order_by("-pk").first()
        if before is None:
            form.add_error(None, _sent_before())
        return before
    except REFUSALS as refused:
        form.add_error(None, _refused(refused))
    except ValidationError as missing:
        form.add_error(None, missing.messages)
    except IntegrityError as refusal:
        form.refuse(refusal)
    return None


def _sent_before() -> str:
    """Say that what a form made at its first press is another thing by now."""
    return _(
        "Nobody was asked: this form was sent before, and what it wrote has changed since. "
        "Copy what you typed, and open the page again."
    )


def _refused(refused: Exception) -> str:
    """Say why nobody is asked, and what to do."""
    if isinstance(refused, actions.NobodySees):
        return _("Nobody sees you at the moment, so nobody can be asked in your name.")
    if isinstance(refused, actions.NotCallable):
        return _("Say first which skills it takes: then we know whom to ask.")
    if isinstance(refused, listings.TooManyDrafts):
        return _("You have a hundred drafts. Finish or discard some first.")
    if isinstance(refused, listings.TooMany):
        return _("You have posted very much today. What you wrote is kept below.")
    return _("You have asked everybody often this week. Wait a while.")


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
        now = timezone.now()
        gate.note_check(found.listing.author, asker=request.user, now=now, invited=True)
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
