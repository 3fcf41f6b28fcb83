"""The pages on which people choose what stewards see."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from tests.factories import AffiliateFactory, MembershipFactory, PersonFactory
from volunteers.actions import care
from volunteers.models import Look, Membership, StewardAccess
from volunteers.models.bandwidth import days
from volunteers.tasks import forget_checks

NOW = datetime(2026, 5, 12, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=100)
SHARING, LOOKED = reverse("volunteers:sharing"), reverse("volunteers:stewards_looked")
SHARE = reverse("share", args=["wmpl"])
STOP = reverse("volunteers:stop_sharing", args=["wmpl"])


@pytest.fixture
def affiliate(db):
    return AffiliateFactory(slug="wmpl", name="Wikimedia Polska")


@pytest.fixture
def steward(affiliate):
    person = PersonFactory(name="Sten Ward")
    MembershipFactory(person=person, affiliate=affiliate, role="steward", confirmed_at=LONG_AGO)
    return person


@pytest.fixture
def member(client, affiliate):
    person = PersonFactory()
    MembershipFactory(person=person, affiliate=affiliate, confirmed_at=LONG_AGO)
    client.force_login(person)
    with time_machine.travel(NOW, tick=False):
        yield person


def page(client, path=SHARING):
    return " ".join(client.get(path).content.decode().split())


def shared():
    rows = StewardAccess.objects.live()
    return list(rows.values_list("weeks", "check_ins", "period"))


def test_a_member_chooses_what_is_seen_and_until_when(client, member, steward):
    assert "They see nothing of yours" in page(client)
    assert "Sten Ward" in page(client, SHARE)

    answer = client.post(
        SHARE, {"weeks": "on", "first": "2026-05-12", "last": "2026-06-30"}, follow=True
    )

    assert shared() == [(True, False, DateRange(date(2026, 5, 12), date(2026, 7, 1)))]
    assert "Saved. You can take it back at any moment." in answer.content.decode()
    assert "They see it" in page(client)


def test_what_is_shared_stands_in_the_form_and_changing_it_replaces_it(client, member):
    client.post(SHARE, {"weeks": "on", "first": "2026-05-12", "last": "2026-06-30"})
    form = client.get(SHARE).context["form"]
    assert (form["weeks"].value(), form["check_ins"].value()) == (True, False)
    assert form["last"].value() == date(2026, 6, 30)

    client.post(SHARE, {"check_ins": "on", "first": "2026-05-20"})

    assert shared() == [(False, True, DateRange(date(2026, 5, 20), None))]
    assert "Not yet" in page(client)
    assert "What you shared before" in page(client)


def test_one_button_takes_it_back_and_pressed_twice_it_is_the_same(client, member):
    client.post(SHARE, {"weeks": "on", "first": "2026-05-12"})

    client.post(STOP)
    answer = client.post(STOP, follow=True)

    assert shared() == []
    assert "They see nothing of it any more." in answer.content.decode()
    assert "They see nothing of yours" in page(client)


def undo(answer):
    [back] = re.findall(r'action="(/me/sharing/\d+/again/)"', answer.text)
    return back


@pytest.mark.parametrize("last", ["", "2026-06-30"])
@pytest.mark.parametrize("first", ["2026-05-12", "2026-06-01"])
def test_what_was_taken_back_is_shared_again_from_the_message(client, member, first, last):
    client.post(SHARE, {"weeks": "on", "first": first, "last": last})
    before = shared()

    shown = client.post(STOP, follow=True)
    assert shared() == []
    assert "they see it again" in client.post(undo(shown), follow=True).text
    assert shared() == before
    assert client.post(undo(shown)).status_code == 404
    assert shared() == before


def test_days_that_have_gone_by_are_not_shared_again(client, member, affiliate):
    a_while = care.Shared(days(date(2026, 5, 1), date(2026, 5, 31)), check_ins=True)
    care.share(member, affiliate, a_while, at=NOW - timedelta(days=11))

    client.post(undo(client.post(STOP, follow=True)))

    assert shared() == [(True, True, DateRange(date(2026, 5, 12), date(2026, 6, 1)))]


def test_nothing_is_shared_again_over_something_else_nor_much_later_nor_by_others(
    client, member, affiliate
):
    client.post(SHARE, {"weeks": "on", "first": "2026-05-12"})
    back = undo(client.post(STOP, follow=True))

    with time_machine.travel(NOW + timedelta(hours=2)):
        assert client.post(back).status_code == 404
    client.force_login(MembershipFactory(affiliate=affiliate, confirmed_at=LONG_AGO).person)
    assert client.post(back).status_code == 404
    client.force_login(member)
    client.post(SHARE, {"check_ins": "on", "first": "2026-05-13"})
    assert client.post(back, follow=True).status_code == 404
    assert [row[:2] for row in shared()] == [(False, True)]


def test_who_left_meanwhile_shares_nothing_again(client, member):
    client.post(SHARE, {"weeks": "on", "first": "2026-05-12"})
    back = undo(client.post(STOP, follow=True))
    Membership.objects.filter(person=member).delete()

    answer = client.post(back, follow=True)

    assert "You do not belong to this affiliate any more." in answer.text
    assert shared() == []


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"first": "2026-05-12"}, "Choose at least one thing to share."),
        ({"weeks": "on", "first": "2026-05-11"}, "Choose a day from today on."),
        (
            {"weeks": "on", "first": "2026-05-12", "last": "2026-05-11"},
            "The last day must not be before the first.",
        ),
        ({"weeks": "on", "first": "x"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(client, member, said, wrong):
    answer = client.post(SHARE, said)

    assert wrong in answer.content.decode()
    assert shared() == []


def test_an_end_that_has_come_is_history(client, member, affiliate):
    a_week = days(date(2026, 5, 1), date(2026, 5, 7))
    care.share(member, affiliate, care.Shared(a_week), at=NOW - timedelta(days=12))

    assert "They see nothing of yours" in page(client)
    assert "What you shared before" in page(client)


def test_who_left_while_the_page_was_open_is_told(client, member, affiliate, monkeypatch):
    def left(*_args, **_kwargs):
        raise care.NotAMember

    monkeypatch.setattr(care, "share", left)

    answer = client.post(SHARE, {"weeks": "on", "first": "2026-05-12"}, follow=True)

    assert "You do not belong to this affiliate any more." in answer.content.decode()


def test_only_members_have_something_to_share(client, member, affiliate):
    waiting = MembershipFactory(affiliate=affiliate, confirmed_at=None).person
    for somebody in (PersonFactory(), waiting):
        client.force_login(somebody)
        assert client.get(SHARE).status_code == 404
        assert client.post(SHARE, {"weeks": "on"}).status_code == 404
        assert "You belong to no affiliate yet" in page(client)


def test_the_affiliates_page_leads_its_members_there(client, member, affiliate):
    assert SHARE in page(client, affiliate.get_absolute_url())

    Membership.objects.filter(person=member).update(confirmed_at=None)
    assert SHARE not in page(client, affiliate.get_absolute_url())


def test_the_page_asks_as_much_for_three_affiliates_as_for_one(
    client, member, affiliate, django_assert_num_queries
):
    def share_one(one):
        care.share(member, one, care.Shared(DateRange(NOW.date(), None)), at=NOW)
        care.stop_sharing(member, one, at=NOW)
        care.share(member, one, care.Shared(DateRange(NOW.date(), None)), at=NOW)

    share_one(affiliate)
    with django_assert_num_queries(7):
        client.get(SHARING)
    for _n in range(2):
        other = MembershipFactory(person=member, confirmed_at=LONG_AGO).affiliate
        share_one(other)
    with django_assert_num_queries(7):
        client.get(SHARING)


def test_looks_of_stewards_stand_on_a_page_for_ninety_days(client, member, affiliate, steward):
    assert "Nobody yet" in page(client, LOOKED)
    for ago in (1, 89, 91):
        care.note_looks([member], affiliate, by=steward, day=NOW.date() - timedelta(days=ago))
        care.note_looks([member], affiliate, by=steward, day=NOW.date() - timedelta(days=ago))

    shown = page(client, LOOKED)
    forget_checks()

    assert shown.count("Sten Ward") == 2
    assert Look.objects.count() == 2


def test_a_steward_who_shares_does_not_look_at_themselves(affiliate, steward):
    care.note_looks([steward], affiliate, by=steward, day=NOW.date())

    assert not Look.objects.exists()
