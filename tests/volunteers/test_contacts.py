"""Contacts taken out as CSV: who has which number in an affiliate's CRM, and back in again."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import AffiliateFactory, MembershipFactory, PersonFactory
from tests.volunteers.test_imports import SIMPLE, brought, exported, line, read
from volunteers.exports import contacts
from volunteers.imports import matching
from volunteers.models import Block, ImportMatch, ImportRefusal

pytestmark = pytest.mark.django_db
HEADER = "Contact ID,Display Name,Username\r\n"
ADDRESS = "/affiliates/testland/contacts.csv"


@pytest.fixture
def affiliate():
    return AffiliateFactory(slug="testland")


@pytest.fixture
def steward(affiliate):
    return MembershipFactory(affiliate=affiliate, role="steward").person


@pytest.fixture
def ola(affiliate):
    return known(affiliate, "7", username="Ola", name="Ola Nowak", email="ola@example.org")


def known(affiliate, contact, **about):
    person = PersonFactory(**about)
    MembershipFactory(affiliate=affiliate, person=person)
    ImportMatch.objects.create(affiliate=affiliate, contact=contact, person=person)
    return person


def taken_out(affiliate, steward):
    return exported(contacts.of_affiliate(affiliate, steward)).decode()


def matches():
    return sorted(ImportMatch.objects.values_list("affiliate", "contact", "person"))


def test_it_holds_number_name_and_username_by_name(affiliate, steward, ola):
    known(affiliate, "=8", username="@ada", name='Ada "A", Lovelace')
    ImportMatch.objects.create(affiliate=affiliate, contact="19", person=ola)
    known(AffiliateFactory(), "20", username="Elsewhere")

    assert taken_out(affiliate, steward) == (
        HEADER
        + '\'=8,"Ada ""A"", Lovelace",\'@ada\r\n'
        + "7,Ola Nowak,Ola\r\n19,Ola Nowak,Ola\r\n"
    )


@pytest.mark.parametrize("words", ["=1+1", "+8", "-8", "@8", "'=8"])
def test_what_a_spreadsheet_would_run_is_disarmed_and_known_again(affiliate, steward, words):
    known(affiliate, words, username=words, name=words)
    before = matches()
    content = taken_out(affiliate, steward)

    again = brought(content, steward, affiliate, partly=False)

    assert content == f"{HEADER}'{words},'{words},'{words}\r\n"
    assert again.counts()["unchanged"] == 1
    assert matches() == before


def test_what_is_taken_out_reads_back_in_and_changes_nothing(affiliate, steward, ola):
    for number in range(30):
        known(affiliate, f"C-{number}", username=f"Member {number}")
    before = matches()

    again = brought(taken_out(affiliate, steward), steward, affiliate, partly=False)

    assert again.kind == "contacts"
    assert again.counts() == {
        **dict.fromkeys(["refused", "unmatched", "new", "changed"], 0),
        **dict.fromkeys(["all", "unchanged"], len(before)),
    }
    assert matches() == before


def test_elsewhere_the_usernames_say_again_who_is_who(affiliate, steward, ola):
    content, before = taken_out(affiliate, steward), matches()
    ImportMatch.objects.all().delete()

    assert brought(content, steward, affiliate, partly=False).counts()["new"] == 1
    assert matches() == before


def test_a_contact_without_a_number_has_no_line(affiliate, steward, ola):
    ImportMatch.objects.all().delete()
    one = read(SIMPLE + line(1, contact="", email="", name="Somebody"), steward, affiliate)
    matching.match(one, {one.lines.get().contact: ola})

    assert ImportMatch.objects.get().person == ola
    assert taken_out(affiliate, steward) == HEADER


@pytest.mark.parametrize("why", ["hidden", "left", "refuses", "blocks", "is blocked"])
def test_whom_files_cannot_be_about_is_not_in_it(affiliate, steward, ola, why):
    if why == "hidden":
        ola.visibility = "hidden"
        ola.save()
    elif why == "left":
        ola.memberships.all().delete()
    elif why == "refuses":
        ImportRefusal.objects.create(affiliate=affiliate, person=ola)
    elif why == "blocks":
        Block.objects.create(person=ola, blocked=steward)
    else:
        Block.objects.create(person=steward, blocked=ola)

    assert taken_out(affiliate, steward) == HEADER


def test_stewards_of_this_affiliate_take_it_out_and_nobody_else(affiliate, steward, ola):
    people = {
        "steward": steward,
        "editor": MembershipFactory(affiliate=affiliate, role="editor").person,
        "member": ola,
        "steward elsewhere": MembershipFactory(role="steward").person,
        "stranger": PersonFactory(),
    }
    answers = {}
    for who, person in people.items():
        client = Client()
        client.force_login(person)
        answers[who] = client.get(ADDRESS)

    assert {who: answer.status_code for who, answer in answers.items()} == {
        **dict.fromkeys(people, 404),
        "steward": 200,
    }
    given = answers["steward"]
    assert b"".join(given.streaming_content).decode() == f"{HEADER}7,Ola Nowak,Ola\r\n"
    assert given["Content-Disposition"] == 'attachment; filename="testland-contacts.csv"'
    assert given["Cache-Control"] == "private, no-store"
    assert Client().get(ADDRESS)["Location"] == f"/accounts/login/?next={ADDRESS}"


def test_a_steward_is_led_to_it(client, affiliate, steward):
    client.force_login(steward)

    assert f'href="{ADDRESS}"' in client.get("/affiliates/testland/import/").content.decode()


def test_fifty_ask_as_much_as_one(client, affiliate, steward, ola):
    client.force_login(steward)

    def statements():
        with CaptureQueriesContext(connection) as asked:
            lines = b"".join(client.get(ADDRESS).streaming_content).splitlines()
        return len(asked), len(lines)

    one = statements()
    for number in range(49):
        known(affiliate, f"C-{number}")

    assert (one[1], statements()) == (2, (one[0], 51))
