"""Money: an amount of the smallest unit, its currency, who pays it and what for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from volunteers.models.money import currency


class Side(models.TextChoices):
    """The two sides of an exchange."""

    PROVIDER = "provider", _("For whoever helps")
    RECEIVER = "receiver", _("For whoever is helped")


class Line(models.Model):
    """One sum for one side."""

    side = models.CharField(_("for whom"), max_length=8, choices=Side)
    amount = models.PositiveIntegerField(_("amount"), help_text=_("In the smallest unit."))
    currency = currency()
    what_for = models.CharField(_("what for"), max_length=200)
    payer = models.CharField(_("who pays"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.what_for}"


class BudgetLine(Line):
    """A sum that a listing promises or asks for."""

    listing = models.ForeignKey("Listing", models.CASCADE, related_name="budget")

    class Meta:
        verbose_name = _("sum")
        verbose_name_plural = _("sums")
