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

from capx.names import country_codes
from exchange.models.money import Side

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
    value = Decimal(amount).scaleb(-get_currency_precision(currency))
    if value == value.to_integral_value():
        value = value.to_integral_value()
    return format_decimal(
        value, locale=_locale(), decimal_quantization=False, group_separator=False
    )


def _locale() -> Locale:
    return Locale.parse(to_locale(get_language() or "en"))


@cache
def _currencies(locale: Locale) -> list[tuple[str, str]]:
    codes = {c for country in country_codes() for c in get_territory_currencies(country)}
    names = {code: locale.currencies.get(code) for code in sorted(codes)}
    return [(code, f"{code}: {name}" if name else code) for code, name in names.items()]


def currency_choices() -> list[tuple[str, str]]:
    """List the currencies that are in use, the euro first."""
    choices = _currencies(_locale())
    return sorted(choices, key=lambda pair: pair[0] != "EUR")


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
        return cleaned


class Lines(forms.BaseFormSet[LineForm]):
    """The lines of a budget; a line that is emptied is gone."""

    def add_fields(self, form: LineForm, index: int | None) -> None:
        """Let any line stay empty, also one that was filled in before."""
        super().add_fields(form, index)
        form.empty_permitted = True

    @property
    def used(self) -> bool:
        """Say whether anything stands in it."""
        first = any(line.get("what_for") or line.get("amount") for line in self.initial or [])
        return first or (self.is_bound and any(form.has_changed() for form in self.forms))

    def sums(self) -> list[dict[str, Any]]:
        """Give what can be kept: the lines that were filled in and are right."""
        filled = (form for form in self.forms if form.has_changed())
        return [form.cleaned_data for form in filled if form.is_valid()]


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
            "amount": units(row.amount, row.currency),
            "currency": row.currency,
            "payer": row.payer,
        }
        for row in rows
    ]


def typed_lines(data: Any) -> list[dict[str, Any]]:
    """Read lines as they were typed, unchecked, for a form set's `initial`."""
    names = tuple(LineForm.base_fields)
    rows = (
        {name: data.get(f"line-{n}-{name}", "") for name in names} for n in range(MOST_LINES)
    )
    return [row for n, row in enumerate(rows) if f"line-{n}-currency" in data]
