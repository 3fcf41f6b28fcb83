import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.factories import PlaceFactory, SkillFactory
from volunteers.models import Place, Skill, SkillLabel

pytestmark = pytest.mark.django_db


def suggested(client, what, words, **headers):
    response = client.get(reverse(f"volunteers:suggest_{what}"), {"q": words}, headers=headers)
    assert response.status_code == 200
    return response.json()[what]


def test_skills_are_suggested_by_a_name_in_any_language_in_the_readers_own(client):
    branch = SkillFactory(slug="media", label="media", label__de="Medien")
    SkillFactory(
        slug="video-editing",
        parent=branch,
        label="video editing",
        label__fr="montage vidéo",
        label__de="Videoschnitt",
    )

    assert suggested(client, "skills", "vid") == [
        {"slug": "video-editing", "label": "video editing", "hint": "media"}
    ]
    assert suggested(client, "skills", "MONTAGE VIDEO", **{"accept-language": "de"}) == [
        {"slug": "video-editing", "label": "Videoschnitt", "hint": "montage vidéo"}
    ]


def test_what_begins_so_comes_before_what_contains_it(client):
    SkillFactory(slug="contest-writing", label="contests in writing")
    SkillFactory(slug="writing", label="writing articles")

    found = suggested(client, "skills", "writ")
    assert [skill["slug"] for skill in found] == ["writing", "contest-writing"]


def test_a_misspelt_skill_is_suggested_all_the_same(client):
    SkillFactory(slug="translation", label="translation")

    found = suggested(client, "skills", "transaltion")
    assert [skill["slug"] for skill in found] == ["translation"]


def test_a_retired_skill_is_not_suggested(client):
    SkillFactory(slug="flash", label="flash", retired=True)

    assert suggested(client, "skills", "flash") == []


@pytest.mark.parametrize(
    "words", ["", " ", "\0", "%", "'", "\\", "x" * 5000, "🙂", "a'b | c:*"]
)
@pytest.mark.parametrize("what", ["skills", "places"])
def test_any_words_get_an_answer(client, what, words):
    assert suggested(client, what, words) == []


def test_places_are_suggested_with_their_country_the_largest_first(client):
    small = PlaceFactory(name="Paris", country="US", population=25_000)
    large = PlaceFactory(name="Paris", country="FR", population=2_000_000)
    village = PlaceFactory(name="Parish", country="IT", population=9_000_000)

    assert suggested(client, "places", "paris") == [
        {"id": large.pk, "label": "Paris, France"},
        {"id": small.pk, "label": "Paris, United States"},
        {"id": village.pk, "label": "Parish, Italy"},
    ]
    assert suggested(client, "places", "paris polska") == []
    assert [p["id"] for p in suggested(client, "places", "paris vereinigte")] == [
        small.pk,
    ]


@pytest.mark.parametrize("skills", [1, 3])
def test_suggestions_ask_the_database_twice(client, skills, django_assert_num_queries):
    for n in range(skills):
        SkillFactory(label=f"photo {n}")

    with django_assert_num_queries(2):
        assert len(suggested(client, "skills", "photo")) == skills


def test_reference_data_are_loaded_once_and_keep_what_was_changed(capsys):
    call_command("reference")
    SkillLabel.objects.filter(skill__slug="mediation", language="de").update(label="Schlichten")
    Place.objects.filter(pk=2950159).update(name="Bärlin")
    call_command("reference")

    said = capsys.readouterr().out.splitlines()[-1]
    assert said == "skills and labels: 0, places: 1, regions: 0"
    assert SkillLabel.objects.get(skill__slug="mediation", language="de").label == "Schlichten"
    assert Place.objects.get(pk=2950159).name == "Berlin"
    assert Place.objects.named("varsovie")[0].name == "Warsaw"
    assert Skill.objects.filter(parent=None).count() == 12
    assert set(Skill.objects.values_list("slug", flat=True)) == set(
        SkillLabel.objects.filter(language="ar").values_list("skill__slug", flat=True)
    )


def test_the_page_of_skills_finds_one_by_any_name(client):
    skill = SkillFactory(slug="translation", label="translation", label__es="traducción")
    page = reverse("volunteers:skills")

    found = client.get(page, {"q": "traduccion"})

    assert found.context["found"] == [(skill, "traducción")]
    assert "Translation" in found.content.decode()
    assert "No skill is called so" in client.get(page, {"q": "qqqzzz"}).content.decode()
    assert client.get(page, {"q": "\0"}).status_code in {200, 400}
