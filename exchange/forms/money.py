"""Sums as people type them: `12,50`, `1 200`, `12.50`; and the lines of a budget."""

import unicodedata
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.numbers import format_decimal, get_currency_precision, get_territory_currencies
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _

from capx.names import Choice, Group, country_codes, often_first
from exchange.models.money import Side
from volunteers.models.familiar import familiar

LARGEST = 2_147_483_647
MOST_LINES = 20
SIGNS = {"٫": ",", "٬": "'", "’": "'"}  # noqa: RUF001 -- what Arabic and Swiss people type


def smallest_units(text: str, currency: str) -> int:
    """Read a sum typed in the units of a currency: `12,50` EUR is 1250.

    Raises ValidationError with a sentence for who typed it.
    """
    plain = "".join(map(_plain, text))
    precision = get_currency_precision(currency)
    whole, cents = _halves(plain, precision)
    if not (whole + cents).isdecimal():
        raise ValidationError(_("Write the sum as a number, like 120 or 12.50."))
    if len(cents) > precision:
        raise ValidationError(_("This currency has fewer decimals than that."))
    amount = Decimal(f"{whole or 0}.{cents or 0}").scaleb(precision)
    if amount > LARGEST:
        raise ValidationError(_("That is more than can be written here."))
    return int(amount)


def _plain(sign: str) -> str:
    """Make one sign of a number plain; spaces and apostrophes only group digits."""
    sign = SIGNS.get(sign, sign)
    if sign.isspace() or sign == "'":
        return ""
    return str(unicodedata.decimal(sign, sign))


def _halves(plain: str, precision: int) -> tuple[str, str]:
    """Part a number at its decimal sign: the last sign, unless it only groups thousands."""
    at = max(plain.rfind("."), plain.rfind(","))
    if at < 0:
        return plain, ""
    whole, cents = plain[:at], plain[at + 1 :]
    both = "." in plain and "," in plain
    if both and plain.count(plain[at]) > 1:
        return plain, ""  # nobody writes so: it will be refused
    groups = plain.count(plain[at]) > 1 or (len(cents) == 3 != precision)  # noqa: PLR2004 -- a thousand
    if groups and not both:
        whole, cents = plain, ""
    return whole.replace(".", "").replace(",", ""), cents


def units(amount: int, currency: str) -> str:
    """Write a sum as somebody would type it into a field."""
    precision = get_currency_precision(currency)
    value = Decimal(amount).scaleb(-precision)
    whole = value == value.to_integral_value()
    decimals = "" if whole else "." + "0" * precision
    return format_decimal(value, format=f"#,##0{decimals}", locale=_locale())


def _locale() -> Locale:
    return Locale.parse(to_locale(get_language() or "en"))


@cache
def _currencies(locale: Locale) -> list[tuple[str, str]]:
    codes = {c for country in country_codes() for c in get_territory_currencies(country)}
    names = {code: locale.currencies.get(code) for code in sorted(codes)}
    return [(code, f"{code}: {name}" if name else code) for code, name in names.items()]


def currency_choices() -> list[Choice | Group]:
    """List the currencies that are in use, by code; first those of the affiliates here."""
    return often_first(_currencies(_locale()), familiar().currencies)


def currency_of(country: str) -> str:
    """Name the currency people pay with in a country."""
    return str((get_territory_currencies(country) or ["EUR"])[0]) if country else "EUR"


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
