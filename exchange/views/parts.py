"""What several pages of an exchange show, read once."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from capx.terms import changes
from exchange.actions import calls, commitments, invitations, seats
from exchange.actions.exchanges import talks
from exchange.models import Agreement, AgreementLine, Event, Exchange, HandOver, Listing
from exchange.models.money import Side
from exchange.views import steps
from exchange.views.what_if import what_if
from volunteers import gate
from volunteers.models import Person, Skill, Thanks
from volunteers.models.bandwidth import today
from volunteers.views.what_if import WhatIf

LATEST, LATEST_INVITED = 200, 50
PATIENCE = timedelta(days=3)
State = Exchange.State


def hidden() -> str:
    """Tell somebody whom organisers have hidden why they can ask nobody, whoever it is."""
    return _(
        "An organiser has hidden you, so you cannot ask anybody now; the mail about it "
        "says how to answer. What you wrote is kept below."
    )


def of_exchange(exchange: Exchange, me: Person, now: datetime) -> dict[str, Any]:
    """Give all that stands on the page of an exchange."""
    day = today(me, now)
    said = reversed(exchange.messages.order_by("-created_at", "-pk")[:LATEST])
    done = list(reversed(exchange.events.order_by("-at", "-pk")[:LATEST]))
    context: dict[str, Any] = {
        "exchange": exchange,
        "listing": exchange.listing,
        "other": exchange.other(me),
        "helping": exchange.provider_id == me.pk,
        "step": steps.next_step(exchange, me, day),
        "progress": steps.progress(exchange),
        "tone": steps.TONES[State(exchange.state)],
        "standing": steps.standing(exchange),
        "turns": steps.turns(exchange, me, said, done),
        "talks": talks(exchange, now),
        "may": _may(exchange, me, day) | {"thank": _may_thank(exchange, me, done)},
        "silent": _is_silent(exchange, me, now),
    }
    context |= _handed(exchange, me) | _terms(exchange, me) | _afterwards(exchange, me)
    return context | {"what_if": _what_if(exchange, me, now, context["on_table"])}


def _what_if(
    exchange: Exchange, me: Person, now: datetime, on_table: Agreement | None
) -> WhatIf | None:
    """Say what a yes would do, to who helps and still has to say it."""
    said = on_table is not None and exchange.provider_version == exchange.version
    if said or exchange.state not in Exchange.LIVE or exchange.happened_at:
        return None
    return what_if(exchange, me, now, on_table)


def _handed(exchange: Exchange, me: Person) -> dict[str, Any]:
    """Say whether it may pass to somebody else, or takes the place of another exchange."""
    about = Q(exchange=exchange) | Q(successor=exchange)
    rows = HandOver.objects.on_its_way().filter(about)
    way = rows.select_related("taker", "exchange__provider", "successor").first()
    if way is None:
        return {}
    if way.successor_id == exchange.pk:
        return {"former": way.exchange}
    known = exchange.provider_id == me.pk or way.state == HandOver.State.WAITING
    return {"way": way if known else None}


def _may(exchange: Exchange, me: Person, day: Any) -> dict[str, bool]:
    """Say what this person can do now."""
    asked, agreed = exchange.state == State.ASKED, exchange.state == State.AGREED
    begun = exchange.starts_day is not None and exchange.starts_day <= day
    seat = commitments.is_seat(exchange)
    return {
        "decline": asked and me.pk != exchange.counterpart_id,
        "withdraw": (asked and me.pk == exchange.counterpart_id) or agreed,
        "agree": (asked or agreed) and exchange.happened_at is None and not seat,
        "follow_up": agreed and begun,
        "others": not (me.pk == exchange.provider_id and exchange.listing.is_offer),
        "seat": seat,
        "practice": exchange.state in (State.DONE, State.CLOSED),
    }


def _may_thank(exchange: Exchange, me: Person, events: list[Event]) -> bool:
    """Say whether thanks can still be said: for good, until they are."""
    thanked = any(e.verb == Event.Verb.THANKED and e.person_id == me.pk for e in events)
    over = exchange.state in (State.DONE, State.CLOSED)
    return over and not thanked and exchange.other(me).is_active


def _is_silent(exchange: Exchange, me: Person, now: datetime) -> bool:
    """Say whether it is time to show whom else to turn to."""
    if exchange.state in (State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.NOT_DONE):
        return me.pk == exchange.counterpart_id
    waits = exchange.state == State.ASKED and exchange.answered_at is None
    return waits and me.pk == exchange.counterpart_id and exchange.asked_at <= now - PATIENCE


def _terms(exchange: Exchange, me: Person) -> dict[str, Any]:
    """Give the agreement on the table, the one in force, and what differs."""
    lines = Prefetch("lines", AgreementLine.objects.order_by("pk"))
    versions = exchange.agreements.select_related("proposed_by").prefetch_related(lines)
    written = {row.version: row for row in versions.order_by("version")}
    on_table = written.get(exchange.version)
    in_force = written.get(exchange.agreed_version or 0)
    former = in_force or _former(written, exchange.version)
    return {
        "on_table": on_table,
        "in_force": in_force if in_force != on_table else None,
        "sealed": on_table is not None and exchange.agreed_version == exchange.version,
        "versions": [v for v in reversed(written.values()) if v not in (on_table, in_force)],
        "changed": changes(on_table.terms(), former.terms()) if on_table and former else [],
        "sides": _sides(exchange, me),
        "mine_missing": exchange.version
        and getattr(exchange, f"{exchange.side_of(me)}_version") != exchange.version,
        "money": money_of(on_table),
        "former_money": money_of(in_force),
    }


def _former(written: dict[int, Agreement], version: int) -> Agreement | None:
    """Find the version before this one."""
    earlier = [number for number in written if number < version]
    return written[max(earlier)] if earlier else None


def lines_of(agreement: Agreement) -> list[dict[str, Any]]:
    """Give the sums of an agreement, for the component that draws them."""
    return [
        {
            "side_word": line.get_side_display(),
            "what": line.what_for,
            "payer": line.payer,
            "amount": line.amount,
            "currency": line.currency,
        }
        for line in agreement.lines.all()
    ]


def money_of(agreement: Agreement | None) -> dict[str, Any]:
    """Give the sums and, where all have one currency, what they come to."""
    if agreement is None:
        return {}
    lines = lines_of(agreement)
    currencies = {line["currency"] for line in lines}
    together = sum(line["amount"] for line in lines) if len(currencies) == 1 else None
    single = together if len(lines) > 1 else None
    return {"lines": lines, "total": single, "currency": next(iter(currencies), "")}


def _sides(exchange: Exchange, me: Person) -> list[dict[str, Any]]:
    """Say of each side whether it has confirmed what lies on the table."""
    rows = [
        (Side.PROVIDER, exchange.provider, _("helps")),
        (Side.RECEIVER, exchange.receiver, _("is helped")),
    ]
    return [
        {
            "who": person,
            "role": role,
            "mine": person.pk == me.pk,
            "yes": getattr(exchange, f"{side}_version") == exchange.version,
        }
        for side, person, role in rows
    ]


def _afterwards(exchange: Exchange, me: Person) -> dict[str, Any]:
    """Give what was said afterwards: follow-ups, thanks, practices."""
    if exchange.state in (State.ASKED, State.DECLINED):
        return {}
    thanks = Thanks.objects.filter(key=f"exchange:{exchange.pk}").select_related("giver")
    given = {row.giver_id: row for row in thanks}
    practices = list(exchange.practices.visible_to(me).order_by("pk"))
    return {
        "follow_ups": list(exchange.follow_ups.order_by("pk")),
        "my_thanks": given.pop(me.pk, None),
        "their_thanks": next(iter(given.values()), None),
        "practices": practices,
        "wrote": any(practice.author_id == me.pk for practice in practices),
    }


def skills_of(listing: Any) -> list[Skill]:
    """Give the skills of a listing that has them as `chips`."""
    return [Skill(pk=chip["id"]) for chip in listing.chips]


def of_others(listing: Any, people: list[Person], me: Person) -> dict[str, Any]:
    """Give people who can do the same and have room, with their open offers about it.

    The listing has its skills as `chips`.
    """
    within = Skill.objects.within(skills_of(listing)).values("pk")
    about = Listing.skills.through.objects.filter(listing=OuterRef("pk"), skill__in=within)
    offers = Listing.objects.open_to(me).filter(
        Exists(about), kind=Listing.Kind.OFFER, author__in=people
    )
    fitting = list(offers.order_by("-published_at", "-pk")[:LATEST]) if people else []
    rows = [
        {"person": person, "offers": [o for o in fitting if o.author_id == person.pk][:2]}
        for person in people
    ]
    return {
        "listing": listing,
        "people": sorted(rows, key=lambda row: not row["offers"]),
        "post": f"{reverse('exchange:post')}?kind=request",
    }


def to_invite(
    listing: Listing, viewer: Person | AnonymousUser, now: datetime
) -> dict[str, Any]:
    """Give whom who teaches can invite to their open training, and whom they have invited."""
    shown = listing.state == Listing.State.OPEN and listing.hidden_at is None
    if not isinstance(viewer, Person) or viewer.pk != listing.author_id:
        return {}
    if not shown or not seats.takes_seats(listing):
        return {}
    skills, seen = list(listing.skills.all()), calls.is_found(listing)
    without = invitations.spoken_for(listing)
    people = gate.learners(skills, asker=viewer, now=now, without=without)
    return {
        "to_invite": people if seen and seats.has_room(listing) else [],
        "teaches": bool(skills),
        "unseen": not seen,
        "invited": listing.invitations.told_to(viewer)[:LATEST_INVITED],
    }
