"""Writes what the planned rounds of the Grand Tour cost: sources, lines, stipends, receipts."""

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Any

from capx.sample.material import read
from capx.sample.rows.notices import post
from grandtour.actions import money as actions
from grandtour.models import BudgetLine, Cost, Edition, Fund, Seat
from grandtour.models.money import seats_with_costs
from volunteers.models import Person

Row = dict[str, Any]


def write(at: datetime) -> None:
    """Write the money of each round, and what travellers have claimed so far."""
    organiser = Person.objects.get(username="ines")
    for slug, said in read("money.toml").items():
        edition = Edition.objects.get(slug=slug)
        for told in said["funds"]:
            fund(edition, told)
        actions.keep_rates(edition, dict(enumerate(said.get("day_rates", ()), 1)), organiser)
        if "spent" in said:
            spent(edition, said["spent"], organiser, at)


def fund(edition: Edition, told: Row) -> None:
    """Write a source with its lines."""
    over = edition.travel_last_day
    made = Fund.objects.create(
        edition=edition,
        name=told["name"],
        kind=told["kind"],
        amount=told["amount"],
        currency="EUR",
        spend_until=over + timedelta(days=told["spend"]),
        report_due=over + timedelta(days=told["report"]),
    )
    for what_for, requested, granted, *stipend in told["lines"]:
        each = stipend[0] if stipend else 0
        made.lines.create(what_for=what_for, requested=requested, granted=granted, stipend=each)


def spent(edition: Edition, said: Row, organiser: Person, at: datetime) -> None:
    """Let stipends be set aside, travellers claim, and organisers decide."""
    lines = {line.what_for: line for line in BudgetLine.objects.filter(fund__edition=edition)}
    what, amount = said["stipend"]
    begun = at + timedelta(days=said["begun"])
    grant = actions.Grant(lines["Stipends"], amount)
    for journey in edition.journeys.live().order_by("number"):
        whom = actions.Stipend(journey, what)
        act = partial(actions.give_stipends, whom, grant, organiser, at=begun)
        post(begun, act, at)
    for line, what, amount, day in said["shared"]:
        when = at + timedelta(days=day)
        grant = actions.Grant(lines[line], amount)
        actions.share(grant, what, when.date(), organiser, at=when)
    if said["over"]:
        paid(edition, organiser, at)
    else:
        claimed(edition, said, (lines["Tickets and nights"], organiser), at)


def paid(edition: Edition, organiser: Person, at: datetime) -> None:
    """Pay everything that was set aside, a week before the journeys."""
    when = datetime.combine(edition.travel_first_day, at.timetz()) - timedelta(days=7)
    for cost in edition.costs.filter(state="committed").select_related("seat__person"):
        post(when, partial(actions.pay, cost, organiser, at=when), at)


def claimed(
    edition: Edition, said: Row, decides: tuple[BudgetLine, Person], at: datetime
) -> None:
    """Let one after another claim something; some is paid, some approved, some waits."""
    rows = seats_with_costs().filter(edition=edition, number__isnull=False)
    seats = cycle(rows.select_related("person").order_by("journey__number", "number"))
    for what, amount, day in said["paid"]:
        cost = claim(next(seats), (what, amount, day), at)
        approved(cost, decides, at)
        when = cost.created_at + timedelta(days=5)
        post(when, partial(actions.pay, cost, decides[1], at=when), at)
    for told in said["approved"]:
        approved(claim(next(seats), told, at), decides, at)
    what, amount, day, words = said["refused"]
    cost = claim(next(seats), (what, amount, day), at)
    when = cost.created_at + timedelta(days=2)
    post(when, partial(actions.refuse, cost, words, decides[1], at=when), at)
    for told in said["waits"]:
        claim(next(seats), told, at)


def claim(seat: Seat, told: Iterable[Any], at: datetime) -> Cost:
    """Let somebody claim what they paid, with a receipt."""
    what, amount, day = told
    when = at + timedelta(days=day)
    said = actions.Claim(what, when.date(), amount, "EUR")
    file = actions.File(receipt(), "image/png", "receipt.png")
    return actions.claim(seat, said, file, at=when + timedelta(hours=3))


def approved(cost: Cost, decides: tuple[BudgetLine, Person], at: datetime) -> None:
    """Approve a claim as it is, a few days later."""
    line, organiser = decides
    when = cost.created_at + timedelta(days=3)
    grant = actions.Grant(line, cost.amount)
    post(when, partial(actions.approve, cost, grant, organiser, at=when), at)


def receipt() -> bytes:
    """Draw the smallest picture there is: one white point."""
    parts = (
        (b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0"),
        (b"IDAT", zlib.compress(b"\0\xff")),
        (b"IEND", b""),
    )
    chunks = [
        len(content).to_bytes(4, "big")
        + name
        + content
        + zlib.crc32(name + content).to_bytes(4, "big")
        for name, content in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
