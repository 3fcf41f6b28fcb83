"""Countries and languages under the names and in the order that readers know."""

import pytest
from django.utils import translation

from capx.names import (
    by_name,
    city_name,
    country_choices,
    language_choices,
    often_first,
)


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


def test_spanish_has_a_letter_of_its_own_after_n():
    names = [("1", "nutria"), ("2", "ñandú"), ("3", "Navarra"), ("4", "oso")]
    with translation.override("es"):
        assert [name for _code, name in by_name(names)] == ["Navarra", "nutria", "ñandú", "oso"]


def test_a_long_list_begins_with_what_is_often_chosen():
    choices = [("a", "Ant"), ("b", "Bee"), ("c", "Cat")]

    assert often_first(choices, {"b"}) == [
        ("Often chosen here", [("b", "Bee")]),
        ("All others", [("a", "Ant"), ("c", "Cat")]),
    ]
    assert often_first(choices, {"x"}) == choices
