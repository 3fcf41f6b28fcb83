"""The inbox, what comes by mail as well, and the way out of it."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import NoticeFactory, PersonFactory
from volunteers import mailbox
from volunteers.models import Notice
from volunteers.models.notices import NoticeKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client):
    person = PersonFactory()
    client.force_login(person)
    return person


def test_a_notice_is_opened_once_read_and_leads_to_what_it_is_about(client, me):
    notice = NoticeFactory(recipient=me, link="/me/rest/")
    assert client.get("/me/").context["chrome"].unread

    response = client.post(reverse("volunteers:open_notice", args=[notice.pk]))

    assert response.headers["Location"] == "/me/rest/"
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert not client.get("/me/").context["chrome"].unread


@pytest.mark.parametrize("link", ["", "https://elsewhere.example/"])
def test_a_notice_leads_nowhere_else(client, me, link):
    notice = NoticeFactory(recipient=me, link=link)

    response = client.post(reverse("volunteers:open_notice", args=[notice.pk]))

    assert response.headers["Location"] == "/notices/"


def test_nothing_is_marked_as_read_by_looking(client, me):
    notice = NoticeFactory(recipient=me)
    address = reverse("volunteers:open_notice", args=[notice.pk])

    client.get("/notices/")

    assert client.get(address).status_code == 405
    assert Notice.objects.unread().count() == 1


def test_all_are_marked_as_read_at_once_but_those_of_others(client, me):
    NoticeFactory.create_batch(3, recipient=me)
    theirs = NoticeFactory()

    client.post(reverse("volunteers:read_all"))

    assert list(Notice.objects.unread()) == [theirs]


def test_nobody_opens_the_notices_of_somebody_else(client, me):
    theirs = NoticeFactory()
    account = NoticeFactory(recipient=me, kind=NoticeKind.ACCOUNT)

    for notice in (theirs, account):
        address = reverse("volunteers:open_notice", args=[notice.pk])
        assert client.post(address).status_code == 404


def test_what_is_not_ticked_is_not_sent_and_account_mail_always_is(client, me):
    wanted = [kind for kind in NoticeKind.values if kind not in ("thanks", "account")]
    address = reverse("volunteers:preferences")
    client.post(address, {"by_mail": wanted})
    assert list(me.muted.values_list("kind", flat=True)) == ["thanks"]
    assert client.get(address).context["form"].initial["by_mail"] == wanted

    client.post(address, {})
    assert me.muted.count() == len(NoticeKind.values) - 1
    client.post(address, {"by_mail": [*wanted, "thanks"]})
    assert not me.muted.exists()


def test_an_unknown_kind_gets_a_message(client, me):
    response = client.post(reverse("volunteers:preferences"), {"by_mail": ["\0", "account"]})

    assert response.status_code == 200
    assert not me.muted.exists()


def test_one_click_ends_mail_of_one_kind_without_signing_in_and_without_a_token():
    person = PersonFactory()
    NoticeFactory(recipient=person, kind=NoticeKind.THANKS)
    mailbox.send_next(timezone.now())
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").partition("localhost:8000")[2] or (
        mailbox.unsubscribe_path(person, NoticeKind.THANKS)
    )
    stranger = Client(enforce_csrf_checks=True)

    assert stranger.get(address).status_code == 200
    assert not person.muted.exists()
    for _ in range(2):
        done = stranger.post(address, {"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
    assert list(person.muted.values_list("kind", flat=True)) == ["thanks"]


def test_a_token_of_somebody_who_left_is_not_found(client):
    person = PersonFactory()
    address = mailbox.unsubscribe_path(person, NoticeKind.THANKS)
    person.is_active = False
    person.save()

    assert client.post(address).status_code == 404
