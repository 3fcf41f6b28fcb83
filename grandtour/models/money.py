"""Money of an edition: where it comes from, what it is for, and what it went to.

Sums are whole numbers of a currency's smallest unit. What is committed, paid and left is always
counted from the costs, and stands nowhere else.
"""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from grandtour.models import guards_of_money as guards
from grandtour.models.editions import Edition
from grandtour.models.organising import applied_to
from grandtour.models.receipts import Receipt
from grandtour.models.seats import JourneyEvent, Seat
from volunteers.models import Affiliate, Person
from volunteers.models import money as sums

MAY = "grandtour.change_cost"


class Fund(models.Model):
    """A source of money for one edition."""

    class Kind(models.TextChoices):
        """Where money comes from."""

        MOVEMENT = "movement", _("Grant of the movement")
        AFFILIATE = "affiliate", _("An affiliate's own money")
        ERASMUS = "erasmus", _("Erasmus+")
        PUBLIC = "public", _("Public money")
        FOUNDATION = "foundation", _("A foundation")
        DONATION = "donation", _("Donation")

    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="funds", verbose_name=_("edition")
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    affiliate = models.ForeignKey(
        Affiliate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="funds",
        verbose_name=_("whose own money"),
        help_text=_("What is paid of it stands in the affiliate's year, as capacity shared."),
    )
    amount = models.PositiveIntegerField(_("amount"))
    currency = sums.currency()
    spend_until = models.DateField(_("to be spent until"), null=True, blank=True)
    report_due = models.DateField(_("report due"), null=True, blank=True)

    class Meta:
        verbose_name = _("funding source")
        verbose_name_plural = _("funding sources")
        constraints = [
            models.UniqueConstraint(
                name="fund_one_per_name",
                fields=["edition", "name"],
                violation_error_message=_("This edition has a source of that name already."),
            ),
            models.CheckConstraint(
                name="fund_of_an_affiliate_only_if_it_is_its_own",
                condition=Q(affiliate=None) | Q(kind="affiliate"),
                violation_error_message=_("Only an affiliate's own money has an affiliate."),
            ),
            models.CheckConstraint(
                name="fund_has_something",
                condition=Q(amount__gt=0, currency__regex="^[A-Z]{3}$"),
            ),
            models.CheckConstraint(
                name="fund_spent_before_it_is_reported",
                condition=Q(report_due=None)
                | Q(spend_until=None)
                | Q(report_due__gte=F("spend_until")),
                violation_error_message=_("A report is due after the money is spent."),
            ),
        ]
        triggers = [guards.fund_holds_its_lines()]

    def __str__(self) -> str:
        return self.name


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    """Reads of budget lines."""

    def with_sums(self) -> Self:
        """Add `committed` and `paid`, counted from the costs; paid is committed no more."""
        added: dict[str, Any] = {
            "committed": _sum(Q(costs__state=Cost.State.COMMITTED)),
            "paid": _sum(Q(costs__state=Cost.State.PAID)),
        }
        left: dict[str, Any] = {"left": F("granted") - F("committed") - F("paid")}
        return self.annotate(**added).annotate(**left)

    def promised_in(self, edition: Edition) -> Self:
        """Keep those from which each traveller of an edition is promised something."""
        return self.filter(fund__edition=edition, stipend__gt=0)

    def owed_to(self, seat: Seat) -> Self:
        """Keep what a traveller is promised, neither set aside yet nor refused in words."""
        stipends = Cost.objects.filter(seat=seat, kind=Cost.Kind.STIPEND, line=OuterRef("pk"))
        rows = self.promised_in(seat.edition) if seat.number else self.none()
        return rows.filter(~Exists(stipends))

    def in_order(self) -> Self:
        """Put them source by source."""
        return self.select_related("fund").order_by("fund__name", "fund", "pk")


def _sum(which: Q) -> Coalesce:
    """Add up costs."""
    total = Sum("costs__amount", filter=which)
    return Coalesce(total, Value(0), output_field=models.BigIntegerField())


class BudgetLine(models.Model):
    """What a part of a funding source is for: asked for, and granted."""

    fund = models.ForeignKey(
        Fund, models.PROTECT, related_name="lines", verbose_name=_("funding source")
    )
    what_for = models.CharField(_("what for"), max_length=200)
    requested = models.PositiveIntegerField(_("requested"))
    granted = models.PositiveIntegerField(_("granted"), default=0)
    # 0: nothing is promised. Else nobody's place is confirmed before it is set aside.
    stipend = models.PositiveIntegerField(_("promised to each traveller"), default=0)
    # Added by `with_sums`.
    committed: int
    paid: int
    left: int

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        constraints = [
            models.UniqueConstraint(
                name="budget_line_one_per_purpose",
                fields=["fund", "what_for"],
                violation_error_message=_("This source has such a line already."),
            ),
            models.CheckConstraint(
                name="budget_line_asks_for_something", condition=Q(requested__gt=0)
            ),
            models.CheckConstraint(
                name="budget_line_promises_what_it_asks_for",
                condition=Q(stipend__lte=F("requested")),
                violation_error_message=_("A line cannot promise more than it asks for."),
            ),
        ]
        triggers = [guards.line_within_its_fund()]

    def __str__(self) -> str:
        return f"{self.fund}: {self.what_for}"

    @property
    def shares(self) -> tuple[int, int]:
        """Give what was paid, and that with what is committed, in thousandths of the grant."""
        most = max(self.granted, 1)
        return 1000 * self.paid // most, 1000 * (self.paid + self.committed) // most


class CostQuerySet(models.QuerySet["Cost"]):
    """Reads of costs."""

    def seen_by(self, viewer: Person | AnonymousUser) -> Self:
        """Keep a traveller's own; organisers who look after the money of others see theirs."""
        if not isinstance(viewer, Person):
            return self.none()
        mine = Q(seat__person=viewer)
        if viewer.has_perm(MAY):
            return self.filter(mine | ~Q(edition__in=applied_to(viewer)))
        return self.filter(mine)

    def live(self) -> Self:
        """Keep what is claimed, committed or paid."""
        return self.exclude(state__in=[Cost.State.REFUSED, Cost.State.WITHDRAWN])

    def borne_by(self, people: Collection[Person]) -> Self:
        """Keep what travelling cost these people: claims, also refused ones, and stipends."""
        mine = self.filter(seat__person__in=people).exclude(state=Cost.State.WITHDRAWN)
        return mine.exclude(kind=Cost.Kind.STIPEND, state=Cost.State.REFUSED)

    def as_listed(self) -> Self:
        """Read what a list shows, without the bytes of receipts; add `has_receipt`."""
        held = Receipt.objects.filter(cost=OuterRef("pk"))
        rows = self.select_related("seat__person", "seat__journey", "line__fund")
        added: dict[str, Any] = {"has_receipt": Exists(held)}
        return rows.annotate(**added)

    def newest(self) -> Self:
        """Put the newest first."""
        return self.order_by("-pk")

    def waiting_first(self) -> Self:
        """Put what waits for organisers first, the oldest of it at the top; then the newest."""
        order = [Cost.State.CLAIMED, Cost.State.COMMITTED]
        steps = [When(state=state, then=Value(place)) for place, state in enumerate(order)]
        waits = Case(*[When(state=state, then=F("pk")) for state in order], default=-F("pk"))
        return self.order_by(Case(*steps, default=Value(len(order))), waits, "pk")


class Cost(Stateful):
    """Money that went out, is promised or is asked for; in its fund's currency in the end.

    A claim is in the currency in which it was paid; what it was stays beside what was granted.
    """

    class State(models.TextChoices):
        """How far it is."""

        CLAIMED = "claimed", _("Waits for organisers")
        COMMITTED = "committed", _("Approved")
        PAID = "paid", _("Paid")
        REFUSED = "refused", _("Not approved")
        WITHDRAWN = "withdrawn", _("Taken back")

    class Kind(models.TextChoices):
        """What kind of cost it is."""

        STIPEND = "stipend", _("Stipend")
        EXPENSE = "expense", _("Expense")
        SHARED = "shared", _("Shared by the edition")

    MOVES: ClassVar[Mapping[str, Any]] = {
        State.CLAIMED: {State.COMMITTED, State.REFUSED, State.WITHDRAWN},
        State.COMMITTED: {State.PAID, State.REFUSED, State.WITHDRAWN},
        State.PAID: set(),
        # Whoever was told that there is no stipend is given one after all.
        State.REFUSED: {State.WITHDRAWN},
        State.WITHDRAWN: set(),
    }

    state = models.CharField(_("state"), max_length=9, choices=State, editable=False)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="costs", editable=False, verbose_name=_("edition")
    )
    # None: shared by the edition.
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="costs")
    # None: not granted. Of a stipend that is refused, the line that gives none: no other.
    line = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, related_name="costs", verbose_name=_("line")
    )
    what = models.CharField(_("what"), max_length=200)
    day = models.DateField(_("day"))
    amount = models.PositiveIntegerField(_("amount"))
    currency = sums.currency()
    # What a traveller asked for, as they paid it.
    claimed_amount = models.PositiveIntegerField(null=True, editable=False)
    claimed_currency = sums.currency(blank=True)
    created_at = models.DateTimeField(_("noted"))
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False
    )
    paid_at = models.DateTimeField(_("paid"), null=True, editable=False)
    paid_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", editable=False
    )
    # Why it was refused, or less than was asked for.
    words = models.CharField(_("in a few words"), max_length=500, blank=True)
    # Added by `as_listed`.
    has_receipt: bool

    objects = CostQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        constraints = [
            models.CheckConstraint(
                name="cost_is_a_sum", condition=Q(amount__gt=0, currency__regex="^[A-Z]{3}$")
            ),
            models.CheckConstraint(
                name="cost_has_a_line_once_committed",
                condition=Q(state__in=["committed", "paid"], line__isnull=False)
                | (~Q(state__in=["committed", "paid"]) & Q(line=None))
                | Q(state="refused", kind="stipend"),
            ),
            models.CheckConstraint(
                name="cost_decided_by_somebody",
                condition=Q(
                    state__in=["committed", "paid", "refused"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                )
                | Q(state__in=["claimed", "withdrawn"], decided_at=None, decided_by=None),
            ),
            models.CheckConstraint(
                name="cost_paid_when_and_by_whom",
                condition=Q(state="paid", paid_at__isnull=False, paid_by__isnull=False)
                | (~Q(state="paid") & Q(paid_at=None, paid_by=None)),
            ),
            models.CheckConstraint(
                name="cost_refused_with_words", condition=~Q(state="refused") | ~Q(words="")
            ),
            models.CheckConstraint(
                name="cost_shared_or_of_a_traveller",
                condition=Q(kind="shared", seat=None)
                | Q(kind__in=["stipend", "expense"], seat__isnull=False),
            ),
            models.CheckConstraint(
                name="cost_claimed_as_an_expense",
                condition=Q(kind="expense", claimed_amount__isnull=False, claimed_amount__gt=0)
                & Q(claimed_currency__regex="^[A-Z]{3}$")
                | Q(~Q(kind="expense"), claimed_amount=None, claimed_currency=""),
            ),
            models.CheckConstraint(
                name="cost_granted_at_most_what_was_asked",
                condition=~Q(claimed_currency=F("currency"))
                | Q(amount__lte=F("claimed_amount")),
            ),
            models.UniqueConstraint(
                name="cost_one_stipend_of_a_line_for_each",
                fields=["seat", "line"],
                condition=Q(kind="stipend", line__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="cost_by_edition", fields=["edition", "state"]),
            models.Index(name="cost_by_seat", fields=["seat"]),
        ]
        triggers = [
            guards.cost_in_the_edition_of_its_seat(),
            guards.cost_within_its_line(),
            guards.cost_decided_by_somebody_else(),
            guards.cost_paid_stays(),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        """Give the address of the page where its traveller sees it."""
        journey = self.seat.journey_id if self.seat else 0
        return reverse("grandtour:costs", args=[journey])

    @property
    def granted_otherwise(self) -> bool:
        """Say whether what was granted is not what was asked for."""
        asked = (self.claimed_amount, self.claimed_currency)
        return self.claimed_amount is not None and asked != (self.amount, self.currency)


def seats_with_costs() -> "models.QuerySet[Seat]":
    """Give the places whose travellers may claim: from confirmed on.

    Also those that were taken back after the journey was confirmed: they may have booked.
    """
    states = Seat.State
    going = [states.CONFIRMED, states.TRAVELLING, states.RETURNED, states.REPORTED]
    settled = JourneyEvent.objects.filter(
        journey=OuterRef("journey"), what="confirmed", at__lte=OuterRef("ended_at")
    )
    booked = Q(Exists(settled), state=states.CANCELLED)
    return Seat.objects.filter(Q(state__in=going) | booked)
