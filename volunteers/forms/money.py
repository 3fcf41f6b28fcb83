"""Sums as people type them: `12,50`, `1 200`, `12.50`; and the currencies there are."""

import unicodedata
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import format_decimal, get_currency_precision, get_territory_currencies
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from capx.names import Choice, Group, country_codes, often_first
from volunteers.models.familiar import familiar

LARGEST = 2_147_483_647
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
