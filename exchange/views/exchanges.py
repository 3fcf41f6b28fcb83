"""The pages of exchanges: the list, one exchange, writing, letting go."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from capx.htmx import render_part
from capx.states import IllegalMove
from exchange.actions import exchanges as actions
from exchange.actions.commitments import is_seat
from exchange.forms.exchanges import KindWordForm, MessageForm
from exchange.models import Exchange, Invitation, Listing
from exchange.views import parts, steps
from exchange.views.nudged import nudged
from volunteers import gate
from volunteers.http import Request
from volunteers.models.bandwidth import today

A_PAGE = 20
STAGES = ("waiting", "running", "ended")


@require_safe
def exchanges(request: Request) -> HttpResponse:
    """Show what waits for me first, then what runs, then what has ended."""
    me, now = request.user, timezone.now()
    stage = request.GET.get("show", "")
    rows = _by_stage(request, stage if stage in STAGES else "")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    day = today(me, now)
    listed = [_row(exchange, request, steps.next_step(exchange, me, day)) for exchange in page]
    context: dict[str, Any] = {"page": page, "rows": listed, "stage": stage}
    context["tabs"] = _tabs(stage)
    if stage in {"", "waiting"} and page.number == 1:
        context["invitations"] = Invitation.objects.waiting_for(me).as_shown().order_by("pk")
    return render_part(request, "exchange/exchanges.html", "results", context)


def _by_stage(request: Request, stage: str) -> QuerySet[Exchange]:
    """Sort my exchanges: my turn, going on, over."""
    me = request.user
    mine = Exchange.objects.involving(me).with_people()
    waiting = Exchange.objects.waiting_for(me, today(me, timezone.now()))
    live = Q(state__in=[*Exchange.LIVE, Exchange.State.DONE])
    stages = Case(
        When(Exists(waiting.filter(pk=OuterRef("pk"))), then=Value("1 waiting")),
        When(live, then=Value("2 running")),
        default=Value("3 ended"),
    )
    rows = mine.annotate(stage=stages).order_by("stage", "-asked_at", "-pk")
    return rows.filter(stage__endswith=stage) if stage else rows


def _row(exchange: Any, request: Request, step: steps.Step) -> dict[str, Any]:
    """Give one line of the list."""
    return {
        "exchange": exchange,
        "stage": exchange.stage.split()[1],
        "other": exchange.other(request.user),
        "helping": exchange.provider_id == request.user.pk,
        "step": step,
        "tone": steps.TONES[exchange.state],
        "standing": steps.standing(exchange),
    }


def _tabs(stage: str) -> list[dict[str, Any]]:
    """Give the ways to look at the list."""
    here = reverse("exchange:exchanges")
    words = {
        "": _("All"),
        "waiting": _("Waiting for you"),
        "running": _("Under way"),
        "ended": _("Ended"),
    }
    return [
        {"label": label, "href": f"{here}?show={key}" if key else here, "current": key == stage}
        for key, label in words.items()
    ]


@require_safe
def exchange(request: Request, pk: int) -> HttpResponse:
    """Show one exchange: what is next, the agreement, everything that happened."""
    found = get_object_or_404(Exchange.objects.involving(request.user).with_people(), pk=pk)
    context = parts.of_exchange(found, request.user, timezone.now())
    return render(request, "exchange/exchange.html", context | {"form": MessageForm()})


@require_POST
@nudged
def say(request: Request, pk: int) -> HttpResponse:
    """Write a message."""
    found = get_object_or_404(Exchange.objects.involving(request.user).with_people(), pk=pk)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            body = form.cleaned_data["body"]
            said = actions.say(found, request.user, body, at=timezone.now())
        except actions.ConversationOver:
            form.add_error("body", _("Nothing more can be written here. Your text was kept."))
        except actions.TooMany:
            form.add_error("body", _("Those were many messages in an hour. Try again later."))
        else:
            return redirect(f"{found.get_absolute_url()}#message-{said.pk}")
    context = parts.of_exchange(found, request.user, timezone.now())
    return render(request, "exchange/exchange.html", context | {"form": form})


@nudged
def decline(request: Request, pk: int) -> HttpResponse:
    """Say no, kindly, after a look at what it means."""
    asked = Exchange.objects.asked_of(request.user).with_people()
    found = get_object_or_404(asked.filter(state=Exchange.State.ASKED), pk=pk)
    word = _("Thank you for asking. It does not work out for me this time.")
    form = _kind_word(request, found, word)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data.get("words", "")
        return _let_go(request, found, words, by="decline")
    context = {"exchange": found, "other": found.other(request.user), "form": form}
    return render(request, "exchange/let_go.html", context | {"verb": "decline"})


@nudged
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Let go of an ask or of what was agreed, after a look at what it means."""
    mine = Exchange.objects.withdrawable_by(request.user).with_people()
    found = get_object_or_404(mine, pk=pk)
    agreed = found.state == Exchange.State.AGREED
    word = _("I am sorry, I have to let this go.") if agreed else _("I no longer need this.")
    form = _kind_word(request, found, word)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data.get("words", "")
        return _let_go(request, found, words, by="withdraw")
    context = {"exchange": found, "other": found.other(request.user), "form": form}
    context |= {"agreed": agreed, "seat": is_seat(found)}
    return render(request, "exchange/let_go.html", context)


def _kind_word(request: Request, found: Exchange, word: str) -> KindWordForm:
    """Ask for a kind word, where it would reach the other side."""
    data = request.POST if request.method == "POST" else None
    form = KindWordForm(data, initial={"words": word})
    if not actions.talks(found, timezone.now()):
        del form.fields["words"]
    return form


def _let_go(request: Request, found: Exchange, words: str, *, by: str) -> HttpResponse:
    """End it, unless somebody was faster."""
    act = actions.decline if by == "decline" else actions.withdraw
    try:
        act(found, request.user, words, at=timezone.now())
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, _("Done. Everything you wrote stays readable."))
    return redirect(found)


@require_safe
def others(request: Request, pk: int) -> HttpResponse:
    """Name people who can do the same and have room, or others who look for such help."""
    me = request.user
    mine = Exchange.objects.involving(me).select_related("listing")
    found = get_object_or_404(mine, pk=pk)
    listing = Listing.objects.as_shown().get(pk=found.listing_id)
    context: dict[str, Any] = {"exchange": found, "helping": found.provider_id == me.pk}
    if context["helping"]:
        context["requests"] = Listing.objects.open_to(me).similar_to(listing)[:5]
        context["listing"] = listing
    else:
        without = {found.provider_id, found.receiver_id}
        skills, now = parts.skills_of(listing), timezone.now()
        people = gate.others(skills, asker=me, now=now, without=without)
        context |= parts.of_others(listing, people, me)
    return render(request, "exchange/others.html", context)
