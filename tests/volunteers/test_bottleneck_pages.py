import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    AffiliateFactory,
    MembershipFactory,
    PersonFactory,
    PersonSkillFactory,
    SkillFactory,
)
from tests.volunteers.test_bottlenecks import taken
from volunteers.models import BottleneckSnapshot, Region

pytestmark = pytest.mark.django_db

PAGE = reverse("volunteers:bottlenecks")
COUNTED = reverse("volunteers:counted")
NUMBERS = {
    "carriers": 5,
    "effective": 2.5,
    "truck_factor": 2,
    "score": 65,
    "use": 90,
    "over": 30,
    "demand": 18,
    "room": 20,
}


def today():
    return timezone.now().date()


def known(skill, scope="all", *, level="amber", band="high", days_ago=0, **numbers):
    return BottleneckSnapshot.objects.create(
        day=today() - timedelta(days=days_ago),
        scope=scope,
        skill=skill,
        level=level,
        band=band,
        **numbers,
    )


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def client(person):
    signed_in = Client()
    signed_in.force_login(person)
    return signed_in


@pytest.fixture
def skill():
    return SkillFactory(slug="interpreting", label="interpreting")


def text(answer):
    return " ".join(answer.content.decode().split())


def table(answer):
    page = text(answer)
    return page[page.index("<tbody>") : page.index("</table>")]


def known_word(page):
    """Give all that a row says on how full it is."""
    cell = page.partition('data-label="How full">')[2].partition("</td>")[0]
    return cell.strip()


def test_nothing_known_says_what_to_do(client):
    assert "Nothing known here yet" in text(client.get(PAGE))
    assert COUNTED in text(client.get(PAGE))


def test_a_row_says_how_a_skill_stands_and_what_changed(client, skill):
    known(skill, **NUMBERS)
    known(skill, days_ago=8, level="fine", band="fine", **NUMBERS | {"score": 55})

    page = table(client.get(PAGE))

    for words in ("Amber", "last week: Fine", "90 % of the room", "5 or more; 2 carry half"):
        assert words in page
    assert known_word(page) == "90 % of the room"
    for words in ("18 asked for", "20 of room", "30 % by people who are over", " 65 "):
        assert words in page


def test_the_score_is_held_against_the_end_of_last_week(client, skill):
    known(skill, **NUMBERS)
    known(skill, days_ago=8, **NUMBERS | {"score": 55})

    assert "+10" in table(client.get(PAGE))


def test_how_full_it_was_is_not_mistaken_for_how_much_it_was_at_risk(client, skill):
    known(skill, level="fine", band="fine")
    known(skill, days_ago=8, level="fine", band="low")

    assert "how full last week: Low" in table(client.get(PAGE))


def test_about_a_few_there_is_a_word_and_no_number(client, skill):
    known(skill, level="red", band="over")

    page = table(client.get(PAGE))

    assert known_word(page) == "Over"
    assert "by few" in page
    words = page[: page.index("<details>")]
    inside = "".join(part.partition(">")[2] for part in words.split("<"))
    assert not any(letter.isdigit() for letter in inside)


def test_each_row_ends_in_something_to_do(client, skill):
    known(skill, **NUMBERS)

    page = text(client.get(PAGE)).replace("&amp;", "&")

    for href in (
        "/catalogue/new/?kind=offer&of=training&skills=interpreting&title=",
        "/catalogue/new/?kind=request&of=training&skills=interpreting&title=",
        "/catalogue/new/?kind=request&of=funding&skills=interpreting&title=",
        "/me/trainings/invite/?skills=interpreting&title=",
        "/catalogue/?kind=offer&skill=interpreting",
        "/exchanges/",
    ):
        assert f'href="{href}' in page


def test_the_links_lead_to_forms_that_are_filled_in(client, skill):
    known(skill, **NUMBERS)
    page = text(client.get(PAGE)).replace("&amp;", "&")
    links = [part.partition('"')[0] for part in page.split('href="')[1:]]

    for href in [link for link in links if link.startswith("/catalogue/new/?kind")]:
        form = text(client.get(href))
        assert "interpreting" in form
        assert 'value="interpreting"' in form


def test_neighbours_with_room_are_named_where_five_or_more_stand_behind_it(client, skill):
    small, full, free = AffiliateFactory(), AffiliateFactory(), AffiliateFactory()
    known(skill, **NUMBERS)
    known(skill, f"affiliate:{small.pk}", level="fine", band="low")
    known(skill, f"affiliate:{full.pk}", level="red", band="over", **NUMBERS)
    known(skill, f"affiliate:{free.pk}", level="fine", band="low", **NUMBERS)

    page = text(client.get(PAGE))

    assert f"Ask {free.name}, who have room" in page
    assert small.name not in page
    assert full.name not in page


def test_those_at_risk_come_first(client, skill):
    fine, red, few = SkillFactory(label="b"), SkillFactory(label="c"), SkillFactory(label="d")
    known(fine, level="fine", band="fine", **NUMBERS | {"score": 80})
    known(few, level="red", band="over")
    known(red, level="red", band="over", **NUMBERS | {"score": 70})
    known(skill, **NUMBERS)

    rows = client.get(PAGE).context["risks"]

    assert [risk.row.skill for risk in rows] == [red, few, skill, fine]


def test_an_affiliate_is_seen_by_its_members_alone(client, person, skill):
    affiliate = AffiliateFactory(slug="here")
    known(skill, f"affiliate:{affiliate.pk}", **NUMBERS)
    addresses = [PAGE, reverse("volunteers:bottlenecks_csv")]
    addresses.append(reverse("volunteers:bottlenecks_wikitext"))

    assert [client.get(f"{one}?affiliate=here").status_code for one in addresses] == [404] * 3
    asked = MembershipFactory(person=person, affiliate=affiliate, confirmed_at=None)
    assert client.get(f"{PAGE}?affiliate=here").status_code == 404
    asked.confirmed_at = timezone.now()
    asked.save()
    assert [client.get(f"{one}?affiliate=here").status_code for one in addresses] == [200] * 3
    assert "affiliate=here" in text(client.get(f"{PAGE}?affiliate=here"))


def test_a_region_a_country_and_all_are_pages_of_their_own(client, skill):
    other = SkillFactory(label="cutting films")
    Region.objects.create(slug="north", names={"en": "The North"}, countries=["SE"])
    known(skill, "region:north", **NUMBERS)
    known(other, "country:SE", **NUMBERS)

    north, sweden = client.get(f"{PAGE}?region=north"), client.get(f"{PAGE}?country=SE")

    assert "The North" in text(north)
    assert [risk.row.skill for risk in north.context["risks"]] == [skill]
    assert [risk.row.skill for risk in sweden.context["risks"]] == [other]
    assert "?region=north" in text(sweden)
    assert "?country=SE" in text(north)


@pytest.mark.parametrize("query", ["region=x", "country=XX", "country=ZZ", "affiliate=x"])
def test_what_there_is_not_is_not_found(client, query):
    assert client.get(f"{PAGE}?{query}").status_code == 404


def test_the_last_snapshot_is_shown_alone(client, skill):
    known(skill, days_ago=1, **NUMBERS)
    other = SkillFactory()
    known(other, **NUMBERS)

    assert [risk.row.skill for risk in client.get(PAGE).context["risks"]] == [other]


def test_csv_has_every_row_with_the_same_numbers(client, skill):
    known(skill, **NUMBERS)
    known(SkillFactory(slug="few", label="=few"), level="red", band="over")

    answer = client.get(reverse("volunteers:bottlenecks_csv"))
    few, many = csv.DictReader(StringIO(answer.content.decode()))

    assert answer["Content-Disposition"] == 'attachment; filename="bottlenecks.csv"'
    assert (few["skill"], few["label"], few["how_full"], few["score"]) == (
        "few",
        "'=few",
        "over",
        "",
    )
    assert (many["skill"], many["score"], many["demand_hours_a_week"]) == (
        "interpreting",
        "65",
        "18",
    )
    # A part of the room, not a word beside it that says something else.
    assert (many["how_full"], many["room_used_percent"]) == ("90 %", "90")


def test_wikitext_is_a_table_in_which_no_label_is_markup(client):
    known(SkillFactory(label="a ''b'' {{c}}"), **NUMBERS)

    said = client.get(reverse("volunteers:bottlenecks_wikitext")).content.decode()

    assert said.startswith('{| class="wikitable sortable"\n! Skill !! Risk')
    assert (
        "| <nowiki>a ''b'' {{c}}</nowiki> || <nowiki>Amber</nowiki>"
        " || <nowiki>90 % of the room</nowiki> || 65 || 2"
    ) in said


def test_three_rows_take_as_many_statements_as_one(client, skill, django_assert_num_queries):
    affiliate = AffiliateFactory()
    known(skill, **NUMBERS)
    known(skill, days_ago=8, **NUMBERS)
    known(skill, f"affiliate:{affiliate.pk}", band="low", **NUMBERS)
    client.get(PAGE)
    with django_assert_num_queries(12):
        client.get(PAGE)
    for _ in range(2):
        other = SkillFactory()
        known(other, **NUMBERS)
        known(other, days_ago=8, **NUMBERS)
        known(other, f"affiliate:{AffiliateFactory().pk}", band="low", **NUMBERS)

    with django_assert_num_queries(12):
        client.get(PAGE)


def test_the_page_reads_its_scope_by_an_index(skill):
    """Among half a year of nights in many places."""
    BottleneckSnapshot.objects.bulk_create(
        BottleneckSnapshot(
            day=today() - timedelta(days=ago),
            scope=f"affiliate:{number}",
            skill=skill,
            level="fine",
            band="fine",
        )
        for ago in range(60)
        for number in range(60)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE volunteers_bottlenecksnapshot")

    rows = BottleneckSnapshot.objects
    plan = rows.of("affiliate:7", today()).worst_first().explain()

    assert "Seq Scan on volunteers_bottlenecksnapshot" not in plan
    assert "bottleneck_once_a_day" in plan


def test_somebody_joins_and_leaves_at_once(client, person, skill):
    taken(person, skill, 3, first=today(), end=today() + timedelta(days=9))
    page = text(client.get(COUNTED))
    assert "Your hours are in no sum" in page
    assert "interpreting" in page

    client.post(reverse("volunteers:be_counted"))
    person.refresh_from_db()
    assert person.counted_at
    assert "Your hours count" in text(client.get(COUNTED))
    assert "See for which skills, or leave" in text(client.get(reverse("volunteers:bandwidth")))

    client.post(reverse("volunteers:be_left_out"))
    person.refresh_from_db()
    assert person.counted_at is None


def test_only_what_was_agreed_to_now_is_named(client, person, skill):
    taken(person, SkillFactory(label="asked"), 3, state="tentative")
    long_ago = today() - timedelta(weeks=30)
    taken(
        person, SkillFactory(label="gone"), 3, first=long_ago, end=today() - timedelta(weeks=12)
    )

    assert list(client.get(COUNTED).context["skills"]) == []


def test_people_who_want_to_learn_are_found_if_they_wish_to_be_seen(client, skill):
    seen = PersonFactory(name="Seen Somebody")
    below = SkillFactory(parent=skill)
    hidden = PersonFactory(name="Hidden Somebody", visibility="hidden")
    for one in (seen, hidden):
        PersonSkillFactory(person=one, skill=below, how="wants")
    PersonSkillFactory(person=PersonFactory(name="Able Somebody"), skill=skill)

    page = text(client.get("/people/?wants=interpreting"))

    assert "Seen Somebody" in page
    assert "Hidden Somebody" not in page
    assert "Able Somebody" not in page
