"""How far travellers and hosts have agreed, as pages show it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from capx.names import listed
from capx.templatetags.dates import period
from capx.terms import changes
from grandtour.actions.expectations import OPEN
from grandtour.models import Expectation, Seat, Side, Stop, organises
from volunteers.models import Person

NOTHING = (_("Not written down yet"), "waits")
AGREED = (_("Agreed"), "good")
MOVES = (_("Agreed on other days; organisers move it"), "live")
YOURS = (_("Waits for you"), "waits")
BOTH = (_("Waits for both sides"), "live")
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
    organiser = organises(viewer, context["journey"].edition_id)
    if organiser:
        pairs = [(seat, row["stop"]) for row in context["stops"] for seat in seats]
        others = [pair for pair in pairs if pair not in mine + ours]
    last = _last(seats)
    every = [row["stop"] for row in context["stops"]]
    seen = every if mine or organiser else context["ours"]
    return {
        "wished": list(_wished(last, seats, seen)),
        "expected": [
            *(_row(last, seat, stop, Side.TRAVELLER) for seat, stop in mine),
            *(_row(last, seat, stop, Side.HOST) for seat, stop in ours),
            *(_row(last, seat, stop, None) for seat, stop in others),
        ],
        "booking": any(seat.state in {"accepted", "agreed"} for seat, _stop in mine + ours),
    }


def _wished(
    last: dict[tuple[int, int], tuple[Expectation, set[str]]],
    seats: list[Seat],
    stops: Iterable[Stop],
) -> Iterator[str]:
    """Say which other days organisers propose, and on which somebody has agreed."""
    for stop in stops:
        agreed: dict[tuple[date, date], list[Person]] = {}
        for seat in seats:
            words, said = last.get((seat.pk, stop.pk), (None, set()))
            if not (words and words.days and waits_for_days(words)):
                continue
            both = len(said) == len(Side)
            if both or not words.side:
                agreed.setdefault(words.days, []).extend([seat.person] * both)
        for days, people in agreed.items():
            some = gettext("%(host)s: %(days)s instead? Agreed so far: %(people)s.")
            none = gettext("%(host)s: %(days)s instead? Nobody has agreed yet.")
            about = {"host": stop.host.affiliate, "days": period(*days)}
            yield (some if people else none) % (about | {"people": listed(map(str, people))})


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
    if side is None and not said:
        return BOTH
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
        "from_organisers": last is not None and not last.side,
        "moves": last is not None and len(consents) == len(Side) and waits_for_days(last),
        "mine_missing": bool(last) and side is not None and side not in consents,
        "changed": changes(last.terms(), former.terms()) if last and former else [],
        "former": versions[1:],
        "word": word,
        "tone": tone,
    }
