"""Money: an amount of the smallest unit, its currency, who pays it and what for."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """The two sides of an exchange."""

    PROVIDER = "provider", _("For whoever helps")
    RECEIVER = "receiver", _("For whoever is helped")


def currency(*, blank: bool = False) -> "models.CharField[str, str]":
    """Make the field of an ISO 4217 code."""
    return models.CharField(
        _("currency"),
        max_length=3,
        blank=blank,
        validators=[
            RegexValidator(r"^[A-Z]{3}$", _("A currency has three letters, like EUR."))
        ],
    )


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
