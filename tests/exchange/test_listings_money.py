import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from volunteers.forms.money import smallest_units, units


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("12", "EUR", 1200),
        ("12,50", "EUR", 1250),
        ("12.50", "EUR", 1250),
        ("12,5", "EUR", 1250),
        ("1 200", "EUR", 120_000),
        ("1.200", "EUR", 120_000),
        ("1,200.50", "EUR", 120_050),
        ("1.200,50", "EUR", 120_050),
        ("1’200.50", "CHF", 120_050),  # noqa: RUF001 -- as the Swiss type it
        ("1.234.567", "PLN", 123_456_700),
        ("١٢٫٥٠", "EUR", 1250),  # noqa: RUF001 -- Arabic digits
        ("500", "JPY", 500),
        ("1.500", "KWD", 1500),
        ("0", "EUR", 0),
    ],
)
def test_a_sum_is_read_as_it_is_typed(typed, currency, amount):
    assert smallest_units(typed, currency) == amount


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("twelve", "EUR"),
        ("", "EUR"),
        (".", "EUR"),
        ("-5", "EUR"),
        ("1e9", "EUR"),
        ("²", "EUR"),
        ("12.345,6.7", "EUR"),
        ("0.5", "JPY"),
        ("99999999999", "EUR"),
        ("½", "EUR"),
    ],
)
def test_what_is_no_sum_is_refused_with_a_sentence(typed, currency):
    with pytest.raises(ValidationError):
        smallest_units(typed, currency)


@pytest.mark.parametrize(
    ("language", "typed"), [("en", "1,250.50"), ("de", "1.250,50"), ("es", "1.250,50")]
)
def test_a_sum_comes_back_as_its_reader_types_it(language, typed):
    with translation.override(language):
        assert units(125_050, "EUR") == typed
        assert smallest_units(units(125_050, "EUR"), "EUR") == 125_050


def test_a_round_sum_comes_back_without_decimals():
    assert units(24_000, "EUR") == "240"
