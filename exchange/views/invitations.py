"""Inviting people who want to learn what one teaches; the page of who is invited."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx.states import IllegalMove
from exchange.actions import calls, exchanges, seats
from exchange.actions import invitations as actions
from exchange.forms.whom import WhomForm
from exchange.models import Exchange, Invitation, Listing
from exchange.models.invitations import trainings_of
from exchange.notices.exchanges import ANSWER_WITHIN
from exchange.views import parts
from exchange.views.listings import shown
from exchange.views.nudged import nudged
from volunteers import gate
from volunteers.http import Request
from volunteers.models import Skill

State = Invitation.State
GIVEN = ("skills", "title", "affiliate")


@require_http_methods(["GET", "HEAD", "POST"])
@nudged
def invite(request: Request, pk: int) -> HttpResponse:
    """Show who wants to learn what one's open training teaches, and invite one of them."""
    me = request.user
    listing = get_object_or_404(trainings_of(me), pk=pk)
    data = request.POST if request.method == "POST" else None
    form = WhomForm(data, me=me)
    if data is not None:
        answer = _invite(request, listing, form)
        if isinstance(answer, HttpResponse):
            return answer
        form = answer
    context = parts.to_invite(listing, me, timezone.now())
    context |= {"listing": listing, "form": form}
    return render(request, "exchange/invite.html", context)


def _invite(request: Request, listing: Listing, form: WhomForm) -> HttpResponse | WhomForm:
    """Invite one person; give the page that follows, or the form with what is to be said."""
    me, now = request.user, timezone.now()
    if not form.is_valid():
        if "person" in form.errors:
            return _stale(request, listing)
        return form
    person, why = form.cleaned_data["person"], form.cleaned_data["why"]
    name = {"name": person}
    try:
        gate.note_check(person, asker=me, now=now)
        actions.invite(listing, person, why, at=now)
    except gate.Tight:
        little = _(
            "%(name)s has little room. Invite somebody else, or say why it should be them."
        )
        form.ask_why(little % name)
    except gate.Hidden:
        form.add_error(None, parts.hidden())
    except gate.NotTakingRequests:
        closed = _("%(name)s is not taking requests now. Invite somebody else.")
        form.add_error(None, closed % name)
    except (gate.TooManyChecks, exchanges.TooMany):
        form.add_error(None, _("You have asked very often today. Go on tomorrow."))
    except calls.NobodySees:
        words = _("Nobody sees you at the moment, so nobody can be invited in your name.")
        form.add_error(None, words)
    except (exchanges.NotOpen, IllegalMove):
        return _stale(request, listing)
    else:
        messages.success(request, _("%(name)s is invited, and has a week to answer.") % name)
        return redirect("exchange:invite", listing.pk)
    return form


def _stale(request: Request, listing: Listing) -> HttpResponse:
    messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    still = trainings_of(request.user).filter(pk=listing.pk).exists()
    return redirect("exchange:invite", listing.pk) if still else redirect(listing)


@require_safe
def teach(request: Request) -> HttpResponse:
    """Lead to where people can be invited to learn a skill.

    That is one's own open training, else the form of one, which leads on to it.
    """
    slug = request.GET.get("skills", "").replace("\0", "")
    taught = Skill.objects.within(list(Skill.objects.filter(slug=slug)))
    mine = trainings_of(request.user).filter(skills__in=taught).order_by("-published_at", "-pk")
    if training := mine.first():
        return redirect("exchange:invite", training.pk)
    query = {name: request.GET[name] for name in GIVEN if request.GET.get(name)}
    query |= {"kind": Listing.Kind.OFFER, "of": Listing.Of.TRAINING, "then": "invite"}
    return redirect(f"{reverse('exchange:post')}?{urlencode(query)}")


def _mine(request: Request, pk: int) -> Invitation:
    mine = Invitation.objects.readable_by(request.user).select_related("ask", "listing")
    return get_object_or_404(mine, pk=pk)


@require_safe
def invitation(request: Request, pk: int) -> HttpResponse:
    """Show to what one is invited, and by whom."""
    return _page(request, _mine(request, pk))


def _page(request: Request, found: Invitation) -> HttpResponse:
    """Show an invitation as it is now."""
    me = request.user
    listing = Listing.objects.visible_to(me).as_page().filter(pk=found.listing_id).first()
    live = Exchange.objects.live().filter(listing=found.listing_id, counterpart=me)
    seat = live.first()
    waits = Invitation.objects.waiting_for(me).filter(pk=found.pk).exists()
    context: dict[str, Any] = shown(listing) if listing else {}
    context |= {
        "invitation": found,
        "open": waits and seat is None,
        "seat": seat,
        "until": (found.invited_at + ANSWER_WITHIN).date(),
    }
    return render(request, "exchange/invitation.html", context)


@require_POST
@nudged
def join(request: Request, pk: int) -> HttpResponse:
    """Come: take a seat."""
    found = _mine(request, pk)
    try:
        now = timezone.now()
        gate.note_check(found.listing.author, asker=request.user, now=now, invited=True)
        begun = actions.join(found, at=timezone.now())
    except exchanges.AskedAlready as already:
        return redirect(already.exchange)
    except (IllegalMove, exchanges.NotOpen, seats.NoSeat):
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    except gate.Hidden:
        messages.warning(request, parts.hidden())
    except (exchanges.TooMany, gate.NotTakingRequests, gate.TooManyChecks):
        messages.warning(request, _("This cannot be answered now. Try again another day."))
    else:
        messages.success(request, _("The seat is yours."))
        return redirect(begun)
    found.refresh_from_db()
    return _page(request, found)


@require_POST
@nudged
def decline_invitation(request: Request, pk: int) -> HttpResponse:
    """Say no, without a reason."""
    found = _mine(request, pk)
    try:
        actions.decline(found, at=timezone.now())
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, _("Done. A no is fine, and nobody is told."))
    return redirect(found)
