import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation

from tests.factories import PlaceFactory, SkillFactory
from volunteers.forms import PlaceField, SkillsField

pytestmark = pytest.mark.django_db


class Form(forms.Form):
    skills = SkillsField(most=3, required=False)
    place = PlaceField(required=False)


def filled(words):
    return Form(QueryDict(words))


def skills(words):
    form = filled(f"skills={words}")
    assert form.is_valid(), form.errors
    return [skill.slug for skill in form.cleaned_data["skills"]]


@pytest.fixture
def editing():
    return SkillFactory(
        slug="video-editing",
        label="video editing",
        label__fr="montage vidéo",
        label__ar="مونتاج الفيديو",
    )


@pytest.mark.parametrize(
    "words",
    ["video-editing", "Video Editing", "MONTAGE VIDEO", "مونتاج الفيديو", "video-editing,"],
)
def test_a_skill_is_known_by_its_slug_and_by_its_name_in_any_language(editing, words):
    assert skills(words) == ["video-editing"]


def test_each_name_stands_for_one_skill_whichever_comma_is_between_them(editing):
    SkillFactory(slug="mediation")

    assert skills("montage vidéo، mediation、video-editing") == ["video-editing", "mediation"]


def test_picked_skills_arrive_one_by_one(editing):
    SkillFactory(slug="mediation")

    assert skills("mediation&skills=video-editing&skills=") == ["mediation", "video-editing"]


def test_a_label_may_hold_commas():
    SkillFactory(slug="scripts", label="scripts, fonts and keyboards")
    SkillFactory(slug="fonts", label="fonts")

    assert skills("fonts, scripts, fonts and keyboards") == ["fonts", "scripts"]


def test_a_word_of_two_languages_means_what_the_reader_calls_so():
    SkillFactory(slug="present", label="gift", label__de="Geschenk")
    SkillFactory(slug="poison", label="poison", label__de="Gift")

    assert skills("gift") == ["present"]
    with translation.override("de"):
        assert skills("gift") == ["poison"]


def test_an_unknown_skill_is_named_with_what_comes_near_and_nothing_typed_is_lost(editing):
    form = filled("skills=video-editing, video editng, <b>")

    assert form.errors["skills"] == [
        "We know no skill called “video editng”. Do you mean: video editing?",
        "We know no skill called “<b>”. Try another word for it.",
    ]
    shown = form["skills"].value()
    assert shown.text == "video editing, video editng, <b>"
    assert shown.picked == [{"slug": "video-editing", "label": "video editing"}]
    assert shown.rest == "video editng, <b>"
    assert "&lt;b&gt;" in str(form["skills"])


def test_more_skills_than_allowed_are_refused():
    four = ",".join(SkillFactory(slug=f"s{n}").slug for n in range(4))

    assert filled(f"skills={four}").errors["skills"] == ["Name at most 3 skills."]


@pytest.mark.parametrize(
    "words", ["%00", "a" * 3000, "%F0%9F%98%80", "'; DROP TABLE x;--", "%25_\\"]
)
def test_hostile_words_get_a_message(words):
    form = filled(f"skills={words}&place={words}")

    assert set(form.errors) == {"skills", "place"}
    assert str(form["skills"]) + str(form["place"])


def test_chosen_skills_are_written_as_the_reader_calls_them(editing):
    with translation.override("fr"):
        form = Form(initial={"skills": [editing], "place": PlaceFactory(name="Łódź")})

        assert form["skills"].value().text == "montage vidéo"
        assert form["place"].value().text == "Łódź, Pologne"


def place(words):
    form = filled(f"place={words}")
    assert form.is_valid(), form.errors
    return form.cleaned_data["place"]


@pytest.mark.parametrize("words", ["Łódź", "lodz", "Lodz, Poland", "ŁÓDŹ, Polen", "Łódź, PL"])
def test_a_place_is_known_by_its_name_with_or_without_its_country(words):
    city = PlaceFactory(name="Łódź")
    PlaceFactory(name="Lodz Hills", population=9_000_000)

    assert place(words) == city


def test_a_picked_place_stays_the_one_picked():
    PlaceFactory(name="Springfield", country="US", population=9_000)
    small = PlaceFactory(name="Springfield", country="US", population=1_000)

    assert place(str(small.pk)) == small
    assert place(f"Springfield, United States&place_id={small.pk}") == small
    assert place(f"{small.pk}&place=") == small


def test_a_changed_text_counts_more_than_what_was_picked():
    old = PlaceFactory(name="Kraków")
    new = PlaceFactory(name="Gdańsk")

    assert place(f"Gdansk&place_id={old.pk}") == new
    assert place(f"{old.pk}&place=Gdansk") == new


def test_half_a_name_of_a_place_gets_its_neighbours():
    PlaceFactory(name="Frankfurt am Main", country="DE")

    form = filled("place=Frankf")
    assert form.errors["place"] == [
        "We know no place called just “Frankf”. Do you mean: Frankfurt am Main, Germany?"
    ]
    assert form["place"].value().text == "Frankf"


@pytest.mark.parametrize("number", ["999999999", "99999999999999", "-1"])
def test_a_number_without_a_place_gets_a_message(number):
    assert set(filled(f"place={number}").errors) == {"place"}
