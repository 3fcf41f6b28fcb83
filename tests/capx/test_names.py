"""Countries and languages under the names and in the order that readers know."""

import pytest
from django.utils import translation

from capx.names import city_name, country_choices, language_choices


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("de", ["Ägypten", "Algerien", "Oman", "Österreich", "Palau"]),
        ("es", ["Bélgica", "Belice", "Bután"]),
        ("en", ["Åland Islands", "Albania", "Zambia"]),
    ],
)
def test_countries_stand_in_the_order_of_the_alphabet(language, names):
    with translation.override(language):
        listed = [name for _code, name in country_choices() if name in names]

    assert listed == names


@pytest.mark.parametrize("language", ["ar", "de", "en", "es"])
def test_every_country_and_language_has_a_name(language):
    with translation.override(language):
        countries, languages = dict(country_choices()), dict(language_choices())

    assert [code for code, name in countries.items() if name in {"", code}] == []
    # Some are called as their code is written: Fon, Tiv, Yao.
    assert {code for code, name in languages.items() if name == code} <= {"fon", "tiv", "yao"}


@pytest.mark.parametrize(
    ("language", "name", "country", "called"),
    [
        ("de", "Brussels", "BE", "Brüssel"),
        ("es", "Tunis", "TN", "Túnez"),
        ("ar", "Berlin", "DE", "برلين"),
        ("en", "Brussels", "BE", "Brussels"),
        ("de", "Reykjavík", "IS", "Reykjavík"),
        ("de", "Rome", "US", "Rome"),
        ("ar", "Ghent", "BE", "Ghent"),
        ("en", "Vincennes", "US", "Vincennes"),
    ],
)
def test_a_city_is_called_as_readers_call_it_where_that_is_known(
    language, name, country, called
):
    with translation.override(language):
        assert city_name(name, country) == called
