"""What people do with the thank-yous they received and gave."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import NoticeFactory, PersonFactory
from volunteers.actions import thanks as actions
from volunteers.models import Notice, Person, Thanks

pytestmark = pytest.mark.django_db
PAGE = "/me/thanks/"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def given(giver=None, receiver=None, **said):
    key = f"exchange:{Thanks.objects.count() + 1}"
    about = {"key": key, "words": "You saved us", "about": "Cutting films"}
    return Thanks.objects.create(
        giver=giver or PersonFactory(), receiver=receiver or PersonFactory(), **about | said
    )


def keep(client, thanks, choice):
    where = reverse("volunteers:keep_thanks", args=[thanks.pk])
    return client.post(where, {"choice": choice})


def test_what_i_received_and_gave_stands_on_two_pages(client):
    me, friend = PersonFactory(), PersonFactory(name="Friend")
    mine, theirs = given(friend, me), given(me, friend, words="Danke dir")
    given(words="Between others")
    client.force_login(me)

    received = client.get(PAGE).content.decode()
    gave = client.get(PAGE, {"show": "given"}).content.decode()

    assert ("You saved us" in received, "Danke dir" in received) == (True, False)
    assert ("You saved us" in gave, "Danke dir" in gave) == (False, True)
    assert mine.exchange_url in received
    assert theirs.exchange_url in gave
    assert "Between others" not in received + gave


def test_no_number_stands_on_the_page(client):
    me = PersonFactory()
    for _ in range(7):
        given(receiver=me, key=f"exchange:{9_000 + Thanks.objects.count()}")
    client.force_login(me)

    main = client.get(PAGE).content.decode().split("<main")[1].split("</main")[0]

    assert ">7<" not in main.replace(" ", "").replace("\n", "")
    assert "(7)" not in main


def test_it_is_shown_when_both_wish_so_and_hidden_when_either_does_not(client):
    thanks = given()
    page = thanks.receiver.get_absolute_url()

    def shows():
        client.logout()
        return "You saved us" in client.get(page).content.decode()

    for person, choice, shown in (
        (thanks.receiver, "show", False),
        (thanks.giver, "show", True),
        (thanks.giver, "hide", False),
        (thanks.giver, "show", True),
        (thanks.receiver, "hide", False),
    ):
        client.force_login(person)
        keep(client, thanks, choice)
        assert shows() == shown


def test_removed_is_gone_for_both_with_the_mail_that_brought_it(client):
    thanks = given()
    NoticeFactory(recipient=thanks.receiver, key=thanks.notice_key, kind="thanks")
    other = NoticeFactory(recipient=thanks.receiver)
    client.force_login(thanks.receiver)
    assert "gone for good, for both of you" in client.get(PAGE).content.decode()

    answer = keep(client, thanks, "remove")

    assert answer.url == f"{PAGE}#thanks"
    assert not Thanks.objects.exists()
    assert list(Notice.objects.all()) == [other]
    client.force_login(thanks.giver)
    assert "You saved us" not in client.get(PAGE, {"show": "given"}).content.decode()


def test_only_who_received_it_may_remove_it(client):
    thanks = given()
    for person in (thanks.giver, PersonFactory()):
        client.force_login(person)
        assert keep(client, thanks, "remove").status_code == 404

    assert Thanks.objects.exists()


def test_a_stranger_changes_nothing(client):
    thanks = given()
    client.force_login(PersonFactory())

    assert keep(client, thanks, "show").status_code == 404
    thanks.refresh_from_db()
    assert not thanks.receiver_shows


@pytest.mark.parametrize("choice", ["", "everything", "\0", "x" * 5000])
def test_an_unknown_choice_changes_nothing(client, choice):
    thanks = given(giver_shows=True)
    client.force_login(thanks.receiver)

    assert keep(client, thanks, choice).status_code == 302
    thanks.refresh_from_db()
    assert (thanks.giver_shows, thanks.receiver_shows) == (True, False)


@pytest.mark.parametrize("show", ["received", "given"])
def test_one_thank_you_and_three_take_as_many_statements(client, show):
    me = PersonFactory()
    client.force_login(me)
    counts = []
    for number in (1, 2):
        for _ in range(number):
            given(**{"receiver" if show == "received" else "giver": me})
        with CaptureQueriesContext(
            connection,
        ) as caught:
            client.get(PAGE, {"show": show})
        counts.append(len(caught))

    assert counts[0] == counts[1] <= 12


def test_when_somebody_last_heard_a_thank_you():
    heard, never = PersonFactory(), PersonFactory()
    for days in (0, 3, 1):
        given(receiver=heard, created_at=NOON + timedelta(days=days))

    people = Person.objects.annotate(last_heard_at=Thanks.objects.last_heard())

    found = people.filter(pk__in=[heard.pk, never.pk]).order_by("pk")
    assert [one.last_heard_at for one in found] == [NOON + timedelta(days=3), None]


def test_showing_twice_is_showing_once():
    thanks = given()
    for _ in range(2):
        actions.show(thanks, thanks.receiver, wished=True)

    thanks.refresh_from_db()
    assert (thanks.giver_shows, thanks.receiver_shows) == (False, True)
