"""What a traveller sees to before and after a journey, each with its day."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grandtour.models.money import Cost
from grandtour.models.seats import REPORTED_WITHIN, Seat
from volunteers.models import Origin

SHARED_WITHIN = timedelta(days=45)


class ChecklistQuerySet(models.QuerySet["ChecklistItem"]):
    """Reads of what is to be seen to."""

    def as_they_stand(self) -> Self:
        """Add `settled_at`: when it was done, ticked or by what came of the journey.

        Receipts count that were handed in since it began, offers and practices that were made
        of it and that others can see.
        """
        since = Q(created_at__date__gte=OuterRef("seat__period__startswith"))
        claims = Cost.objects.filter(since, seat=OuterRef("seat"), kind=Cost.Kind.EXPENSE)
        costs = claims.exclude(state=Cost.State.WITHDRAWN)
        told = Origin.objects.told().filter(
            source=Origin.Source.PLACE, source_key=OuterRef("seat"), made=OuterRef("what")
        )
        did = Case(
            When(what=What.RECEIPTS, then=_first(costs, "created_at")),
            When(what__in=MADE, then=_first(told, "told_at")),
        )
        added: dict[str, Any] = {"settled_at": Coalesce(F("done_at"), did)}
        return self.annotate(**added)

    def open(self) -> Self:
        """Keep what is not done yet, of those who still travel or did."""
        rows = self.filter(done_at=None, seat__number__isnull=False)
        return rows.as_they_stand().filter(settled_at=None)

    def before(self) -> Self:
        """Keep what comes before the journey."""
        return self.filter(what__in=BEFORE)


def _first(rows: models.QuerySet[Any], when: str) -> Subquery:
    """Say when the first of these was."""
    return Subquery(rows.order_by(when).values(when)[:1])


class ChecklistItem(models.Model):
    """One thing to see to, with the day by which; who travels ticks it, or doing it does."""

    class What(models.TextChoices):
        """What there is to see to."""

        PAPERS = "papers", _("Passport, and a visa if you need one")
        INSURANCE = "insurance", _("Insurance for the journey")
        BOOKING = "booking", _("Tickets and beds")
        ARRIVAL = "arrival", _("Your hosts know when you arrive")
        NOTES = "notes", _("A short note about each stop")
        REPORT = "report", pgettext_lazy("of a journey", "Your report")
        RECEIPTS = "receipts", _("What you paid, with receipts")
        SHARING = "sharing", _("Share it at home")
        # These two bear the words of `Origin.Made`.
        PRACTICE = "practice", _("A practice: what was tried, and what worked")
        OFFER = "offer", _("An offer of what you learnt")

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="checklist")
    what = models.CharField(_("what"), max_length=9, choices=What)
    due = models.DateField(_("by"))
    done_at = models.DateTimeField(_("done"), null=True)
    # Added by `as_they_stand`.
    settled_at: datetime | None

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("thing to see to")
        verbose_name_plural = _("things to see to")
        constraints = [
            models.UniqueConstraint(name="checklist_item_once", fields=["seat", "what"])
        ]
        indexes = [
            models.Index(
                name="checklist_item_open",
                fields=["due"],
                condition=models.Q(done_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.seat_id}"

    @property
    def ticked_by_hand(self) -> bool:
        """Say whether it is done when the traveller says so."""
        return self.what not in BY_DOING


What = ChecklistItem.What
# Days from the first day of the journey.
BEFORE = {
    What.PAPERS: timedelta(days=-45),
    What.INSURANCE: timedelta(days=-30),
    What.BOOKING: timedelta(days=-21),
    What.ARRIVAL: timedelta(days=-3),
}
# Days from the last one.
AFTER = {
    What.NOTES: timedelta(days=7),
    What.REPORT: REPORTED_WITHIN,
    What.RECEIPTS: REPORTED_WITHIN,
    What.SHARING: SHARED_WITHIN,
    What.PRACTICE: SHARED_WITHIN,
    What.OFFER: SHARED_WITHIN,
}
MADE = {What.PRACTICE, What.OFFER}
# What only doing it ticks: not everybody has paid something, or offers what they learnt here.
BY_DOING = {What.NOTES, What.REPORT, What.SHARING}


def due_days(first: date, last: date) -> dict[str, date]:
    """Give the day of each thing for a journey from a first day to a last one."""
    before = {what.value: first + days for what, days in BEFORE.items()}
    return before | {what.value: last + days for what, days in AFTER.items()}
