"""What a traveller sees to before and after a journey, each with its day."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from grandtour.models.seats import REPORTED_WITHIN, Seat

SHARED_WITHIN = timedelta(days=45)


class ChecklistQuerySet(models.QuerySet["ChecklistItem"]):
    """Reads of what is to be seen to."""

    def open(self) -> Self:
        """Keep what is not done yet, of those who still travel or did."""
        return self.filter(done_at=None, seat__number__isnull=False)

    def before(self) -> Self:
        """Keep what comes before the journey."""
        return self.filter(what__in=BEFORE)


class ChecklistItem(models.Model):
    """One thing to see to, with the day by which; who travels ticks it, or doing it does."""

    class What(models.TextChoices):
        """What there is to see to."""

        PAPERS = "papers", _("Passport, and a visa if you need one")
        INSURANCE = "insurance", _("Insurance for the journey")
        BOOKING = "booking", _("Tickets and beds")
        ARRIVAL = "arrival", _("Your hosts know when you arrive")
        NOTES = "notes", _("A short note about each stop")
        REPORT = "report", _("Your report")
        SHARING = "sharing", _("Share it at home")

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="checklist")
    what = models.CharField(_("what"), max_length=9, choices=What)
    due = models.DateField(_("by"))
    done_at = models.DateTimeField(_("done"), null=True)

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
    What.SHARING: SHARED_WITHIN,
}
BY_DOING = set(AFTER)


def due_days(first: date, last: date) -> dict[str, date]:
    """Give the day of each thing for a journey from a first day to a last one."""
    before = {what.value: first + days for what, days in BEFORE.items()}
    return before | {what.value: last + days for what, days in AFTER.items()}
