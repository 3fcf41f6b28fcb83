"""What an affiliate means to put into building and into sharing capacity in a year."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capx.sums import BUILDING, SHARING
from volunteers.models import Affiliate
from volunteers.models.money import currency

FIRST_YEAR, LAST_YEAR = 2000, 2100


class PriorityQuerySet(models.QuerySet["Priority"]):
    """Reads of priorities."""

    def of(self, affiliate: Affiliate, *years: int) -> Self:
        """Keep those of one affiliate, of some years or of all, building before sharing."""
        rows = self.filter(affiliate=affiliate).order_by("-year", "kind", "pk")
        return rows.filter(year__in=years) if years else rows


class Priority(models.Model):
    """The hours and the money an affiliate means to put into one kind in a year."""

    class Kind(models.TextChoices):
        """The two sides of capacity."""

        BUILDING = BUILDING, _("Building capacity")
        SHARING = SHARING, _("Sharing capacity")

    affiliate = models.ForeignKey(
        Affiliate, models.CASCADE, related_name="priorities", editable=False
    )
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    kind = models.CharField(max_length=8, choices=Kind, editable=False)
    hours = models.DecimalField(
        _("hours"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    amount = models.PositiveIntegerField(_("money"), null=True, blank=True)
    currency = currency(blank=True)
    words = models.TextField(_("in words"), max_length=2000, blank=True)

    objects = PriorityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "priorities"
        constraints = [
            models.UniqueConstraint(
                name="priority_one_per_affiliate_year_and_kind",
                fields=["affiliate", "year", "kind"],
            ),
            models.CheckConstraint(
                name="priority_hours_not_negative",
                condition=Q(hours=None) | Q(hours__gte=0),
                violation_error_message=_("Hours cannot be less than 0."),
            ),
            models.CheckConstraint(
                name="priority_money_in_a_currency",
                condition=Q(amount=None) | Q(currency__regex="^[A-Z]{3}$"),
                violation_error_message=_("Say in which currency."),
            ),
            models.CheckConstraint(
                name="priority_year_2000_to_2100",
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.year}"
