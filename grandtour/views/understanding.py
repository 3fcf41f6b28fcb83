"""How far travellers and hosts have agreed, as pages show it."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from capx.terms import changes
from grandtour.actions.expectations import OPEN
from grandtour.models import Expectation, Seat, Side, Stop, organises
from volunteers.models import Person

NOTHING = (_("Not written down yet"), "waits")
AGREED = (_("Agreed"), "good")
MOVES = (_("Agreed on other days; organisers move it"), "live")
YOURS = (_("Waits for you"), "waits")
THEIRS = (_("Waits for the other side"), "live")
# Whether it goes on, or what was agreed is to be read.
READABLE = OPEN | {Seat.State.RETURNED, Seat.State.REPORTED, Seat.State.CLOSED}


def on_the_way(context: dict[str, Any], viewer: Person) -> dict[str, Any]:
    """Tell the page of a journey what its reader has to agree on, and with whom.

    Organisers see how far all of it is. `context` is what the page has already: mine, ours,
    stops, companions.
    """
    seats = [one["seat"] for one in context["companions"] if one["seat"].state in READABLE]
    mine = [
        (seat, row["stop"])
        for seat in seats
        if seat == context["mine"]
        for row in context["stops"]
    ]
    ours = [(seat, stop) for stop in context["ours"] for seat in seats]
    others = []
    if organises(viewer, context["journey"].edition_id):
        every = [(seat, row["stop"]) for row in context["stops"] for seat in seats]
        others = [pair for pair in every if pair not in mine + ours]
    last = _last(seat for seat, _stop in mine + ours + others)
    return {
        "expected": [
            *(_row(last, seat, stop, Side.TRAVELLER) for seat, stop in mine),
            *(_row(last, seat, stop, Side.HOST) for seat, stop in ours),
            *(_row(last, seat, stop, None) for seat, stop in others),
        ],
        "booking": any(seat.state in {"accepted", "agreed"} for seat, _stop in mine + ours),
    }


def _last(seats: Iterable[Seat]) -> dict[tuple[int, int], tuple[Expectation, set[str]]]:
    """Find what is on the table for some travellers, and which sides have said yes to it."""
    rows = Expectation.objects.on_the_table().filter(seat__in={seat.pk for seat in seats})
    rows = rows.select_related("seat", "stop")
    return {
        (row.seat_id, row.stop_id): (row, {yes.side for yes in row.consents.all()})
        for row in rows.prefetch_related("consents")
    }


def _row(
    last: dict[tuple[int, int], tuple[Expectation, set[str]]],
    seat: Seat,
    stop: Stop,
    side: Side | None,
) -> dict[str, Any]:
    """Say with whom, how far it is, and where to read it."""
    words, said = last.get((seat.pk, stop.pk), (None, set()))
    word, tone = standing(words, said, side)
    return {
        "seat": seat,
        "stop": stop,
        "side": side,
        "word": word,
        "tone": tone,
        "href": seat.expectation_url(stop.number),
    }


def standing(
    words: Expectation | None, said: set[str], side: Side | None
) -> tuple[Promise | str, str]:
    """Say in a word whose turn it is: organisers' where the stop has not the days agreed on."""
    if words is None:
        return NOTHING
    if len(said) == len(Side):
        return MOVES if waits_for_days(words) else AGREED
    return THEIRS if side in said or side is None else YOURS


def waits_for_days(words: Expectation) -> bool:
    """Say whether the stop can still get the other days that a version names."""
    return words.moves and words.seat.state in OPEN


def page(
    versions: list[Expectation], seat: Seat, stop: Stop, side: Side | None
) -> dict[str, Any]:
    """Gather what the page of one stop and traveller shows."""
    last = versions[0] if versions else None
    former = versions[1] if len(versions) > 1 else None
    consents = {yes.side: yes for yes in last.consents.all()} if last else {}
    sides = [
        {"who": seat.person, "role": Side.TRAVELLER.label, "yes": consents.get(Side.TRAVELLER)},
        {"who": stop.host.affiliate, "role": Side.HOST.label, "yes": consents.get(Side.HOST)},
    ]
    word, tone = standing(last, set(consents), side)
    return {
        "last": last,
        "sides": sides,
        "sealed": len(consents) == len(Side),
        "moves": last is not None and len(consents) == len(Side) and waits_for_days(last),
        "mine_missing": bool(last) and side is not None and side not in consents,
        "changed": changes(last.terms(), former.terms()) if last and former else [],
        "former": versions[1:],
        "word": word,
        "tone": tone,
    }
