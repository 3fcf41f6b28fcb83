"""What people write about themselves, and whom they do not wish to meet."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from capx.erasure import forget
from tests.factories import PersonFactory, PlaceFactory, SkillFactory
from volunteers import gate
from volunteers.actions import people as actions
from volunteers.forms.profile import SECTIONS
from volunteers.gate import Wish
from volunteers.models import Block, Check, Person, PersonLanguage, PersonSkill
from volunteers.tasks import forget_checks

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client):
    person = PersonFactory(username="me", about="Before")
    client.force_login(person)
    return person


def save(client, section, **fields):
    return client.post(reverse("volunteers:section", args=[section]), fields)


def test_about_is_saved_on_its_own_and_the_country_follows_the_city(client, me):
    PlaceFactory(name="Łódź", country="PL")

    response = save(
        client, "about", name="Ola", pronouns="ona", about="Cześć", place="lodz", contact="wiki"
    )

    assert response.headers["Location"] == "/me/#about"
    me.refresh_from_db()
    assert (me.name, me.about, str(me.place), me.country) == (
        "Ola",
        "Cześć",
        "Łódź, Poland",
        "PL",
    )


def test_skills_are_saved_by_name_in_any_language_and_taken_away_again(client, me):
    video = SkillFactory(label="video editing", label__fr="montage vidéo")
    talks = SkillFactory(label="mediation")

    save(client, "skills", has="montage video, mediation", teaches="", wants="video editing")
    assert set(me.person_skills.values_list("skill", "how")) == {
        (video.pk, "has"),
        (talks.pk, "has"),
        (video.pk, "wants"),
    }

    save(client, "skills", has="mediation", teaches="mediation", wants="")
    assert set(me.person_skills.values_list("skill", "how")) == {
        (talks.pk, "has"),
        (talks.pk, "teaches"),
    }


def test_languages_are_saved_with_how_well(client, me):
    save(client, "languages", languages=["pl", "", "de"], languages_level=["N", "3", "2"])
    save(client, "languages", languages=["pl", "fr"], languages_level=["4", "1"])

    assert set(me.languages.values_list("language", "level")) == {("pl", "4"), ("fr", "1")}


@pytest.mark.parametrize(
    ("codes", "levels"),
    [(["pl", "pl"], ["1", "2"]), (["zz"], ["1"]), (["pl"], ["9"]), (["p\0"], ["1"])],
)
def test_languages_that_make_no_sense_get_a_message(client, me, codes, levels):
    response = save(client, "languages", languages=codes, languages_level=levels)

    assert response.status_code == 200
    assert not PersonLanguage.objects.exists()


def test_the_language_of_the_site_changes_with_the_profile(client, me):
    response = save(client, "site", language="de", time_zone="Europe/Berlin")

    assert response.cookies["django_language"].value == "de"
    me.refresh_from_db()
    assert (me.language, me.time_zone) == ("de", "Europe/Berlin")


def test_a_clock_that_nobody_has_gets_a_message(client, me):
    response = save(client, "site", language="de", time_zone="Mars/Olympus")

    assert "Choose a time zone." in response.content.decode()
    me.refresh_from_db()
    assert me.time_zone == "UTC"


def test_a_section_writes_its_own_fields_and_nobody_who_left(me):
    read = Person.objects.get(pk=me.pk)
    form = SECTIONS["seen"](
        {"visibility": "members", "may_be_asked": "on", "open_asks": "3"}, instance=read
    )
    assert form.is_valid(), form.errors
    Person.objects.filter(pk=me.pk).update(name="Changed", hidden_at=timezone.now())

    form.save()

    me.refresh_from_db()
    assert (me.name, me.visibility, me.hidden_at is None) == ("Changed", "members", False)
    forget(me, at=timezone.now(), keep_practices=False)
    form.save()
    me.refresh_from_db()
    assert (me.is_active, me.forgotten_at is None) == (False, False)


def test_who_wishes_to_be_seen_by_nobody_is_seen_by_nobody(client, me):
    save(client, "seen", visibility="hidden", open_asks="3")
    me.refresh_from_db()
    assert client.get(me.get_absolute_url()).status_code == 200

    client.force_login(PersonFactory())
    assert client.get(me.get_absolute_url()).status_code == 404
    assert me.name not in client.get("/people/").content.decode()


@pytest.mark.parametrize(
    "value", ["", "\0", "x" * 9000, "<script>", "'; --", "🙂", "\u202e", "-1"]
)
@pytest.mark.parametrize("section", SECTIONS)
def test_no_value_breaks_a_section_and_what_was_typed_stays(client, me, section, value):
    names = list(SECTIONS[section](instance=me).fields)

    response = save(client, section, **dict.fromkeys(names, value))

    assert response.status_code in (200, 302)
    assert client.get("/me/").status_code == 200


def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(client, me):
    response = save(
        client, "skills", has="knitting with wool", teaches="", wants=""
    ).content.decode()

    assert "We know no skill called “knitting with wool”" in response
    assert 'value="knitting with wool"' in response


def test_a_block_is_silent_works_both_ways_and_can_be_taken_back(client, me):
    other = PersonFactory(username="other one")
    address = reverse("volunteers:block", args=["other one"])
    assert client.get(address).status_code == 200
    assert not Block.objects.exists()

    client.post(address)
    client.post(address)
    assert Block.objects.get().blocked == other
    now = timezone.now()
    assert gate.check(other, asker=me, now=now, wish=Wish()) == gate.Answer.CLOSED
    assert gate.check(me, asker=other, now=now, wish=Wish()) == gate.Answer.CLOSED
    assert "Person" in client.get(reverse("volunteers:blocked")).content.decode()

    client.post(reverse("volunteers:unblock", args=[Block.objects.get().pk]))
    assert not Block.objects.exists()


def test_nobody_unblocks_for_somebody_else(client, me):
    theirs = Block.objects.create(person=PersonFactory(), blocked=me)

    assert client.post(reverse("volunteers:unblock", args=[theirs.pk])).status_code == 404


def test_nobody_blocks_themselves(client, me):
    assert client.post(reverse("volunteers:block", args=["me"])).status_code == 404
    with pytest.raises(IntegrityError, match="block_somebody_else"):
        actions.block(me, me)


def test_the_directory_finds_by_name_without_accents_and_by_skill_and_what_is_below_it(client):
    branch = SkillFactory(slug="media")
    skill = SkillFactory(slug="video", parent=branch)
    ola = PersonFactory(name="Łucja Żółć", username="lu")
    PersonSkill.objects.create(person=ola, skill=skill, how="teaches")
    PersonLanguage.objects.create(person=ola, language="pl", level="N")
    wants = PersonFactory(name="Somebody Else", username="other")
    PersonSkill.objects.create(person=wants, skill=skill, how="wants")

    def found(query):
        return [p.username for p in client.get(f"/people/?{query}").context["page"]]

    assert found("") == ["lu", "other"]
    for query in (
        "q=zolc",
        "q=lucj",
        "q=Lucja Zolk",
        "skill=media",
        "skill=video",
        "language=pl",
    ):
        assert found(query) == ["lu"], query
    assert found("language=de") == []
    assert found("way=teaching") == []


def test_folding_in_the_database_is_folding_in_python():
    from capx.folding import fold  # noqa: PLC0415 -- beside what it is compared with

    names = [
        "Łódź ß",
        "ÆØŒ",
        "Ёлка Й",
        "مُحَمَّد",
        "Ιωάννης",
        "İSTANBUL",
        "한국",
        "\N{FULLWIDTH LATIN CAPITAL LETTER A}",
        "D\N{RIGHT SINGLE QUOTATION MARK}Arc",
        "ﬁ",
        "שָׁלוֹם",
    ]
    for n, name in enumerate(names):
        PersonFactory(name=name, username=f"u{n}")

    people = Person.objects.order_by("pk")
    assert [p.folded for p in people] == [fold(f"{p.name} {p.username}") for p in people]


def look(asker, person, at):
    return Check.objects.create(person=person, asker=asker, checked_at=at)


def test_people_read_who_looked_whether_they_have_time_the_newest_first(client, me):
    now, ada, bea = timezone.now(), PersonFactory(name="Ada"), PersonFactory(name="Bea")
    older, newer = look(ada, me, now - timedelta(days=89)), look(bea, me, now)
    look(ada, me, now - timedelta(days=91))
    look(me, ada, now)

    assert list(client.get(reverse("volunteers:looked")).context["page"]) == [newer, older]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_who_looked_takes_the_same_statements_for_one_and_three(
    client, me, number, django_assert_num_queries
):
    for asker in PersonFactory.create_batch(number):
        look(asker, me, timezone.now())

    with django_assert_num_queries(5):
        client.get(reverse("volunteers:looked"))


def test_who_looked_is_forgotten_after_ninety_days(me):
    now, asker = timezone.now(), PersonFactory()
    look(asker, me, now - timedelta(days=91))
    kept = look(asker, me, now - timedelta(days=89))

    forget_checks()

    assert list(Check.objects.all()) == [kept]
