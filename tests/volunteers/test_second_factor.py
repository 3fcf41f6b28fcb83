"""A second step by an app: turned on, asked for, replaced by a recovery code, turned off."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management.utils import get_random_secret_key
from django.test import Client

from tests.again import shows_who_they_are
from tests.factories import OrganiserFactory, PersonFactory
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
PASSWORD = "kartoffel-salat-9"  # noqa: S105 -- of an invented person


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


def member(factory=PersonFactory):
    person = factory(email="ola@example.org")
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def code_of(secret):
    """Give what the app would show now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def turned_on(person):
    """Turn it on as the pages lead; give the app's secret."""
    client = Client()
    client.force_login(person)
    shows_who_they_are(client)
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert "data:image/svg+xml;base64," in page.content.decode()

    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert answer.headers["Location"] == "/accounts/2fa/recovery-codes/"
    cache.clear()  # the same code counts once; half a minute passes
    return secret


def come(client, path="/accounts/login/", after="/notices/"):
    return client.post(path, {"login": "ola@example.org", "password": PASSWORD, "next": after})


def whose(client):
    return client.session.get("_auth_user_id")


def test_who_turned_it_on_is_let_in_by_the_code_of_the_app_alone(client):
    person = member()
    secret = turned_on(person)
    kinds = set(Authenticator.objects.values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}

    assert come(client).headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert whose(client) is None
    refused = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert (refused.status_code, whose(client)) == (200, None)

    entered = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    assert entered.headers["Location"] == "/notices/"
    assert whose(client) == str(person.pk)


def test_turning_it_on_is_told_by_mail(django_capture_on_commit_callbacks):
    person = member()

    with django_capture_on_commit_callbacks(execute=True):
        turned_on(person)

    told = Notice.objects.filter(kind="account", recipient=person, to="ola@example.org")
    assert "app" in " ".join(told.values_list("subject", flat=True)).lower()


def test_a_wrong_code_does_not_turn_it_on(client):
    client.force_login(member())
    shows_who_they_are(client)
    client.get("/accounts/2fa/totp/activate/")

    answer = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})

    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_a_recovery_code_opens_once(client):
    person = member()
    turned_on(person)
    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    one = codes.get_unused_codes()[0]

    come(client)
    client.post("/accounts/2fa/authenticate/", {"code": one})
    assert whose(client) == str(person.pk)

    other = Client()
    come(other)
    assert other.post("/accounts/2fa/authenticate/", {"code": one}).status_code == 200
    assert whose(other) is None


def test_the_codes_are_shown_to_their_owner_who_shows_it_is_they(client):
    person = member()
    turned_on(person)
    client.force_login(person)
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 302
    shows_who_they_are(client)

    page = client.get("/accounts/2fa/recovery-codes/").content.decode()

    codes = RecoveryCodes(Authenticator.objects.get(type="recovery_codes"))
    assert [code for code in codes.get_unused_codes() if code not in page] == []


def test_it_is_turned_off_again(client):
    person = member()
    turned_on(person)
    client.force_login(person)
    shows_who_they_are(client)

    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert come(Client()).headers["Location"] == "/notices/"


def test_guessing_codes_is_slowed_down(client):
    turned_on(member())
    come(client)

    for _ in range(12):
        answer = client.post("/accounts/2fa/authenticate/", {"code": "000000"})

    assert "Too many" in answer.content.decode()


def test_the_desk_asks_for_the_second_step_too(client):
    turned_on(member(OrganiserFactory))

    come(client, after="/admin/")

    assert client.get("/admin/").status_code == 302


def test_a_copy_of_the_database_tells_no_secret():
    secret = turned_on(member())

    kept = Authenticator.objects.values_list("data", flat=True)

    assert [data for data in kept if secret in str(data)] == []
    assert [data for data in kept if "secret" in data or "seed" in data] == list(kept)


def test_a_new_key_of_the_site_leaves_everybody_their_app(client, settings):
    secret = turned_on(member())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = get_random_secret_key()

    come(client)
    entered = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    assert entered.headers["Location"] == "/notices/"
