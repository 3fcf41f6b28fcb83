"""Answering a listing: asking, offering help, taking a seat."""

from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange.actions import agreements, seats
from exchange.actions import exchanges as actions
from exchange.forms.exchanges import AskForm, OfferHelpForm, SeatForm
from exchange.models import Exchange, Listing
from exchange.views import parts
from exchange.views.nudged import nudged
from volunteers import gate
from volunteers.http import Request
from volunteers.models import Person


@nudged
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask about an offer, offer help with a request, or take a seat: through the gate."""
    me, now = request.user, timezone.now()
    shown = Listing.objects.visible_to(me).exclude(author=me).as_shown()
    talks = Exchange.objects.live().filter(listing=OuterRef("pk"), counterpart=me)
    listing: Any = get_object_or_404(shown.annotate(talk=Subquery(talks.values("pk"))), pk=pk)
    if talk := vars(listing)["talk"]:  # annotated above, which as_shown() hides from the types
        messages.info(request, _("You two already talk about this. Here it is."))
        return redirect("exchange:exchange", talk)
    room, people = _knock(listing, me, now)
    form = _form(listing, me, room, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = _try(request, listing, form, now)
        if isinstance(answer, HttpResponse):
            return answer
        people = people or _others(listing, me, now)
        room = answer
    return _page(request, listing, form, Knock(room, people))


class Knock(NamedTuple):
    """What the gate says, and who else there is."""

    room: gate.Answer
    people: list[Person]


def _knock(listing: Any, me: Person, now: datetime) -> Knock:
    """Ask the gate before anybody has named days: what the listing itself takes."""
    wish = actions.wish_of(listing, actions.Words(""))
    skills = parts.skills_of(listing) if listing.is_offer else []
    return Knock(*gate.check_or_others(listing.author, skills, asker=me, now=now, wish=wish))


def _others(listing: Any, me: Person, now: datetime) -> list[Person]:
    """Find others after a no that came only with the days and hours somebody named."""
    skills = parts.skills_of(listing) if listing.is_offer else []
    return gate.others(skills, asker=me, now=now, without=[listing.author_id])


def _form(listing: Listing, me: Person, room: gate.Answer, data: Any) -> Any:
    """Give the form that fits: a seat, help, or a question."""
    if takes_seats(listing):
        return SeatForm(data, person=me)
    if not listing.is_offer:
        return OfferHelpForm(data, person=me)
    return AskForm(data, person=me, tight=room == gate.Answer.TIGHT)


def takes_seats(listing: Listing) -> bool:
    """Tell a training, whose terms are written, from what has to be agreed on."""
    return listing.is_offer and listing.of == Listing.Of.TRAINING


def _try(
    request: Request, listing: Listing, form: Any, now: datetime
) -> HttpResponse | gate.Answer:
    """Answer the listing: give the page of the exchange, or what the gate says."""
    act = agreements.take_seat if takes_seats(listing) else actions.ask
    try:
        begun = act(listing, request.user, form.words(), at=now)
    except gate.NotTakingRequests:
        return gate.Answer.CLOSED
    except gate.Tight:
        return gate.Answer.TIGHT
    except actions.AskedAlready as already:
        messages.info(request, _("You two already talk about this. Here it is."))
        return redirect(already.exchange)
    except (actions.NotOpen, actions.TooMany, seats.NoSeat) as refused:
        form.add_error(None, _refusal(refused))
        return gate.Answer.OPEN
    messages.success(request, _done(listing, begun))
    return redirect(begun)


def _refusal(refused: Exception) -> str:
    """Say why it cannot be, what was kept, and what to do next."""
    if isinstance(refused, seats.NoSeat):
        return _("The last seat was taken a moment ago. What you wrote is kept below.")
    if isinstance(refused, actions.TooMany):
        return _("You have asked many people today. Go on tomorrow; your text is kept below.")
    return _("This can no longer be answered. What you wrote is kept below.")


def _done(listing: Listing, begun: Exchange) -> str:
    """Say what happened and what comes next."""
    name = {"name": str(listing.author)}
    if begun.state == Exchange.State.AGREED:
        return _("The seat is yours.")
    return _("%(name)s has your message, and a week to answer.") % name


def _page(request: Request, listing: Any, form: forms.Form, knock: Knock) -> HttpResponse:
    """Show the form, or other people; the same page whatever the gate's reason."""
    me, (room, people) = request.user, knock
    if room == gate.Answer.TIGHT and "why" not in form.fields:
        form = AskForm(form.data, person=me, tight=True)
    context: dict[str, Any] = {
        "listing": listing,
        "form": form,
        "room": room,
        "closed": room == gate.Answer.CLOSED,
        "seat": takes_seats(listing),
        "open": listing.state == Listing.State.OPEN,
        "typed": form.data.get("message", "") if form.is_bound else "",
    }
    if room != gate.Answer.OPEN:
        context |= parts.of_others(listing, people, me)
    return render(request, "exchange/ask.html", context)
