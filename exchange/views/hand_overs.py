"""The pages of passing things on: what is open, who else could take it, saying yes or no."""

from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx.states import IllegalMove
from capx.terms import Changed
from exchange.actions import exchanges
from exchange.actions import hand_overs as actions
from exchange.actions.agreements import Overfull
from exchange.actions.commitments import for_affiliate
from exchange.forms.hand_overs import HandOverForm, TakeForm
from exchange.models import Exchange, HandOver, Listing
from exchange.models.exchanges import speaks_for
from exchange.models.hand_overs import ON_ITS_WAY, keepable
from exchange.views import parts
from exchange.views.nudged import nudged
from volunteers import gate
from volunteers.http import Request
from volunteers.models import Affiliate, Block, Commitment, Person, Skill
from volunteers.models.bandwidth import today
from volunteers.views.what_if import WhatIf, weigh

State, Source = HandOver.State, Commitment.Source
IN_VAIN = (State.DECLINED, State.EXPIRED, State.GONE)
LONGEST = Listing._meta.get_field("title").max_length
PARTS = ("offered", "helping", "commitments", "journeys", "asked", "listings", "seats")


@require_safe
def hand_over(request: Request) -> HttpResponse:
    """Show what is open with me: what I could pass on, and what others ask me to take.

    Of one affiliate alone where the address names one, as for who leaves it.
    """
    me = request.user
    slug = request.GET.get("affiliate", "").replace("\0", "")
    affiliate = get_object_or_404(Affiliate, slug=slug) if slug else None
    agreed = Exchange.objects.filter(state=Exchange.State.AGREED, provider=me)
    seats = agreed.exclude(pk__in=keepable(me).values("pk"))
    context = {
        "affiliate": affiliate,
        "offered": HandOver.objects.offered_to(me).in_full().order_by("offered_at", "pk"),
        **_open_with(me, affiliate),
        "seats": (
            seats.filter(speaks_for(affiliate, "provider")) if affiliate else seats
        ).exists(),
    }
    if affiliate and "left" in request.GET and not any(context[part] for part in PARTS):
        return redirect(affiliate)
    return render(request, "exchange/hand_over.html", context)


def _open_with(me: Person, affiliate: Affiliate | None) -> dict[str, Any]:
    """Read what somebody has taken on and is asked for, perhaps only for one affiliate."""
    on_its_way = Prefetch(
        "hand_overs", HandOver.objects.on_its_way().select_related("taker"), to_attr="way"
    )
    helping = keepable(me).with_people().prefetch_related(on_its_way)
    taken = _commitments(me, timezone.now(), *actions.BY_HAND, Source.JOURNEY)
    taken = taken.prefetch_related(on_its_way)
    asked = Exchange.objects.asked_of(me).filter(state=Exchange.State.ASKED).with_people()
    listings = Listing.objects.filter(author=me, state=Listing.State.OPEN)
    if affiliate:
        helping = helping.filter(speaks_for(affiliate, "provider"))
        asked = asked.filter(listing__affiliate=affiliate)
        taken = taken.filter(for_affiliate(affiliate))
        listings = listings.filter(affiliate=affiliate)
    rows = list(taken)
    return {
        "helping": helping.order_by("ends_day", "pk"),
        "commitments": [row for row in rows if row.source != Source.JOURNEY],
        "journeys": [row for row in rows if row.source == Source.JOURNEY],
        "asked": asked.order_by("asked_at", "pk"),
        "listings": listings.order_by("pk"),
    }


def _commitments(me: Person, now: datetime, *sources: str) -> Any:
    """Keep what I have taken on in some ways, and that is not over."""
    return me.commitments.to_do(today(me, now)).filter(source__in=sources)


def _thing(request: Request, what: str, pk: int) -> actions.Thing:
    """Fetch what I could pass on."""
    me = request.user
    if what == "exchange":
        return get_object_or_404(keepable(me).with_people(), pk=pk)
    if what == "commitment":
        mine = _commitments(me, timezone.now(), *actions.BY_HAND).select_related("skill")
        found: Commitment = get_object_or_404(mine, pk=pk)
        return found
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@nudged
def hand_over_to(request: Request, what: str, pk: int) -> HttpResponse:
    """Show who else could take it, and ask one of them."""
    thing = _thing(request, what, pk)
    data = request.POST if request.method == "POST" else None
    form = HandOverForm(data, me=request.user)
    if form.is_valid():
        answer = _ask(request, thing, form)
        if isinstance(answer, HttpResponse):
            return answer
        form = answer
    skills = _skills(thing)
    title = thing.listing.title if isinstance(thing, Exchange) else thing.what
    context = {
        "thing": thing,
        "what": what,
        "skills": skills,
        "ask_all": _ask_all(title, skills),
        "title": title,
        "form": form,
        "people": _others(thing, skills, request.user, timezone.now()),
        "way": thing.hand_overs.on_its_way().select_related("taker").first(),
    }
    return render(request, "exchange/hand_over_to.html", context)


def _skills(thing: actions.Thing) -> list[Skill]:
    """Give what it takes, as far as it is named."""
    if isinstance(thing, Exchange):
        return list(thing.listing.skills.all())
    return [thing.skill] if thing.skill else []


def _ask_all(title: str, skills: list[Skill]) -> str:
    """Give the form of a request for the same, filled in."""
    words = {"kind": "request", "of": "skill", "title": title[:LONGEST]}
    slugs = ",".join(skill.slug for skill in skills)
    return f"{reverse('exchange:post')}?{urlencode(words | {'skills': slugs})}"


def _others(
    thing: actions.Thing, skills: list[Skill], me: Person, now: datetime
) -> list[Person]:
    """Find who can do the same and be asked, and whom nothing keeps from who is helped."""
    receiver = thing.receiver if isinstance(thing, Exchange) else None
    without: set[int] = set()
    if receiver:
        blocks = Block.objects.filter(Q(person=receiver) | Q(blocked=receiver))
        without = {receiver.pk, *chain.from_iterable(blocks.values_list("person", "blocked"))}
    return gate.others(skills, asker=me, now=now, without=without)


def _ask(
    request: Request, thing: actions.Thing, form: HandOverForm
) -> HttpResponse | HandOverForm:
    """Ask one person; give the page that follows, or the form with what is to be said."""
    me, now = request.user, timezone.now()
    person = form.cleaned_data["person"]
    try:
        gate.note_check(person, asker=me, now=now)
        actions.offer(thing, me, person, form.said(), at=now)
    except gate.Tight:
        little = _("%(name)s has little room. Ask somebody else, or say why it should be them.")
        form.ask_why(little % {"name": person})
    except gate.Hidden:
        form.add_error(None, parts.hidden())
    except gate.NotTakingRequests:
        closed = _(
            "%(name)s is not taking requests now. Your words are kept; ask somebody else."
        )
        form.add_error(None, closed % {"name": person})
    except (gate.TooManyChecks, exchanges.TooMany):
        form.add_error(None, _("You have asked very often today. Your words are kept below."))
    except (actions.OnItsWay, IllegalMove):
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
        return redirect("exchange:hand_over")
    else:
        said = _("%(name)s is asked, and has a week to answer. Until then it stays yours.")
        messages.success(request, said % {"name": person})
        return redirect("exchange:hand_over")
    return form


@require_safe
def handed(request: Request, pk: int) -> HttpResponse:
    """Show what one is asked to take on, or what one has asked."""
    found = _mine(request, pk)
    return _page(request, found)


def _mine(request: Request, pk: int) -> HandOver:
    return get_object_or_404(HandOver.objects.between(request.user).in_full(), pk=pk)


def _page(request: Request, found: HandOver) -> HttpResponse:
    """Show a hand-over; to who is asked with what a yes would do to their weeks."""
    thing, me = actions.thing_of(found), request.user
    mine = found.giver_id == me.pk
    # Who no longer is asked reads no more of what two others agreed on, or somebody does.
    told = mine or found.state in ON_ITS_WAY
    terms = actions.in_force(thing) if told and isinstance(thing, Exchange) else None
    open_to_me = not mine and found.state == State.OFFERED
    context = {
        "hand_over": found,
        "mine": mine,
        "on_its_way": found.state in ON_ITS_WAY,
        "open": open_to_me,
        "anew": mine and found.state in IN_VAIN and found.goes_on,
        "terms": terms,
        "told": told,
        "read": actions.mark_of(thing),
        "money": parts.money_of(terms),
        "what_if": _what_if(found, thing) if open_to_me else None,
        "last_day": _last_day(thing),
    }
    return render(request, "exchange/handed.html", context)


def _what_if(found: HandOver, thing: actions.Thing) -> WhatIf | None:
    """Weigh what a yes does to the weeks of who is asked; None where it takes no hours."""
    day = today(found.taker, timezone.now())
    wish = actions.wish_of(thing, day)
    if not wish.weekly_hours:
        return None
    return weigh(found.taker, wish.span(day), actions.key_of(found), day)


def _last_day(thing: actions.Thing) -> Any:
    """Give the last day of a commitment; None for one without an end."""
    if isinstance(thing, Exchange) or not thing.period.upper:
        return None
    return thing.period.upper - exchanges.A_DAY


@require_POST
@nudged
def take(request: Request, pk: int) -> HttpResponse:
    """Take it on."""
    found = get_object_or_404(HandOver.objects.filter(taker=request.user).in_full(), pk=pk)
    form, now = TakeForm(request.POST), timezone.now()
    said = form.cleaned_data if form.is_valid() else {"read": "nothing that we wrote"}
    try:
        if found.exchange and found.state == State.OFFERED:  # who is helped is asked, too
            receiver = found.exchange.receiver
            gate.note_check(receiver, asker=request.user, now=now, invited=True)
        taken = actions.take(found, at=now, **said)
    except Overfull:
        return _page(request, found)
    except (gate.NotTakingRequests, gate.TooManyChecks):
        messages.warning(request, _("It cannot be passed on just now. Try again another day."))
        return redirect(found)
    except (Changed, IllegalMove):
        return _stale(request, found)
    if taken.successor:
        messages.success(
            request, _("Thank you. Who is helped is asked now whether they agree.")
        )
        return redirect(taken.successor)
    messages.success(request, _("Thank you. It stands among your commitments now."))
    return redirect(found)


@require_POST
@nudged
def decline_hand_over(request: Request, pk: int) -> HttpResponse:
    """Say no."""
    found = get_object_or_404(HandOver.objects.filter(taker=request.user).in_full(), pk=pk)
    try:
        actions.decline(found, at=timezone.now())
    except IllegalMove:
        return _stale(request, found)
    messages.success(request, _("Done. A no is fine, and nobody counts."))
    return redirect(found)


@require_POST
@nudged
def withdraw_hand_over(request: Request, pk: int) -> HttpResponse:
    """Take the question back."""
    asked = HandOver.objects.on_its_way().filter(giver=request.user)
    found = get_object_or_404(asked.in_full(), pk=pk)
    try:
        actions.withdraw(found, at=timezone.now())
    except IllegalMove:
        return _stale(request)
    messages.success(request, _("Taken back."))
    return redirect("exchange:hand_over")


def _stale(request: Request, found: HandOver | None = None) -> HttpResponse:
    messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    return redirect(found or reverse("exchange:hand_over"))
