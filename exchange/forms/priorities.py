"""What an affiliate means to put into building and into sharing in a year."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from exchange.forms.exchanges import text
from exchange.models import Priority
from volunteers.forms.money import currency_choices, currency_of, smallest_units, units
from volunteers.models import Affiliate


class PriorityForm(forms.ModelForm[Priority]):
    """One of both kinds; left empty it does not count."""

    unmarked = True

    amount = forms.CharField(
        label=_("Money"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, required=False)

    class Meta:
        model = Priority
        fields = ["hours", "words"]
        widgets = {
            "hours": forms.NumberInput({"step": "0.5", "min": "0", "inputmode": "decimal"}),
            "words": text(3),
        }
        help_texts = {
            "hours": _("In the whole year, of all people together."),
            "words": _("What you want to come of it."),
        }

    def __init__(self, *args: Any, affiliate: Affiliate, **kwargs: Any) -> None:
        """Start from what was written, in the affiliate's own currency."""
        super().__init__(*args, **kwargs)
        kept = self.instance
        if kept.hours is not None:
            self.initial["hours"] = f"{kept.hours.normalize():f}"
        if kept.amount is not None:
            self.initial["amount"] = units(kept.amount, kept.currency)
        country = affiliate.countries[0] if affiliate.countries else ""
        self.initial["currency"] = kept.currency or currency_of(country)

    def clean(self) -> dict[str, Any]:
        """Read the sum in its currency."""
        cleaned = super().clean() or self.cleaned_data
        self.instance.amount, self.instance.currency = None, ""
        if cleaned.get("amount") and not cleaned.get("currency"):
            self.add_error("currency", _("Say in which currency."))
        elif cleaned.get("amount"):
            try:
                amount = smallest_units(cleaned["amount"], cleaned["currency"])
            except ValidationError as unread:
                self.add_error("amount", unread)
            else:
                self.instance.amount = amount
                self.instance.currency = cleaned["currency"]
        return cleaned


class ReadForm(forms.Form):
    """Which version of the priorities a form was filled in from."""

    read = forms.CharField(widget=forms.HiddenInput, max_length=22, required=False)


def forms_of(data: Any, affiliate: Affiliate, rows: dict[str, Priority]) -> list[PriorityForm]:
    """Give a form for each kind, filled in with these rows."""
    return [
        PriorityForm(
            data,
            prefix=kind,
            instance=rows.get(kind, Priority(kind=kind)),
            affiliate=affiliate,
        )
        for kind in Priority.Kind.values
    ]
