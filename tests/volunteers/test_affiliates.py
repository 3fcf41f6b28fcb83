"""Who belongs to an affiliate, and what they may do for it."""

from datetime import UTC, datetime
from functools import partial

import pytest
from django.urls import reverse

from tests.factories import AffiliateFactory, MembershipFactory, PersonFactory, PlaceFactory
from tests.together import together
from volunteers.actions import affiliates as actions
from volunteers.models import Membership, Notice

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
STEWARD = Membership.Role.STEWARD


@pytest.fixture
def affiliate(db):
    return AffiliateFactory(slug="wmpl", name="Wikimedia Polska")


@pytest.fixture
def steward(affiliate):
    return MembershipFactory(affiliate=affiliate, role=STEWARD).person


def url(name, *args):
    return reverse(f"volunteers:{name}", args=["wmpl", *args])


def told(person):
    return [n.key.split(":")[0] for n in Notice.objects.filter(recipient=person).order_by("pk")]


def test_somebody_joins_a_steward_confirms_and_both_are_told(client, affiliate, steward):
    person = PersonFactory(name="Ola")
    client.force_login(person)
    client.post(url("join"))
    client.post(url("join"))
    membership = Membership.objects.get(person=person)
    assert membership.confirmed_at is None
    assert "Ola" not in client.get(affiliate.get_absolute_url()).context["members"]
    assert told(steward) == ["membership-asked"]

    client.force_login(steward)
    client.post(url("confirm", membership.pk))
    client.post(url("confirm", membership.pk))

    membership.refresh_from_db()
    assert membership.confirmed_at is not None
    assert told(person) == ["membership-confirmed"]
    assert "Ola" in client.get(affiliate.get_absolute_url()).content.decode()


def test_who_comes_and_goes_all_day_is_asked_about_once_a_day(affiliate, steward):
    person = PersonFactory()
    for day, often in ((12, 5), (13, 2)):
        for minute in range(often):
            at = datetime(2026, 5, day, 12, minute, tzinfo=UTC)
            actions.leave(actions.join(person, affiliate, at=at), at=at)

    actions.join(PersonFactory(), affiliate, at=at)
    assert told(steward) == ["membership-asked"] * 3


def test_where_nobody_looks_after_the_people_the_organisers_are_asked(client, affiliate):
    organiser = PersonFactory(is_staff=True, is_superuser=True)
    client.force_login(PersonFactory())

    client.post(url("join"))

    assert told(organiser) == ["membership-asked"]


def test_a_declined_request_leaves_no_trace_but_a_kind_word(client, affiliate, steward):
    membership = MembershipFactory(affiliate=affiliate, confirmed_at=None)
    client.force_login(steward)

    client.post(url("decline", membership.pk))
    assert client.post(url("decline", membership.pk)).status_code == 404

    assert not Membership.objects.filter(pk=membership.pk).exists()
    assert told(membership.person) == ["membership-declined"]


def test_a_steward_lets_somebody_post_and_they_are_told(client, affiliate, steward):
    membership = MembershipFactory(affiliate=affiliate)
    client.force_login(steward)

    client.post(url("set_role", membership.pk), {"role": "editor"})
    client.post(url("set_role", membership.pk), {"role": "\0"})

    membership.refresh_from_db()
    assert (membership.role, told(membership.person)) == ("editor", ["membership-role"])


def test_nobody_gets_a_role_before_they_are_confirmed(client, affiliate, steward):
    membership = MembershipFactory(affiliate=affiliate, confirmed_at=None)
    client.force_login(steward)

    client.post(url("set_role", membership.pk), {"role": "steward"})

    membership.refresh_from_db()
    assert membership.role == "member"


def test_the_last_steward_stays_until_there_is_another(client, affiliate, steward):
    mine = steward.memberships.get()
    client.force_login(steward)

    response = client.post(url("leave"), follow=True)
    assert "Make somebody else a steward first" in response.content.decode()
    client.post(url("set_role", mine.pk), {"role": "member"})
    mine.refresh_from_db()
    assert mine.role == STEWARD

    MembershipFactory(affiliate=affiliate, role=STEWARD)
    client.post(url("leave"))
    assert not steward.memberships.exists()


def test_a_steward_changes_what_the_affiliate_says_and_not_its_name(client, affiliate, steward):
    PlaceFactory(name="Łódź")
    client.force_login(steward)

    client.post(
        url("affiliate_edit"),
        {
            "about": "Cześć",
            "website": "https://wikimedia.pl",
            "place": "lodz",
            "countries": "Poland, Litauen, lt",
            "languages": "Polish, szl",
            "name": "Mine now",
        },
    )
    affiliate.refresh_from_db()
    assert affiliate.about == ""  # `Litauen` is no country in English

    client.post(
        url("affiliate_edit"),
        {
            "about": "Cześć",
            "website": "https://wikimedia.pl",
            "place": "lodz",
            "countries": "Poland, lt",
            "languages": "Polish, szl",
            "name": "Mine now",
        },
    )
    affiliate.refresh_from_db()
    assert (
        affiliate.name,
        affiliate.about,
        str(affiliate.place),
        affiliate.countries,
        affiliate.languages,
    ) == ("Wikimedia Polska", "Cześć", "Łódź, Poland", ["PL", "LT"], ["pl", "szl"])


@pytest.mark.parametrize("who", ["nobody", "stranger", "member", "editor", "other steward"])
def test_only_its_stewards_look_after_an_affiliate(client, affiliate, steward, who):
    membership = MembershipFactory(affiliate=affiliate)
    waiting = MembershipFactory(affiliate=affiliate, confirmed_at=None)
    if who != "nobody":
        person = PersonFactory()
        client.force_login(person)
        if who == "other steward":
            MembershipFactory(person=person, role=STEWARD)
        elif who != "stranger":
            MembershipFactory(person=person, affiliate=affiliate, role=who)
    closed = 302 if who == "nobody" else 404

    assert client.get(url("affiliate_people")).status_code == closed
    assert client.get(url("affiliate_edit")).status_code == closed
    assert client.post(url("affiliate_edit"), {"about": "x"}).status_code == closed
    for address in (url("confirm", waiting.pk), url("decline", waiting.pk)):
        assert client.post(address).status_code == closed
    role = client.post(url("set_role", membership.pk), {"role": "steward"})
    assert role.status_code == closed
    assert Membership.objects.filter(affiliate=affiliate, role=STEWARD).count() == 1


def test_hidden_people_are_not_shown_with_their_affiliate(client, affiliate):
    MembershipFactory(affiliate=affiliate, person__name="Visible One")
    MembershipFactory(
        affiliate=affiliate, person__name="Hidden One", person__visibility="hidden"
    )
    MembershipFactory(
        affiliate=affiliate, person__name="Quiet One", person__visibility="members"
    )

    page = client.get(affiliate.get_absolute_url()).content.decode()

    assert ("Visible One" in page, "Hidden One" in page, "Quiet One" in page) == (
        True,
        False,
        False,
    )


def test_affiliates_are_found_by_name_city_kind_and_country(client, affiliate):
    AffiliateFactory(
        slug="be", name="Wikimedia België", place=PlaceFactory(name="Gent"), countries=["BE"]
    )

    def found(query):
        return [a.slug for a in client.get(f"/affiliates/?{query}").context["page"]]

    assert found("q=belgie") == ["be"]
    assert found("q=gent") == ["be"]
    assert found("country=PL") == ["wmpl"]
    assert found("kind=hub") == []


@pytest.mark.django_db(transaction=True)
def test_two_stewards_who_leave_at_once_do_not_both_get_away():
    affiliate = AffiliateFactory()
    both = MembershipFactory.create_batch(2, affiliate=affiliate, role=STEWARD)

    acts = (partial(actions.leave, one, at=NOW) for one in both)
    came = together(*acts, refused=actions.LastSteward)

    assert came.count("LastSteward") == 1
