"""What people need on a journey: who reads it, when nobody does any more, and the numbers."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from grandtour.models.applications import Application
from grandtour.models.editions import Edition
from grandtour.models.seats import Seat

State = Edition.State


class NeedsQuerySet(models.QuerySet["Needs"]):
    """Reads of what people need."""

    def outdated(self, day: date) -> Self:
        """Keep what is to be deleted: of no use to anybody, or over for a while.

        Who is declined does not travel, nor does who has no place once nobody travels any more.
        Until then a plan is made anew or a place comes free, and they may be the next.
        """
        placed = Seat.objects.live().filter(application=OuterRef("application"))
        over = Q(application__edition__travel_last_day__lt=day - Needs.KEPT)
        declined = Q(application__state=Application.State.DECLINED)
        ended = Q(application__edition__state__in=[State.EVALUATING, State.CLOSED])
        on_the_way = Q(application__state__in=["travelled", "completed"])
        left = ended & ~on_the_way & ~Exists(placed)
        return self.filter(over | declined | left)

    def counted(self) -> "dict[int, dict[str, int]]":
        """Count by edition how many said something of each kind; nothing of which none did."""
        said = {
            kind: Q(step_free=True) if kind == "step_free" else ~Q(**{kind: ""})
            for kind in NeedsCount.Kind.values
        }
        sums = {f"n_{kind}": models.Count("pk", filter=holds) for kind, holds in said.items()}
        by_edition = self.order_by().values("application__edition").annotate(**sums)
        rows = by_edition.values_list("application__edition", *sums)
        return {
            edition: {
                kind: number for kind, number in zip(said, numbers, strict=True) if number
            }
            for edition, *numbers in rows
        }


class Needs(models.Model):
    """What somebody needs on a journey: for organisers, and gone once they do not travel.

    Hosts of a confirmed journey read of access and food what its traveller lets them.
    """

    # After the last day of travel, for accidents and insurers.
    KEPT = timedelta(days=60)

    application = models.OneToOneField(
        Application, models.CASCADE, related_name="needs", primary_key=True
    )
    access = models.TextField(_("access"), max_length=2000, blank=True)
    step_free = models.BooleanField(_("cannot take steps"), default=False, db_default=False)
    diet = models.TextField(_("food"), max_length=2000, blank=True)
    visa = models.TextField(_("visa and papers"), max_length=2000, blank=True)
    other = models.TextField(_("anything else"), max_length=2000, blank=True)
    shown_to_hosts_at = models.DateTimeField(_("shown to hosts"), null=True, editable=False)

    objects = NeedsQuerySet.as_manager()

    class Meta:
        verbose_name = _("needs")
        verbose_name_plural = _("needs")

    def __str__(self) -> str:
        return f"needs of {self.application_id}"


class NeedsCount(models.Model):
    """How many said that they need something, kept when what they said is deleted."""

    class Kind(models.TextChoices):
        """What was needed: the fields of Needs."""

        ACCESS = "access", _("Access")
        STEP_FREE = "step_free", _("Cannot take steps")
        DIET = "diet", _("Food")
        VISA = "visa", _("Visa and papers")
        OTHER = "other", _("Anything else")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="needs_counts")
    kind = models.CharField(max_length=9, choices=Kind)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="needs_count_one_per_kind", fields=["edition", "kind"]
            ),
            models.CheckConstraint(name="needs_count_of_somebody", condition=Q(number__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.number}"
