"""A listing's page, one's own listings, and the one-click changes of their state."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx import maps, undo
from capx.htmx import HtmxRequest
from capx.names import apart
from capx.states import IllegalMove
from exchange.actions import listings as actions
from exchange.actions import seats
from exchange.forms.listings import RenewForm
from exchange.models import Listing
from exchange.models.money import Side
from exchange.notices import listings as notices
from exchange.views import parts
from volunteers import gate
from volunteers.http import Request
from volunteers.models import Person, Skill
from volunteers.models.bandwidth import today

State = Listing.State
EACH = 30
QUIET = timedelta(days=30)
GROUPS = [
    (gettext_lazy("Drafts"), [State.DRAFT]),
    (gettext_lazy("Open"), [State.OPEN, State.TAKEN]),
    (gettext_lazy("Paused"), [State.PAUSED]),
    (gettext_lazy("Ended"), [State.EXPIRED, State.WITHDRAWN]),
]
TONES = {
    State.OPEN: "good",
    State.PAUSED: "waits",
    State.TAKEN: "live",
    State.EXPIRED: "ended",
    State.WITHDRAWN: "ended",
}


@require_safe
@login_not_required
def listing(request: HtmxRequest, pk: int, slug: str = "") -> HttpResponse:  # noqa: ARG001 -- people read it
    """Show what somebody offers or asks for, and what it takes."""
    viewer = request.user
    rows = Listing.objects.visible_to(viewer).as_page()
    found = get_object_or_404(rows.with_editable(viewer), pk=pk)
    if found.state == State.DRAFT:
        return redirect("exchange:preview", pk)
    if unquote(found.get_absolute_url()) != request.path:
        return redirect(found)
    similar = Listing.objects.open_to(viewer).similar_to(found).as_shown()
    context = shown(found) | _room(found, viewer, timezone.now()) | {"quiet": _quiet()}
    context |= parts.to_invite(found, viewer, timezone.now())
    return render(request, "exchange/listing.html", context | {"similar": similar[:3]})


def shown(found: Listing) -> dict[str, Any]:
    """Gather what the page of a listing shows, whoever looks at it."""
    sums: list[dict[str, Any]] = found.sums  # type: ignore[attr-defined]  # of as_page()
    currencies = {line["currency"] for line in sums}
    taken: int = found.taken  # type: ignore[attr-defined]  # the same
    place = found.place if found.mode != Listing.Mode.REMOTE else None
    return {
        "listing": found,
        "tone": TONES.get(State(found.state), ""),
        "sums": [line | {"side_word": Side(line["side"]).label} for line in sums],
        "total": sum(line["amount"] for line in sums) if len(currencies) == 1 else None,
        "currency": next(iter(currencies), ""),
        "seats_left": None if found.seats is None else max(0, found.seats - taken),
        "map": maps.around(place.latitude, place.longitude) if place else None,
    }


def _room(found: Listing, viewer: Person | AnonymousUser, now: datetime) -> dict[str, Any]:
    """Say to who is signed in whether its author has room, and who else could be asked."""
    editable: bool = found.editable  # type: ignore[attr-defined]  # of with_editable()
    if found.state != State.OPEN or editable:
        return {"answerable": False}
    if not isinstance(viewer, Person) or found.invites:
        return {"answerable": True}
    skills = [Skill(pk=chip["id"]) for chip in found.chips]  # type: ignore[attr-defined]
    answer, others = gate.word_or_others(found.author, skills, asker=viewer, now=now)
    return {"answerable": True, "room": answer.value, "others": others}


@require_safe
def mine(request: Request) -> HttpResponse:
    """Show what one has posted, for oneself and for one's affiliates."""
    rows = Listing.objects.editable_by(request.user).by_state().with_taken()
    page = Paginator(rows.select_related("affiliate"), EACH).get_page(request.GET.get("page"))
    groups = [
        (title, [(row, TONES.get(State(row.state))) for row in page if row.state in states])
        for title, states in GROUPS
    ]
    context = {"page": page, "groups": groups, "quiet": _quiet()}
    return render(request, "exchange/mine.html", context)


def _quiet() -> datetime:
    """Say since when a listing nobody has spoken about may be asked after."""
    return timezone.now() - QUIET


def _own(request: Request, pk: int) -> Listing:
    rows = Listing.objects.editable_by(request.user).select_related("author")
    return get_object_or_404(rows, pk=pk)


def _done(
    request: Request, change: Callable[[], None], said: str, back: str = ""
) -> HttpResponse:
    """Make one change and say so, with the way back; or say that it is too late for it."""
    try:
        change()
    except IllegalMove:
        messages.error(request, _("It has changed in the meantime. Nothing was done."))
    else:
        undo.say(request, said, back)
    return redirect("exchange:mine")


@require_POST
def pause(request: Request, pk: int) -> HttpResponse:
    """Take a listing out of sight for a while."""
    found = _own(request, pk)
    said = _("“%(title)s” is paused: nobody sees it. Open it again whenever you like.")
    back = reverse("exchange:resume", args=[pk])
    return _done(
        request, lambda: actions.pause(found), said % {"title": apart(str(found))}, back
    )


@require_POST
def resume(request: Request, pk: int) -> HttpResponse:
    """Open what was paused or taken."""
    found = _own(request, pk)
    said = _("“%(title)s” is open again.") % {"title": apart(str(found))}
    try:
        return _done(request, lambda: actions.resume(found, at=timezone.now()), said)
    except seats.NoSeat:
        words = _("All its places are taken. Post it again to find somebody else.")
        messages.error(request, words)
        return redirect("exchange:mine")


@require_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    """Say that it is still true."""
    found = _own(request, pk)
    said = _("Thank you: “%(title)s” stays open.") % {"title": apart(str(found))}
    return _done(request, lambda: actions.confirm(found, at=timezone.now()), said)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def still_true(request: HtmxRequest, token: str) -> HttpResponse:
    """Say, with one button and without signing in, that a listing is still true."""
    try:
        pk, mark = notices.still_true_listing(token)
    except signing.SignatureExpired:
        return redirect("exchange:mine")
    except signing.BadSignature as forged:
        raise Http404 from forged
    found = get_object_or_404(Listing.objects.filter(hidden_at=None), pk=pk)
    done = request.method == "POST"
    if done:
        try:
            actions.answer_mail(found, mark, at=timezone.now())
        except IllegalMove:
            done = False
            found.refresh_from_db()
    context = {"listing": found, "done": done, "asks": notices.still_asks(found, mark)}
    return render(request, "exchange/still_true.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Ask once more, then take a listing away."""
    found = _own(request, pk)
    if request.method != "POST":
        live = found.exchanges.filter(state__in=["asked", "agreed"]).values_list(
            "state", flat=True
        )
        return render(request, "exchange/withdraw.html", {"listing": found, "live": set(live)})
    said = _("“%(title)s” is withdrawn: nobody finds it any more.") % {
        "title": apart(str(found))
    }
    withdrawing = lambda: actions.withdraw(found, at=timezone.now())  # noqa: E731
    return _done(request, withdrawing, said, reverse("exchange:put_back", args=[pk]))


@require_POST
def put_back(request: Request, pk: int) -> HttpResponse:
    """Put back what was withdrawn."""
    found = _own(request, pk)
    said = _("“%(title)s” is back, as it was.") % {"title": apart(str(found))}
    return _done(request, lambda: actions.put_back(found, at=timezone.now()), said)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: Request, pk: int) -> HttpResponse:
    """Ask once more, then throw a draft away."""
    found = _own(request, pk)
    if request.method != "POST":
        return render(request, "exchange/discard.html", {"listing": found})
    return _done(request, lambda: actions.discard(found), _("The draft is gone."))


@require_POST
def copy(request: Request, pk: int) -> HttpResponse:
    """Begin a new draft with the words of a listing."""
    found = _own(request, pk)
    try:
        draft = actions.copy(found, by=request.user, at=timezone.now())
    except actions.TooMany:
        messages.error(request, _("You have a hundred drafts. Finish or discard some first."))
        return redirect("exchange:mine")
    messages.success(request, _("A copy, as a draft: change what is different this time."))
    return redirect("exchange:edit", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: Request, pk: int) -> HttpResponse:
    """Give what has expired new days."""
    found = _own(request, pk)
    if found.state != State.EXPIRED:
        return redirect(found)
    data = request.POST if request.method == "POST" else None
    now = timezone.now()
    form = RenewForm(data, instance=found, day=today(request.user, now))
    if form.is_valid():
        try:
            actions.renew(found, **form.cleaned_data, at=now)
        except IllegalMove:
            messages.error(request, _("It has changed in the meantime. Nothing was done."))
        return redirect(found)
    return render(request, "exchange/renew.html", {"listing": found, "form": form})
