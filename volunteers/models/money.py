"""The currency of a sum; sums are whole numbers of its smallest unit."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


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
