"""Answering a listing: asking, offering help, taking a seat."""

from datetime import date, datetime
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
from exchange.views.refused import SHOWN, answerable, mark, was
from volunteers import gate
from volunteers.http import Request
from volunteers.models import Person

REFUSALS = (
    *(actions.NotOpen, actions.TooMany, seats.NoSeat),
    *(gate.Hidden, gate.TooManyChecks),
)
LITTLE = (gate.Answer.TIGHT, gate.Answer.CLOSED)


@nudged
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask about an offer, offer help with a request, or take a seat: through the gate."""
    me, now = request.user, timezone.now()
    known = was(SHOWN, request.POST.get("shown", ""), pk, me)
    shown = answerable(pk, me, known=known).as_shown()
    talks = Exchange.objects.in_the_way().filter(listing=OuterRef("pk"), counterpart=me)
    listing: Any = get_object_or_404(shown.annotate(talk=Subquery(talks.values("pk"))))
    if talk := vars(listing)["talk"]:  # annotated above, which as_shown() hides from the types
        messages.info(request, _("You two already talk about this. Here it is."))
        return redirect("exchange:exchange", talk)
    form = _form(listing, me, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, listing, form, _knock(listing, me, now))
    answer = _try(request, listing, form, now)
    if isinstance(answer, HttpResponse):
        return answer
    people = _others(listing, me, now) if answer in LITTLE else []
    knock = Knock(answer, people, _earliest(listing, form, me))
    if answer == gate.Answer.TIGHT:
        form = AskForm(initial=form.cleaned_data, person=me, tight=True)
    return _page(request, listing, form, knock)


class Knock(NamedTuple):
    """What the gate says, if it was asked, and who else there is."""

    room: gate.Answer | None
    people: list[Person]
    earliest: date | None = None


def _knock(listing: Any, me: Person, now: datetime) -> Knock:
    """Read what the gate would say before anybody has named days; nothing of what invites."""
    if listing.invites:
        return Knock(None, [])
    skills = parts.skills_of(listing)
    return Knock(*gate.word_or_others(listing.author, skills, asker=me, now=now))


def _others(listing: Any, me: Person, now: datetime) -> list[Person]:
    """Find others after the gate's answer to an ask."""
    skills = parts.skills_of(listing) if listing.is_offer else []
    return gate.others(skills, asker=me, now=now, without=[listing.author_id])


def _earliest(listing: Any, form: Any, me: Person) -> date | None:
    """Ask from which week there would be room; only little room is answered."""
    now = timezone.now()
    wish = actions.wish_of(listing, form.words(), at=now)
    return gate.earliest(listing.author, asker=me, now=now, wish=wish)


def _form(listing: Listing, me: Person, data: Any) -> Any:
    """Give the form that fits: a seat, help, or a question, with a reason if one was asked."""
    if seats.takes_seats(listing):
        return SeatForm(data, person=me)
    if not listing.is_offer:
        return OfferHelpForm(data, person=me)
    return AskForm(data, person=me, tight="why" in (data or ()))


def _try(
    request: Request, listing: Listing, form: Any, now: datetime
) -> HttpResponse | gate.Answer | None:
    """Answer the listing: give the page of the exchange, or what the gate says if asked."""
    act = agreements.take_seat if seats.takes_seats(listing) else actions.ask
    try:
        invited = listing.invites
        gate.note_check(listing.author, asker=request.user, now=now, invited=invited)
        begun = act(listing, request.user, form.words(), at=now)
    except REFUSALS as refused:
        form.add_error(None, _refusal(refused))
        return None
    except gate.NotTakingRequests:
        return gate.Answer.CLOSED
    except gate.Tight:
        return gate.Answer.TIGHT
    except actions.AskedAlready as already:
        messages.info(request, _("You two already talk about this. Here it is."))
        return redirect(already.exchange)
    messages.success(request, _done(listing, begun))
    return redirect(begun)


def _refusal(refused: Exception) -> str:
    """Say why it cannot be, what was kept, and what to do next."""
    if isinstance(refused, seats.NoSeat):
        return _("The last seat was taken a moment ago. What you wrote is kept below.")
    if isinstance(refused, gate.Hidden):
        return parts.hidden()
    if isinstance(refused, gate.TooManyChecks):
        return _(
            "You have tried often. Wait a while, with the same person for a day; what you "
            "wrote is kept below."
        )
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
    me, (room, people, earliest) = request.user, knock
    context: dict[str, Any] = {
        "listing": listing,
        "form": form,
        "room": room,
        "earliest": earliest,
        "closed": room == gate.Answer.CLOSED,
        "seat": seats.takes_seats(listing),
        "open": listing.state == Listing.State.OPEN,
        "wish": form.data if form.is_bound else {},
        "typed": form.data.get("message", "") if form.is_bound else "",
    }
    if room == gate.Answer.CLOSED and form.is_bound:
        context["refused"] = mark(listing, me)
    elif room != gate.Answer.CLOSED:
        context["shown"] = mark(listing, me, SHOWN)
    if room in LITTLE:
        context |= parts.of_others(listing, people, me)
    return render(request, "exchange/ask.html", context)
