"""Who is signed in where: sessions know whose they are, and limits hold for many at once."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from capx import erasure
from tests.factories import OrganiserFactory, PersonFactory
from volunteers.actions import accounts
from volunteers.models import Session
from volunteers.models.sessions import SessionStore
from volunteers.tasks import forget_what_is_over

pytestmark = pytest.mark.django_db
PASSWORD = "kartoffel-salat-9"  # noqa: S105 -- of an invented person


@pytest.fixture(autouse=True)
def _no_limits_from_other_tests():
    cache.clear()


def member(**fields):
    person = PersonFactory(**fields)
    person.set_password(PASSWORD)
    person.save()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def signed_in(person):
    client = Client()
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(person.pk)
    return client


def words():
    """Give all that any session holds, in clear."""
    return " ".join(
        str(SessionStore().decode(row.session_data)) for row in Session.objects.all()
    )


def test_forgetting_leaves_no_address_in_a_session_of_another_device():
    person = member(email="ola@example.org")
    signed_in(person)
    signed_in(member(email="hana@example.org"))
    assert "ola@example.org" in words()

    erasure.forget(person, at=timezone.now(), keep_practices=True)

    assert "ola@example.org" not in words()
    assert "hana@example.org" in words()


def test_closing_an_account_ends_its_sessions_for_good():
    person, ruler = member(), OrganiserFactory()
    client = signed_in(person)

    accounts.deactivate(person, by=ruler, why="Two of one", at=timezone.now())
    accounts.reactivate(person, by=ruler, why="A mistake", at=timezone.now())

    assert client.get("/me/account/").status_code == 302


def test_a_session_of_nobody_is_nobodys():
    store = SessionStore()
    store["seen"] = 1
    store.save()

    assert [row.person for row in Session.objects.all()] == [None]


def test_sessions_that_are_over_are_removed_each_night_and_others_stay():
    over, on = signed_in(member()), signed_in(member())
    Session.objects.filter(pk=over.session.session_key).update(
        expire_date=timezone.now() - timedelta(days=1)
    )

    forget_what_is_over()

    assert list(Session.objects.values_list("pk", flat=True)) == [on.session.session_key]


def counted():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM capx_cache")
        return cursor.fetchone()[0]


def test_limits_of_many_people_are_kept_side_by_side():
    for number in range(400):
        cache.set(f"tries-{number}", 1, timeout=300)

    assert [number for number in range(400) if cache.get(f"tries-{number}") != 1] == []


def test_what_is_counted_no_more_is_removed_each_night():
    cache.set("old", 1, timeout=1)
    cache.set("new", 1, timeout=300)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE capx_cache SET expires = now() - interval '1 day' "
            "WHERE cache_key LIKE '%old'"
        )
    assert counted() == 2

    forget_what_is_over()

    assert (counted(), cache.get("new")) == (1, 1)
