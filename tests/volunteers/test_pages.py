"""Each page of people, affiliates, skills and notices opens, and asks the database little."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capx.pages import Capped
from tests.factories import (
    AffiliateFactory,
    MembershipFactory,
    NoticeFactory,
    PersonFactory,
    PersonSkillFactory,
    PlaceFactory,
    SkillFactory,
)
from volunteers.models import Block, Membership, Person, PersonLanguage
from volunteers.models.spoken import SPOKEN

pytestmark = pytest.mark.django_db

MOST = 12


@pytest.fixture
def me(client):
    person = PersonFactory(username="me")
    client.force_login(person)
    return person


def statements(client, address):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(caught)


def make_people(n):
    for _ in range(n):
        person = PersonFactory(place=PlaceFactory())
        PersonLanguage.objects.create(person=person, language="pl", level="N")
        PersonSkillFactory.create_batch(2, person=person)


def make_affiliates(n):
    for _ in range(n):
        MembershipFactory(affiliate=AffiliateFactory(place=PlaceFactory()))


def make_notices(n):
    person = PersonFactory._meta.model.objects.get(username="me")
    NoticeFactory.create_batch(n, recipient=person)


def make_skills(n):
    for _ in range(n):
        SkillFactory(parent=SkillFactory())


def make_blocks(n):
    person = PersonFactory._meta.model.objects.get(username="me")
    for _ in range(n):
        Block.objects.create(person=person, blocked=PersonFactory())


@pytest.mark.parametrize(
    ("page", "make"),
    [
        ("people", make_people),
        ("affiliates", make_affiliates),
        ("notices", make_notices),
        ("skills", make_skills),
        ("blocked", make_blocks),
    ],
)
def test_a_list_asks_the_database_the_same_for_one_row_and_for_twenty(client, me, page, make):
    address = reverse(f"volunteers:{page}")
    make(1)
    one = statements(client, address)
    make(19)

    assert statements(client, address) == one
    assert one <= MOST


@pytest.mark.parametrize(
    "page", ["me", "account", "bandwidth", "preferences", "blocked", "notices"]
)
def test_ones_own_pages_open_and_are_closed_to_others(client, page):
    address = reverse(f"volunteers:{page}")
    assert client.get(address).headers["Location"] == f"/accounts/login/?next={address}"

    client.force_login(PersonFactory())
    assert statements(client, address) <= MOST


@pytest.mark.parametrize("rows", [1, 5])
def test_a_person_and_an_affiliate_are_read_in_few_statements(client, rows, me):
    person = PersonFactory()
    PersonSkillFactory.create_batch(rows, person=person)
    MembershipFactory.create_batch(rows, person=person)
    affiliate = AffiliateFactory()
    MembershipFactory.create_batch(rows, affiliate=affiliate)

    assert statements(client, person.get_absolute_url()) <= MOST
    assert statements(client, affiliate.get_absolute_url()) <= MOST


def test_a_steward_sees_who_waits_and_who_belongs(client, me):
    affiliate = AffiliateFactory()
    MembershipFactory(affiliate=affiliate, person=me, role=Membership.Role.STEWARD)
    MembershipFactory(affiliate=affiliate, person__name="Waiting One", confirmed_at=None)
    address = reverse("volunteers:affiliate_people", args=[affiliate.slug])
    one = statements(client, address)
    MembershipFactory.create_batch(5, affiliate=affiliate)

    assert statements(client, address) == one
    assert "Waiting One" in client.get(address).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%F0%9F%98%80",
        "q=" + "x" * 500,
        "q='%3B--",
        "skill=%00",
        "skill=nothing-like-it",
        "country=%00",
        "country=ZZZ",
        "language=%00",
        "way=%00",
        "way=flying",
        "page=%00",
        "page=99999999999999999999",
        "page=-1",
        "kind=%00",
        "q=%25_%5C",
    ],
)
@pytest.mark.parametrize("page", ["people", "affiliates"])
def test_no_query_breaks_a_list(client, page, query):
    assert client.get(f"{reverse(f'volunteers:{page}')}?{query}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/people/a%00b/",
        "/people/nobody/",
        "/people/a%00b/block/",
        "/affiliates/nothing/",
        "/skills/nothing/",
        "/notices/unsubscribe/%00/",
        "/notices/unsubscribe/forged/",
        "/me/profile/nothing/",
        "/suggest/planets/",
    ],
)
def test_what_is_not_there_is_not_found(client, me, address):
    assert client.get(address).status_code == 404


def test_the_languages_of_the_directory_are_found_by_an_index():
    keys, values = (
        Person.objects.visible_to(AnonymousUser()).values("pk").query.sql_with_params()
    )

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {SPOKEN.format(people=keys)}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert plan.count("person_language_by_name") >= 2
    assert "Aggregate" not in plan


def test_the_directory_offers_only_languages_of_people_one_sees(client):
    for language, seen in (
        ("de", "public"),
        ("gd", "hidden"),
        ("uk", "members"),
        ("de", "public"),
    ):
        person = PersonFactory(visibility=seen)
        PersonLanguage.objects.create(person=person, language=language, level="N")

    form = client.get(reverse("volunteers:people")).context["facets"].form

    assert [code for code, _name in form.fields["language"].choices if code] == ["de"]


def test_the_directory_counts_no_further_than_it_pages(client, monkeypatch):
    monkeypatch.setattr(Capped, "most_pages", 1)
    monkeypatch.setattr("volunteers.views.people.PAGE", 1)
    PersonFactory.create_batch(2)

    page = client.get(reverse("volunteers:people")).content.decode()

    assert "There are more than 1 people." in page
