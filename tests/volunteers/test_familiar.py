"""Long lists begin with what the affiliates of this site make familiar."""

import pytest

from tests.factories import AffiliateFactory, PersonFactory
from volunteers.forms.money import currency_choices
from volunteers.forms.profile import AboutForm, LanguagesForm, SiteForm
from volunteers.models.familiar import familiar

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _polish():
    AffiliateFactory(countries=["PL"], languages=["pl", "szl"])


def firsts(choices):
    title, first = next(pair for pair in choices if isinstance(pair[1], list))
    assert title == "Often chosen here"
    return [code for code, _name in first]


def test_lists_begin_with_where_the_affiliates_are():
    person = PersonFactory()

    assert firsts(currency_choices()) == ["PLN"]
    assert firsts(AboutForm(instance=person).fields["country"].choices) == ["PL"]
    zones = SiteForm(instance=person).fields["time_zone"].widget.choices
    assert firsts(zones) == ["Europe/Warsaw"]
    widget = LanguagesForm(instance=person)["languages"].field.widget
    listed = widget.get_context("languages", [], {})["widget"]["languages"]
    assert firsts(listed) == ["ar", "en", "de", "pl", "szl", "es"]


def test_it_is_read_once_however_many_fields_ask(django_assert_num_queries):
    with django_assert_num_queries(1):
        for _field in range(3):
            familiar()
