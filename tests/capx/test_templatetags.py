"""What pages show in words: days, sums, what people wrote, icons, fields."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates as Djangos
from django.forms.renderers import TemplatesSetting
from django.template import Context, Template
from django.utils import formats
from django.utils.translation import override

from capx.templatetags import controls, dates, icons, wording


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "12 May 2026"), ("de", "12. Mai 2026"), ("es", "12 de mayo de 2026")],
)
def test_a_day_is_written_as_its_reader_writes_it(language, words):
    with override(language):
        assert dates.day(dt.date(2026, 5, 12)) == f'<time datetime="2026-05-12">{words}</time>'


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [(12000, "EUR", "€120"), (12050, "EUR", "€120.50"), (500, "JPY", "¥500")],
)
def test_a_sum_is_written_without_empty_cents(amount, currency, words):
    with override("en"):
        assert wording.money(amount, currency) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ("4", "4 h"),
        ("1.333333", "1 h 20 min"),
        ("0.33", "20 min"),
        ("0.999999", "1 h"),
        ("0", "0 h"),
        ("-0", "0 h"),
    ],
)
def test_hours_are_written_to_the_minute(hours, words):
    assert wording.duration(Decimal(hours)) == words
    assert wording.duration(None) == ""


def test_what_people_write_is_paragraphs_and_links_only():
    written = wording.prose("<script>x</script>\n\nSee https://example.org/a?b=1&c=2")
    assert written == (
        "<p>&lt;script&gt;x&lt;/script&gt;</p>\n\n"
        '<p>See <a href="https://example.org/a?b=1&amp;c=2" rel="nofollow">'
        "https://example.org/a?b=1&amp;c=2</a></p>"
    )


def test_an_arrow_turns_where_one_reads_from_the_right():
    with override("ar"):
        assert "cdx-icon--flipped" in icons.icon("next")
        assert "cdx-icon--flipped" not in icons.icon("search")
    with override("en"):
        assert "cdx-icon--flipped" not in icons.icon("next")


class HoursForm(forms.Form):
    """One field with everything beside it."""

    hours = forms.IntegerField(label="Hours", help_text="A guess is enough.", max_value=80)
    words = forms.CharField(label="Words", required=False)


def test_a_field_is_tied_to_its_help_and_its_error():
    html = HoursForm({"hours": "81"}).as_div()
    assert 'aria-describedby="id_hours_helptext id_hours_error"' in html
    assert 'id="id_hours_helptext"' in html
    assert 'id="id_hours_error"' in html
    assert 'class="cdx-text-input__input"' in html


def test_only_a_field_that_may_stay_empty_says_so():
    form = HoursForm()
    assert not controls.optional(form["hours"])
    assert controls.optional(form["words"])
    form.unmarked = True
    assert not controls.optional(form["words"])


def test_a_card_says_its_language_and_leaves_direction_to_the_text():
    html = Template(
        '{% include "components/card.html" with title="مونتاج" language="ar" only %}'
    ).render(Context())
    assert 'lang="ar" dir="auto"' in html


def test_lines_with_stars_become_a_list():
    written = wording.prose("What we do:\n* Evening <1>\n- Evening 2\nCome * as you are.")

    assert written == (
        "<p>What we do:</p><ul><li>Evening &lt;1&gt;</li><li>Evening 2</li></ul>"
        "<p>Come * as you are.</p>"
    )


class Choosing(forms.Form):
    one = forms.ChoiceField(
        choices=[("", "-"), ("<x", 'A & "b"'), (5, 5), ("A <group>", [("g", "G")]), ("z", "Z")],
        initial="g",
    )
    many = forms.MultipleChoiceField(choices=[("1", "eins"), ("2", "zwei")], initial=["1", "2"])
    day = forms.DateField(widget=forms.SelectDateWidget)


def parts(markup):
    """Take markup apart; white space between its elements says nothing."""
    found = re.findall(r"<[^>]+>|[^<>]+", markup)
    return [words for one in found if (words := " ".join(one.split()).replace(" >", ">"))]


@pytest.mark.parametrize("said", [None, {"one": "5", "many": ["2"], "day_year": "2000"}])
@pytest.mark.parametrize("field", ["one", "many", "day"])
def test_a_select_is_drawn_as_django_draws_it(said, field):
    ours, djangos = (Choosing(said, renderer=kind()) for kind in (TemplatesSetting, Djangos))

    assert len(parts(str(ours[field]))) >= 8
    assert parts(str(ours[field])) == parts(str(djangos[field]))


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("number", ["1234.5", "8.25", "1234567"])
def test_django_and_unicode_write_numbers_alike(language, number):
    value = Decimal(number)
    decimals = max(0, -value.as_tuple().exponent)

    with override(language):
        ours = formats.number_format(value, decimals, force_grouping=True)
        drawn = Template("{% load humanize %}{{ value|intcomma }}").render(
            Context({"value": value})
        )

    assert ours == drawn == format_decimal(value, locale=language)
