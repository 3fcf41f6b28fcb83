"""An exchange in words: what comes next and whose turn it is, how far it is, what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from capx.templatetags.dates import period
from exchange.models import Event, Exchange, Message
from exchange.notices.exchanges import ANSWER_WITHIN
from volunteers.models import Person

State = Exchange.State
Verb = Event.Verb

TONES = {
    State.ASKED: "waits",
    State.AGREED: "live",
    State.DONE: "good",
    State.CLOSED: "good",
    State.NOT_DONE: "ended",
    State.DECLINED: "ended",
    State.WITHDRAWN: "ended",
    State.EXPIRED: "ended",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next: a sentence, whether it is the reader's turn, and what they can press."""

    words: str
    mine: bool = False
    label: str = ""
    href: str = ""


def standing(exchange: Exchange) -> str:
    """Say in a word how an exchange stands: an ask that was answered is more than asked."""
    if exchange.state == State.ASKED and exchange.version:
        return _("Terms proposed")
    if exchange.state == State.ASKED and exchange.answered_at:
        return _("Talking")
    return str(exchange.get_state_display())


def next_step(exchange: Exchange, me: Person, day: date) -> Step:
    """Say what comes next in an exchange."""
    name = {"name": str(exchange.other(me))}
    if exchange.state == State.ASKED:
        return _answer(exchange, me, name)
    if exchange.state == State.AGREED:
        return _agreed(exchange, me, day, name)
    if exchange.state == State.DONE:
        return _thanks(exchange, me, name)
    return Step(_ended(exchange, me) % name)


def _answer(exchange: Exchange, me: Person, name: dict[str, str]) -> Step:
    """Say what comes next before there is an agreement."""
    if exchange.version:
        return _terms(exchange, me, name)
    asked = me.pk != exchange.counterpart_id
    if exchange.answered_at:
        words = _("Talk, and when you are clear, write down what you agree on.")
        return Step(words, label=_("Write it down"), href=_to(exchange, "agreement"))
    last = exchange.asked_at + ANSWER_WITHIN
    until = name | {"day": period(last.date(), last.date())}
    if asked:
        words = _("%(name)s waits for your answer, until %(day)s.") % until
        return Step(words, mine=True, label=_("Answer"), href="#say")
    return Step(_("%(name)s can answer until %(day)s.") % until)


def _terms(exchange: Exchange, me: Person, name: dict[str, str]) -> Step:
    """Say whose yes is missing to what lies on the table."""
    if getattr(exchange, f"{exchange.side_of(me)}_version") == exchange.version:
        return Step(_("%(name)s is asked to confirm what is written down.") % name)
    words = _("Read what %(name)s wrote down, and confirm it or change it.")
    return Step(words % name, mine=True, label=_("Read and confirm"), href="#agreement")


def _agreed(exchange: Exchange, me: Person, day: date, name: dict[str, str]) -> Step:
    """Say what comes next between agreement and follow-up."""
    mine = getattr(exchange, f"{exchange.side_of(me)}_happened")
    theirs = getattr(exchange, f"{exchange.side_of(exchange.other(me))}_happened")
    if mine is not None and theirs is not None:
        words = _("You and %(name)s do not say the same about whether it happened.") % name
        return Step(words, mine=True, label=_("Look again"), href=_to(exchange, "follow_up"))
    if mine is not None:
        return Step(_("%(name)s is asked whether it happened.") % name)
    if exchange.version != exchange.agreed_version:
        return _terms(exchange, me, name)
    first, last = exchange.starts_day or day, exchange.ends_day or day
    if last < day or theirs is not None:
        words = _("Did it happen? One click, and a sentence if you like.")
        return Step(words, mine=True, label=_("Tell us"), href=_to(exchange, "follow_up"))
    if first > day:
        return Step(_("It begins on %(day)s.") % {"day": period(first, first)})
    words = _("It is under way, until %(day)s.") % {"day": period(last, last)}
    return Step(words, label=_("It is done already"), href=_to(exchange, "follow_up"))


def _thanks(exchange: Exchange, me: Person, name: dict[str, str]) -> Step:
    """Say that thanks are welcome."""
    if getattr(exchange, f"{exchange.side_of(me)}_closed_at"):
        return Step(_("It is done. There is nothing left for you to do."))
    words = _("It is done. Would you like to thank %(name)s?") % name
    return Step(words, mine=True, label=_("Say thanks"), href=_to(exchange, "thank"))


def _ended(exchange: Exchange, me: Person) -> str:
    """Say how it ended."""
    if exchange.state == State.WITHDRAWN and exchange.ended_by_id == me.pk:
        return _("You let it go.")
    if exchange.state == State.DECLINED and exchange.ended_by_id == me.pk:
        return _("You said that it does not work out this time.")
    return {
        State.CLOSED: _("It is done, and everything is said."),
        State.NOT_DONE: _("It did not happen."),
        State.DECLINED: _("%(name)s said that it does not work out this time."),
        State.WITHDRAWN: _("%(name)s let it go."),
        State.EXPIRED: _("It ended by itself."),
    }[State(exchange.state)]


def _to(exchange: Exchange, page: str) -> str:
    return reverse(f"exchange:{page}", args=[exchange.pk])


def progress(exchange: Exchange) -> list[dict[str, Any]]:
    """Give the four steps of an exchange, for the component that draws them."""
    if exchange.state in (State.DECLINED, State.WITHDRAWN, State.EXPIRED, State.NOT_DONE):
        reached: list[tuple[str, datetime | None]] = [(_("Asked"), exchange.asked_at)]
        if exchange.agreed_at:
            reached.append((_("Agreed"), exchange.agreed_at))
        steps = [{"label": label, "done": True, "day": at} for label, at in reached]
        end = {"label": str(exchange.get_state_display()), "current": True}
        return [*steps, end | {"day": exchange.ended_at}]
    reached = [
        (_("Asked"), exchange.asked_at),
        (_("Agreed"), exchange.agreed_at),
        (_("Done"), exchange.done_at),
        (pgettext("the last step of an exchange", "Thanks"), exchange.ended_at),
    ]
    current = next((n for n, (_label, at) in enumerate(reached) if at is None), len(reached))
    return [
        {"label": label, "done": n < current, "current": n == current, "day": at}
        for n, (label, at) in enumerate(reached)
    ]


# Whole sentences: by the reader, by the other side, by the clock.
SAID: dict[str, tuple[Promise, Promise]] = {
    Verb.ASKED: (gettext_lazy("You asked"), gettext_lazy("%(name)s asked")),
    Verb.SEATED: (gettext_lazy("You took a seat"), gettext_lazy("%(name)s took a seat")),
    Verb.ANSWERED: (gettext_lazy("You answered"), gettext_lazy("%(name)s answered")),
    Verb.PROPOSED: (
        gettext_lazy("You wrote down what to agree on"),
        gettext_lazy("%(name)s wrote down what to agree on"),
    ),
    Verb.CONFIRMED: (
        gettext_lazy("You confirmed the agreement"),
        gettext_lazy("%(name)s confirmed the agreement"),
    ),
    Verb.KEPT: (
        gettext_lazy("You kept what was agreed"),
        gettext_lazy("%(name)s kept what was agreed"),
    ),
    Verb.DECLINED: (
        gettext_lazy("You said that it does not work out"),
        gettext_lazy("%(name)s said that it does not work out"),
    ),
    Verb.WITHDRAWN: (gettext_lazy("You let it go"), gettext_lazy("%(name)s let it go")),
    Verb.HAPPENED: (
        gettext_lazy("You said that it happened"),
        gettext_lazy("%(name)s said that it happened"),
    ),
    Verb.DID_NOT: (
        gettext_lazy("You said that it did not happen"),
        gettext_lazy("%(name)s said that it did not happen"),
    ),
    Verb.THANKED: (gettext_lazy("You said thanks"), gettext_lazy("%(name)s said thanks")),
    Verb.WROTE_DOWN: (
        gettext_lazy("You wrote down a practice"),
        gettext_lazy("%(name)s wrote down a practice"),
    ),
}
OFFERED = (gettext_lazy("You offered to help"), gettext_lazy("%(name)s offered to help"))
HAPPENED: dict[str, Promise] = {
    Verb.AGREED: gettext_lazy("You both agreed"),
    Verb.EXPIRED: gettext_lazy("It ended by itself"),
    Verb.DONE: gettext_lazy("It is done"),
    Verb.NOT_DONE: gettext_lazy("It ended without having happened"),
    Verb.CLOSED: pgettext_lazy("an exchange, at its end", "It is closed"),
}


def sentence(event: Event, exchange: Exchange, me: Person) -> str:
    """Say what happened, from the reader's side."""
    if event.verb in HAPPENED or event.person_id is None:
        return str(HAPPENED.get(event.verb, event.get_verb_display()))
    offered = event.verb == Verb.ASKED and not exchange.listing.is_offer
    mine, theirs = OFFERED if offered else SAID[event.verb]
    return str(mine if event.person_id == me.pk else theirs) % {"name": exchange.other(me)}


def turns(
    exchange: Exchange, me: Person, messages: Iterable[Message], events: Iterable[Event]
) -> list[dict[str, Any]]:
    """Put messages and events into one conversation, in order."""
    said = [_turn(exchange, me, message) for message in messages]
    done = [{"event": sentence(event, exchange, me), "at": event.at} for event in events]
    return sorted(chain(done, said), key=lambda turn: turn["at"])


def _turn(exchange: Exchange, me: Person, message: Message) -> dict[str, Any]:
    """Give one message; of one that was hidden, only that it was."""
    mine = message.author_id == me.pk
    hidden = message.hidden_at is not None
    about = ["message", message.pk]
    return {
        "key": message.pk,
        "mine": mine,
        "who": me if mine else exchange.other(me),
        "text": "" if hidden else message.body,
        "hidden": hidden,
        "at": message.created_at,
        "report": "" if mine or hidden else reverse("exchange:report", args=about),
    }
