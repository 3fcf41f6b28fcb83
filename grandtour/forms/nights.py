"""What organisers say a night of a traveller costs, in euros as people write them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grandtour.forms.money import AmountField, read_amount
from grandtour.models import Edition
from grandtour.planning.support import EURO
from volunteers.forms.money import units

MOST = 100_000  # cents


class NightForm(forms.ModelForm[Edition]):
    """The part of an edition's form that says what a night costs."""

    night_cost = AmountField(
        label=_("What a night costs, in euros"),
        required=False,
        help_text=_(
            "For each traveller: bed, food and tickets. The planner adds travel by the "
            "Erasmus+ unit costs and the rent of venues, and stays within what was granted in "
            "euros; sources in other currencies do not count there."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Write the cost of a night as people do."""
        super().__init__(*args, **kwargs)
        if "night_cost" in self.fields and self.instance.night_cost:
            self.initial["night_cost"] = units(self.instance.night_cost, EURO)

    def clean(self) -> dict[str, Any]:
        """Read what a night costs; nothing is nought."""
        cleaned = super().clean() or self.cleaned_data
        if "night_cost" in self.fields and "night_cost" not in self.errors:
            read_amount(self, "night_cost", EURO, least=0, most=MOST)
            cleaned["night_cost"] = cleaned.get("night_cost") or 0
        return cleaned
