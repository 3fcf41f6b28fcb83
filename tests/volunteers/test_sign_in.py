"""Signing up and in by code and by password, with the mail in the letter box."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from tests.factories import PersonFactory
from volunteers import mailbox
from volunteers.models import Notice, Person

pytestmark = pytest.mark.django_db

FORM = {"email": "new@example.org", "username": "Nowa Osoba", "password1": "kartoffel-salat-9"}


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


def letter():
    return Notice.objects.latest("pk")


def code():
    return re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", letter().body).group()


def member(**fields):
    person = PersonFactory(**fields)
    person.set_password("kartoffel-salat-9")
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def test_somebody_signs_up_shows_the_address_is_theirs_and_goes_on_where_they_were(client):
    response = client.post(
        "/accounts/signup/?next=/me/bandwidth/", {**FORM, "next": "/me/bandwidth/"}
    )
    assert response.headers["Location"] == "/accounts/confirm-email/"
    person = Person.objects.get(username="Nowa Osoba")
    assert list(Person.objects.visible_to(PersonFactory())) != [person]
    assert not Person.objects.here().filter(pk=person.pk).exists()

    response = client.post("/accounts/confirm-email/", {"code": code()})

    assert response.headers["Location"] == "/me/bandwidth/"
    assert client.get("/me/bandwidth/").status_code == 200
    person.refresh_from_db()
    assert (person.email, person.unconfirmed) == ("new@example.org", False)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"time_zone": "Europe/Warsaw"}, "Europe/Warsaw"),
        ({"time_zone": "Mars/Olympus"}, "UTC"),
        ({"time_zone": "x" * 9000}, "UTC"),
        ({"time_zone": "a\0b"}, "UTC"),
        ({}, "UTC"),
    ],
)
def test_an_account_begins_with_the_clock_of_the_browser(client, sent, kept):
    client.post("/accounts/signup/", FORM | sent)

    assert Person.objects.get(username="Nowa Osoba").time_zone == kept


def test_a_mail_about_an_account_is_a_row_that_forgets_its_code_once_sent(client):
    client.post("/accounts/signup/", FORM)
    sent = letter()
    assert (sent.kind, sent.to, sent.recipient.username) == (
        "account",
        "new@example.org",
        "Nowa Osoba",
    )

    mailbox.send_next(timezone.now())

    sent.refresh_from_db()
    assert [m.to for m in mail.outbox] == [["new@example.org"]]
    assert sent.body == ""
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers


def test_mail_to_an_address_without_an_account_has_no_recipient_and_goes_out(client):
    client.post("/accounts/password/reset/", {"email": "stranger@example.org"})

    assert (letter().recipient, letter().to) == (None, "stranger@example.org")
    mailbox.send_next(timezone.now())
    assert [m.to for m in mail.outbox] == [["stranger@example.org"]]


def test_an_address_that_has_an_account_is_not_given_away(client):
    member(email="new@example.org")

    response = client.post("/accounts/signup/", FORM)

    assert response.headers["Location"] == "/accounts/confirm-email/"
    assert Person.objects.count() == 1
    assert letter().to == "new@example.org"
    assert "already" in letter().body


@pytest.mark.parametrize("login", ["ola@example.org", "Ola"])
def test_somebody_signs_in_by_password_with_address_or_username(client, login):
    member(username="Ola", email="ola@example.org", language="de")

    response = client.post(
        "/accounts/login/",
        {"login": login, "password": "kartoffel-salat-9", "next": "/notices/"},
    )

    assert response.headers["Location"] == "/notices/"
    assert client.cookies["django_language"].value == "de"


def test_somebody_signs_in_by_a_code(client):
    person = member(email="ola@example.org")
    client.post("/accounts/login/code/", {"email": "ola@example.org"})

    client.post("/accounts/login/code/confirm/", {"code": code()})

    assert int(client.session["_auth_user_id"]) == person.pk


def test_a_forgotten_password_is_replaced_by_a_code(client):
    person = member(email="ola@example.org")
    client.post("/accounts/password/reset/", {"email": "ola@example.org"})
    response = client.post("/accounts/password/reset/confirm/", {"code": code()}, follow=True)
    action = response.redirect_chain[-1][0]

    client.post(
        action, {"password1": "steckrueben-7-suppe", "password2": "steckrueben-7-suppe"}
    )

    person.refresh_from_db()
    assert person.check_password("steckrueben-7-suppe")


def test_a_new_address_counts_once_its_code_is_entered_and_the_person_follows(client):
    person = member(email="old@example.org")
    client.post(
        "/accounts/login/", {"login": "old@example.org", "password": "kartoffel-salat-9"}
    )

    asked = client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    client.post(
        asked.headers["Location"],
        {"password": "kartoffel-salat-9", "next": "/accounts/email/"},
    )
    person.refresh_from_db()
    assert person.email == "old@example.org"
    secret = re.search(
        r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", Notice.objects.filter(to="new@example.org").get().body
    ).group()
    client.post("/accounts/confirm-email/", {"code": secret})

    person.refresh_from_db()
    addresses = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    assert (person.email, list(addresses)) == ("new@example.org", ["new@example.org"])


def test_guessing_passwords_is_slowed_down(client):
    member(email="ola@example.org")
    for _ in range(12):
        response = client.post(
            "/accounts/login/", {"login": "ola@example.org", "password": "wrong"}
        )

    assert "Too many" in response.content.decode()


@pytest.mark.parametrize(
    "username",
    [
        "a/b",
        "a@b.org",
        "a:b",
        "..",
        "\u202eabc",
        "a\u0000b",
        "x" * 300,
        "   ",
        "<script>",
        "a|b",
    ],
)
def test_a_username_that_breaks_pages_or_misleads_is_refused_with_a_message(client, username):
    response = client.post("/accounts/signup/", {**FORM, "username": username})

    assert response.status_code == 200
    assert response.context["form"].errors["username"]
    assert not Person.objects.exists()


@pytest.mark.parametrize("username", ["Łucja 1", "سلمى", "Дарья-2", "O'Neill & co?", "100%"])
def test_usernames_of_wikis_are_welcome_and_have_a_page(client, username):
    client.post("/accounts/signup/", {**FORM, "username": username})
    client.post("/accounts/confirm-email/", {"code": code()})

    person = Person.objects.get()
    assert person.username == username
    assert client.get(person.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("value", ["", "\0", "x" * 5000, "'; DROP", "🙂", "\u202e"])
@pytest.mark.parametrize(
    "address",
    [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/login/code/",
        "/accounts/password/reset/",
        "/accounts/signup/passkey/",
    ],
)
def test_no_value_breaks_a_form_of_signing_in(client, address, value):
    names = ("login", "password", "email", "username", "password1", "next", "code")

    assert client.post(address, dict.fromkeys(names, value)).status_code < 500


def test_the_wikimedia_button_is_not_shown_where_it_is_not_set_up(client):
    assert "Wikimedia account" not in client.get("/accounts/login/").content.decode()
