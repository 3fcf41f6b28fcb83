"""The lines of a budget."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exchange.models.money import Side
from volunteers.forms.money import currency_choices, smallest_units, units

MOST_LINES = 20


class LineForm(forms.Form):
    """One sum: for whom, how much, what for, who pays. An empty one does not count."""

    unmarked = True

    side = forms.ChoiceField(label=gettext_lazy("For whom"), choices=Side)
    what_for = forms.CharField(label=gettext_lazy("What for"), max_length=200)
    amount = forms.CharField(
        label=gettext_lazy("Amount"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=currency_choices)
    payer = forms.CharField(label=gettext_lazy("Who pays"), max_length=200, required=False)

    def has_changed(self) -> bool:
        """Count a line only when something was typed into it."""
        return any(self[name].data for name in ("what_for", "amount", "payer"))

    def clean(self) -> dict[str, Any]:
        """Read the sum in its currency."""
        cleaned = super().clean() or self.cleaned_data
        if "amount" in cleaned and "currency" in cleaned:
            try:
                cleaned["amount"] = smallest_units(cleaned["amount"], cleaned["currency"])
            except ValidationError as unread:
                self.add_error("amount", unread)
            else:
                if not cleaned["amount"]:
                    self.add_error("amount", _("Write a sum above 0."))
        return cleaned

    @property
    def place(self) -> str:
        """Give its number among the lines."""
        return str(self.prefix).rpartition("-")[2]

    def right(self) -> dict[str, Any]:
        """Give what is right of a line, for a draft; an amount not yet written is 0."""
        said = {"side": Side.PROVIDER, "what_for": "", "currency": "EUR", "payer": ""}
        said |= {name: self.cleaned_data[name] for name in said if name in self.cleaned_data}
        amount = 0 if "amount" in self.errors else self.cleaned_data.get("amount", 0)
        return said | {"amount": amount if isinstance(amount, int) else 0}


class Lines(forms.BaseFormSet[LineForm]):
    """The lines of a budget; a line that is emptied is gone."""

    fresh: dict[str, Any] = {}

    def add_fields(self, form: LineForm, index: int | None) -> None:
        """Let any line stay empty, also one that was filled in before."""
        super().add_fields(form, index)
        form.empty_permitted = index is not None
        if index is None:
            form.initial = self.fresh

    @property
    def standing(self) -> list[LineForm]:
        """Give the lines that were not removed."""
        here = f"{self.prefix}-%s-currency"
        return [f for f in self.forms if not self.is_bound or here % f.place in self.data]

    @property
    def used(self) -> bool:
        """Say whether anything stands in it."""
        first = any(line.get("what_for") or line.get("amount") for line in self.initial or [])
        return first or (self.is_bound and any(form.has_changed() for form in self.forms))

    def sums(self) -> list[dict[str, Any]]:
        """Give what can be kept: the lines that were filled in and are right."""
        filled = (form for form in self.forms if form.has_changed())
        return [form.cleaned_data for form in filled if form.is_valid()]

    def begun(self) -> list[dict[str, Any]]:
        """Give the lines that were filled in with all that is right of them, for a draft."""
        self.full_clean()
        return [form.right() for form in self.forms[:MOST_LINES] if form.has_changed()]


LineFormSet = forms.formset_factory(
    LineForm,
    formset=Lines,
    extra=0,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES + 1,  # so that a forged number is not drawn a thousand times
    validate_max=True,
)


def lines_as_typed(rows: Any) -> list[dict[str, Any]]:
    """Write sums that are kept as somebody would type them, for a form set's `initial`."""
    return [
        {
            "side": row.side,
            "what_for": row.what_for,
            "amount": units(row.amount, row.currency) if row.amount else "",
            "currency": row.currency,
            "payer": row.payer,
        }
        for row in rows
    ]


def typed_lines(data: Any, prefix: str) -> list[dict[str, Any]]:
    """Read lines as they were typed, unchecked, for a form set's `initial`.

    The button that was pressed may be one that removes a line.
    """
    names = tuple(LineForm.base_fields)
    numbers = [n for n in range(MOST_LINES) if f"{prefix}-{n}-currency" in data]
    return [
        {name: data.get(f"{prefix}-{n}-{name}", "") for name in names}
        for n in numbers
        if data.get("step") != f"drop-{n}"
    ]


def is_about_lines(step: str) -> bool:
    """Say whether a button adds or removes a line, and nothing is to be kept yet."""
    return step == "row" or step.startswith("drop-")
