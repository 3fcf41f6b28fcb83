"""Claiming, approving, refusing and paying costs; budgets are checked under the line's lock."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from capx.states import IllegalMove
from grandtour.actions.apart import must_know_nobody, must_organise
from grandtour.models import BudgetLine, Cost, Edition, Fund, Journey, Receipt, Seat
from grandtour.models.money import seats_with_costs
from grandtour.notices import money as notices
from volunteers.models import Person

State = Cost.State
MOST_CLAIMS = 60  # of one place: a journey has fewer tickets, and a file has five megabytes
FIXED = {
    "budget_line_not_exceeded": "full",
    "budget_lines_within_their_fund": "fund",
    "cost_in_the_currency_of_its_fund": "currency",
    "cost_in_the_edition_of_its_fund": "edition",
    "fund_keeps_its_currency": "fixed",
    "cost_decided_by_somebody_else": "own",
    "cost_granted_at_most_what_was_asked": "asked",
}


class TooMany(Exception):
    """There are more claims than a journey has tickets."""


class Refused(Exception):
    """The budget has no room for it; `why` names the rule."""

    def __init__(self, why: str) -> None:
        """Keep the rule."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody paid, on which day, in which currency's smallest unit."""

    what: str
    day: date
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class File:
    """A receipt as it was sent."""

    content: bytes
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Grant:
    """How much a line gives, in its fund's currency; words say why it is less than asked."""

    line: BudgetLine
    amount: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Stipend:
    """What for, and for whom: everybody in a journey, or only one of them."""

    journey: Journey
    what: str
    only: Seat | None = None


@contextmanager
def within_budget() -> Iterator[None]:
    """Do all of it or nothing; raises Refused where the database says the budget is broken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refusal:
        why = next((word for name, word in FIXED.items() if name in str(refusal)), "")
        if not why:
            raise
        raise Refused(why) from refusal


@transaction.atomic
def claim(seat: Seat, said: Claim, receipt: File, *, at: datetime) -> Cost:
    """Ask for what one paid; raises TooMany, and IllegalMove where nothing can be claimed."""
    held = Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)
    if not seats_with_costs().filter(pk=held.pk).exists():
        raise IllegalMove(f"nothing can be claimed for {held}")
    if held.costs.filter(kind=Cost.Kind.EXPENSE).live().count() >= MOST_CLAIMS:
        raise TooMany
    cost = Cost.objects.create(
        state=State.CLAIMED,
        kind=Cost.Kind.EXPENSE,
        edition_id=held.edition_id,
        seat=held,
        what=said.what,
        day=said.day,
        amount=said.amount,
        currency=said.currency,
        claimed_amount=said.amount,
        claimed_currency=said.currency,
        created_at=at,
    )
    Receipt.objects.create(
        cost=cost,
        content=receipt.content,
        media_type=receipt.media_type,
        file_name=receipt.name,
        added_at=at,
    )
    return cost


@transaction.atomic
def withdraw(cost: Cost) -> None:
    """Take a claim back, and its receipt away; raises IllegalMove once it is decided."""
    if cost.state != State.CLAIMED:
        raise IllegalMove(f"{cost} is decided")
    cost.move(State.WITHDRAWN)
    Receipt.objects.filter(cost=cost).delete()


def must_be_theirs(cost: Cost, by: Person) -> None:
    """Stop whoever leaves a cost to others; raises Travels, LeftToOthers."""
    keys = [cost.seat.application_id] if cost.seat else []
    must_know_nobody(by, cost.edition, keys)


@contextmanager
def _decided(cost: Cost, by: Person) -> Iterator[None]:
    """Do something about a cost that is theirs to decide, with its edition held."""
    with within_budget():
        Edition.objects.hold(cost.edition_id)
        must_be_theirs(cost, by)
        yield


def approve(cost: Cost, grant: Grant, by: Person, *, at: datetime) -> None:
    """Commit money of a line to a claim, and tell; raises Refused, IllegalMove, NotYours."""
    with _decided(cost, by):
        cost.move(
            State.COMMITTED,
            line=grant.line,
            amount=grant.amount,
            currency=grant.line.fund.currency,
            words=grant.words,
            decided_at=at,
            decided_by=by,
        )
        notices.approved(cost)


def refuse(cost: Cost, words: str, by: Person, *, at: datetime) -> None:
    """Refuse a claim, or take back what was approved, and tell why; raises as `approve`.

    Of a stipend it stays known which line gives none.
    """
    line = cost.line if cost.kind == Cost.Kind.STIPEND else None
    with _decided(cost, by):
        cost.move(State.REFUSED, line=line, words=words, decided_at=at, decided_by=by)
        notices.refused(cost)


def pay(cost: Cost, by: Person, *, at: datetime) -> None:
    """Note that it was paid, and tell; raises as `approve`."""
    with _decided(cost, by):
        cost.move(State.PAID, paid_at=at, paid_by=by)
        notices.paid(cost)


def pay_all(costs: Iterable[Cost], by: Person, *, at: datetime) -> None:
    """Note that several were paid, all or none; raises as `approve`."""
    with within_budget():
        for cost in costs:
            pay(cost, by, at=at)


def give_stipends(whom: Stipend, grant: Grant, by: Person, *, at: datetime) -> int:
    """Commit the same sum to everybody meant who has none of this line; say to how many.

    Who was told that there is none is given one only where they alone are meant. Raises
    Refused, NotYours: then nobody has one.
    """
    with within_budget():
        seats = _without(whom, grant.line, anew=whom.only is not None)
        _must_be_free(seats, whom, by)
        for seat in seats:
            cost = Cost(kind=Cost.Kind.STIPEND, seat=seat, what=whom.what, day=at.date())
            cost.words = grant.words
            _commit(cost, grant, by, at=at)
            notices.approved(cost)
    return len(seats)


def give_none(whom: Stipend, grant: Grant, by: Person, *, at: datetime) -> int:
    """Tell those meant, in words, that a line gives them no stipend; say how many.

    Who has one, or was told so, hears nothing. Raises NotYours where somebody would decide
    about themselves, or about whom they have a conflict with.
    """
    with within_budget():
        seats = _without(whom, grant.line)
        _must_be_free(seats, whom, by)
        for seat in seats:
            cost = Cost.objects.create(
                state=State.REFUSED,
                kind=Cost.Kind.STIPEND,
                edition_id=seat.edition_id,
                seat=seat,
                line=grant.line,
                what=whom.what,
                day=at.date(),
                amount=grant.amount,
                currency=grant.line.fund.currency,
                words=grant.words,
                created_at=at,
                decided_at=at,
                decided_by=by,
            )
            notices.refused(cost)
    return len(seats)


def _must_be_free(seats: list[Seat], whom: Stipend, by: Person) -> None:
    """Stop whoever travels, or leaves one of these to others; raises Travels, LeftToOthers."""
    must_know_nobody(by, whom.journey.edition, [seat.application_id for seat in seats])


def _without(whom: Stipend, line: BudgetLine, *, anew: bool = False) -> list[Seat]:
    """Hold a journey, and give those meant about whom nothing is decided of a line.

    `anew`: also who was told that there is none; that is taken back.
    """
    Edition.objects.hold(whom.journey.edition_id)
    Journey.objects.select_for_update(no_key=True).get(pk=whom.journey.pk)
    decided = line.costs.filter(kind=Cost.Kind.STIPEND)
    rows = whom.journey.seats.live().exclude(state=Seat.State.PROPOSED)
    if whom.only:
        rows = rows.filter(pk=whom.only.pk)
    if anew:
        for cost in decided.filter(seat__in=rows, state=State.REFUSED).order_by("pk"):
            cost.move(State.WITHDRAWN, line=None, decided_at=None, decided_by=None)
    rows = rows.exclude(pk__in=decided.values("seat"))
    return list(rows.select_related("person").order_by("number"))


def unfunded(edition: Edition, seats: Iterable[Seat]) -> list[Seat]:
    """List the places for which something that each traveller is promised is not set aside.

    Whoever was told in words that a line has none for them waits for nothing of it.
    """
    lines = set(BudgetLine.objects.promised_in(edition).values_list("pk", flat=True))
    some = list(seats)
    given: dict[int, set[int | None]] = {seat.pk: set() for seat in some}
    rows = Cost.objects.filter(kind=Cost.Kind.STIPEND, seat__in=some)
    for key, line in rows.values_list("seat", "line"):
        given[key or 0].add(line)
    return [seat for seat in some if lines - given[seat.pk]]


def release(seat: Seat) -> None:
    """Put back what was set aside for somebody who gives a place up before it is confirmed.

    Nobody has booked by then; what was approved later waits for organisers.
    """
    held = seat.costs.filter(kind=Cost.Kind.STIPEND, state=State.COMMITTED)
    for cost in held.select_for_update(no_key=True).order_by("pk"):
        cost.move(State.WITHDRAWN, line=None, decided_at=None, decided_by=None)


def share(grant: Grant, what: str, day: date, by: Person, *, at: datetime) -> None:
    """Commit money to what the edition pays for all; raises Refused, Travels."""
    with within_budget():
        must_organise(Edition.objects.hold(grant.line.fund.edition_id), by)
        _commit(Cost(kind=Cost.Kind.SHARED, what=what, day=day), grant, by, at=at)


def _commit(cost: Cost, grant: Grant, by: Person, *, at: datetime) -> None:
    """Write a cost that nobody had to ask for."""
    fund = grant.line.fund
    cost.state, cost.edition_id = State.COMMITTED, fund.edition_id
    cost.line, cost.amount, cost.currency = grant.line, grant.amount, fund.currency
    cost.created_at = cost.decided_at = at
    cost.decided_by = by
    cost.save()


def purge_receipts(now: datetime) -> int:
    """Delete the receipts that nobody has to show any more; say how many."""
    gone: int = Receipt.objects.outdated(now).delete()[0]
    return gone


def edition_of(row: Fund | BudgetLine | Cost) -> Edition:
    """Give the edition that a source, a line or a cost is about."""
    return row.fund.edition if isinstance(row, BudgetLine) else row.edition


def remove(row: Fund | BudgetLine, by: Person) -> None:
    """Remove a source or a line; raises Refused where it holds lines or costs, Travels."""
    try:
        with transaction.atomic():
            must_organise(Edition.objects.hold(edition_of(row).pk), by)
            row.delete()
    except ProtectedError as held:
        raise Refused("held") from held


@transaction.atomic
def keep_rates(edition: Edition, rates: Mapping[int, int], by: Person) -> None:
    """Write what the national agency pays for a day, in cents by group; raises Travels."""
    must_organise(Edition.objects.hold(edition.pk), by)
    Edition.objects.filter(pk=edition.pk).update(
        **{f"day_rate_{group}": cents for group, cents in rates.items()}
    )


def keep(row: Fund | BudgetLine, by: Person) -> None:
    """Write a source or a line; raises Travels, and Refused where the sums do not fit."""
    with within_budget():
        must_organise(Edition.objects.hold(edition_of(row).pk), by)
        row.save()
