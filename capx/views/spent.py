"""What it cost people to give: the sums of their exchanges and of their journeys."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Least, NullIf, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from capx.templatetags.wording import money
from exchange.models import AgreementLine, Exchange, FollowUp
from exchange.models.exchanges import speaks_for
from exchange.models.money import Side
from grandtour.models import Cost
from volunteers.models import Affiliate, Person

AGREED, SAID = "agreed", "said"
COLUMNS = (
    *("whose", "on", "number", "title", "what_for", "kind", "became"),
    *("sum", "unit", "granted", "granted_unit"),
)
WORD, SUM = CharField(), BigIntegerField()
GRANTED = {Cost.State.COMMITTED, Cost.State.PAID}


@dataclass(frozen=True, slots=True)
class Spent:
    """One sum: of what, where that stands, what it was for, and what became of it."""

    title: str
    address: str
    what_for: str
    became: str
    amount: int
    currency: str


def spent(
    people: Collection[Person],
    day: date,
    *,
    affiliate: Affiliate | None = None,
    since: date | None = None,
) -> dict[int, list[Spent]]:
    """Give what it has cost each of these people until today, the latest first, at once.

    Only what they did for an affiliate, and from a day on, where these are named.
    """
    found: dict[int, list[Spent]] = defaultdict(list)
    if not people:
        return found
    said: Any = [_agreed(people, day), _said(people), _travelled(people)]
    if affiliate:
        said[0] = said[0].filter(speaks_for(affiliate, "whose", "agreement__exchange__"))
        said[1] = said[1].filter(speaks_for(affiliate, "whose", "exchange__"))
        said[2] = said[2].filter(seat__application__affiliate=affiliate)
    parts = [rows.filter(on__range=(since, day)) if since else rows for rows in said]
    first, *others = [rows.values_list(*COLUMNS) for rows in parts]
    for row in first.union(*others, all=True).order_by("-on", "kind", "-number"):
        whose, *about = row
        found[whose].append(_Row(*about).told())
    return found


def _agreed(people: Collection[Person], day: date) -> QuerySet[AgreementLine]:
    """Keep the sums for one's own side of what was agreed and is done, or whose days are over.

    What was let go of, or did not happen, cost nothing that was agreed.
    """
    exchange, state = "agreement__exchange", "agreement__exchange__state"
    done = Q(**{f"{state}__in": [Exchange.State.DONE, Exchange.State.CLOSED]})
    over = Q(**{state: Exchange.State.AGREED}, agreement__last_day__lt=day)
    provides = Q(side=Side.PROVIDER, **{f"{exchange}__provider__in": people})
    receives = Q(side=Side.RECEIVER, **{f"{exchange}__receiver__in": people})
    rows = AgreementLine.objects.filter(
        provides | receives, done | over, agreement__version=F(f"{exchange}__agreed_version")
    )
    mine = When(side=Side.PROVIDER, then=F(f"{exchange}__provider"))
    return rows.annotate(
        whose=Case(mine, default=F(f"{exchange}__receiver"), output_field=SUM),
        on=Least("agreement__last_day", TruncDate(f"{exchange}__done_at", tzinfo=UTC)),
        number=F(exchange),
        title=F(f"{exchange}__listing__title"),
        kind=Value(AGREED, WORD),
        became=Value("", WORD),
        **_sums("amount", F("currency")),
    )


def _said(people: Collection[Person]) -> QuerySet[FollowUp]:
    """Keep what people said afterwards that was paid."""
    return FollowUp.objects.filter(person__in=people, paid__gt=0).annotate(
        whose=F("person"),
        on=TruncDate("created_at", tzinfo=UTC),
        number=F("exchange"),
        title=F("exchange__listing__title"),
        what_for=Value("", WORD),
        kind=Value(SAID, WORD),
        became=Value("", WORD),
        **_sums("paid", F("currency")),
    )


def _travelled(people: Collection[Person]) -> QuerySet[Cost]:
    """Keep the costs of journeys: what a traveller paid stays so whatever was granted."""
    return Cost.objects.borne_by(people).annotate(
        whose=F("seat__person"),
        on=F("day"),
        number=F("seat__journey"),
        title=F("edition__name"),
        what_for=F("what"),
        became=F("state"),
        sum=Cast(Coalesce("claimed_amount", "amount"), SUM),
        unit=Coalesce(NullIf("claimed_currency", Value("")), "currency"),
        granted=Cast("amount", SUM),
        granted_unit=F("currency"),
    )


def _sums(amount: Any, currency: Any) -> dict[str, Any]:
    return {
        "sum": Cast(amount, SUM),
        "unit": currency,
        "granted": Cast(Value(None), SUM),
        "granted_unit": Value("", WORD),
    }


@dataclass(frozen=True, slots=True)
class _Row:
    """A sum as it is read; of a journey with what was granted."""

    on: date
    number: int
    title: str
    what_for: str
    kind: str
    state: str
    amount: int
    currency: str
    granted: int | None
    granted_currency: str

    @property
    def address(self) -> str:
        """Give the page on which it stands for the person."""
        journey = self.granted is not None
        return reverse(
            "grandtour:costs" if journey else "exchange:exchange", args=[self.number]
        )

    @property
    def became(self) -> str:
        """Say what became of it, and how much of a claim was granted."""
        if self.granted is None:
            return _("as agreed") if self.kind == AGREED else _("paid, as said afterwards")
        said: dict[str, Any] = {
            "kind": Cost.Kind(self.kind).label,
            "state": Cost.State(self.state).label,
        }
        less = (self.granted, self.granted_currency) != (self.amount, self.currency)
        if less and self.state in GRANTED:
            said["sum"] = money(self.granted, self.granted_currency)
            return _("%(kind)s: %(state)s, %(sum)s") % said
        return _("%(kind)s: %(state)s") % said

    def told(self) -> Spent:
        """Give it as a page shows it."""
        about = (self.title, self.address, self.what_for, self.became)
        return Spent(*about, self.amount, self.currency)
