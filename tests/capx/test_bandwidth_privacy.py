"""Nobody learns of somebody's weeks what they have not given: every address, as everybody.

Somebody has planted secrets: hours, a title, words of a rest, words of a check-in, a sum.
Everybody else walks every address of the site, with GET and with an empty POST.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from tests.addresses import address, routes, world
from tests.exchange.agreeing import agreed
from tests.factories import ExchangeFactory, ListingFactory, MembershipFactory
from tests.walking import client_of, known_by, pages, read
from volunteers.actions import care
from volunteers.load import monday_of
from volunteers.models import Bandwidth, CheckIn, Commitment, Rest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_only")]

SECRETS = {
    "capacity": "43.7",
    "load": "37.3",
    "how full": "85 %",
    "title": "Geheimtitel",
    "journey": "Geheimreise",
    "words of a rest": "Ruhewort",
    "words of a check-in": "Herzwort",
    "sum": "73.19",
    "what a sum was for": "Geheimsumme",
}
NUMBERS = {"capacity", "load", "how full"}
COSTS = {"sum", "what a sum was for"}
KNOWN_BY = {what: known_by(secret) for what, secret in SECRETS.items()}
EVERYBODY_ELSE = ["nobody", "stranger", "asker", "elsewhere", "member", "organiser"]
DESK = "affiliates/<slug:slug>/care/"


@pytest.fixture
def w():
    """Make a world in which the author of a listing has secrets."""
    made = world()
    person, today = made.author, timezone.now().date()
    since = DateRange(today - timedelta(days=100), None)
    Bandwidth.objects.create(person=person, period=since, weekly_hours=SECRETS["capacity"])
    Commitment.objects.filter(person=person).delete()
    Commitment.objects.create(
        person=person,
        what=SECRETS["title"],
        source="by_hand",
        key="secret",
        period=since,
        weekly_hours=Decimal(SECRETS["load"]),
        state="running",
    )
    # They travel for the affiliate: it knows that, and not what it does to their weeks.
    Commitment.objects.create(
        person=person,
        what=SECRETS["journey"],
        source="journey",
        key=f"journey:{made.seat.journey_id}",
        affiliate=made.affiliate,
        period=DateRange(today + timedelta(days=20), today + timedelta(days=25)),
        weekly_hours=Decimal(1),
        state="planned",
    )
    Rest.objects.create(
        person=person,
        period=DateRange(today + timedelta(days=200), today + timedelta(days=210)),
        words=SECRETS["words of a rest"],
    )
    CheckIn.objects.create(
        person=person,
        week=monday_of(today) + timedelta(weeks=1),
        asked_at=timezone.now(),
        answered_at=timezone.now(),
        state="answered",
        answer="well",
        words=SECRETS["words of a check-in"],
    )
    _helped(made.author, made.affiliate, today)
    # They belong to another affiliate too, whose stewards they have given nothing.
    steward = MembershipFactory(role="steward")
    MembershipFactory(person=person, affiliate=steward.affiliate)
    made.others["elsewhere"] = steward.person
    return made


def _helped(person, affiliate, today):
    """Let them have helped somebody in the name of the affiliate, for a sum that was agreed."""
    asked_at = timezone.now() - timedelta(days=60)
    listing = ListingFactory(author=person, affiliate=affiliate)
    line = {"side": "provider", "amount": 7319, "currency": "EUR", "payer": "The affiliate"}
    agreed(
        exchange=ExchangeFactory(listing=listing, asked_at=asked_at),
        at=asked_at,
        first=today - timedelta(days=40),
        days=7,
        lines=[line | {"what_for": SECRETS["what a sum was for"]}],
    )


def learnt(w, role):
    """List what somebody learns anywhere: the address, and which of the secrets."""
    first = client_of(w, role)
    found = {}
    for route in [*pages(), *(one for one in routes() if one.startswith("admin/"))]:
        path = address(route, w)
        for method in ("get", "post"):
            page = read(first, method, path)
            secrets = {what for what, known in KNOWN_BY.items() if known.search(page)}
            if secrets:
                found[route] = found.get(route, set()) | secrets
    return found


def share(w, **what):
    since = DateRange(timezone.now().date() - timedelta(days=1), None)
    care.share(w.author, w.affiliate, care.Shared(since, **what), at=timezone.now())


@pytest.mark.parametrize("role", ["steward", "elsewhere"])
def test_without_sharing_nobody_learns_anything(w, role):
    assert learnt(w, role) == {}


def test_the_person_reads_all_of_it(w):
    """Prove that the walk looks where there is something to see."""
    assert set().union(*learnt(w, "author").values()) >= {
        "capacity",
        "load",
        "title",
        "journey",
        *COSTS,
    }


@pytest.mark.parametrize("role", EVERYBODY_ELSE)
def test_what_is_shared_with_stewards_reaches_nobody_else(w, role):
    share(w, weeks=True, check_ins=True, costs=True)

    assert learnt(w, role) == {}


def test_a_steward_learns_the_hours_on_the_desk_and_no_reason(w):
    share(w, weeks=True)

    # And what they do for this affiliate, of all they have taken on.
    assert learnt(w, "steward") == {DESK: NUMBERS | {"journey"}}


def test_a_steward_to_whom_check_ins_are_shown_learns_no_hours(w):
    share(w, weeks=False, check_ins=True)

    assert learnt(w, "steward") == {DESK: {"words of a check-in"}}


def test_a_steward_to_whom_costs_are_shown_learns_these_and_nothing_of_weeks(w):
    share(w, weeks=False, costs=True)

    assert learnt(w, "steward") == {DESK: COSTS}


def test_a_steward_learns_nothing_any_more_once_it_is_taken_back(w):
    share(w, weeks=True, check_ins=True, costs=True)
    client = client_of(w, "steward")
    desk = reverse("care", args=[w.affiliate.slug])
    shown = client.get(desk).content.decode()
    assert [words for words in ("capacity", "sum") if SECRETS[words] not in shown] == []

    care.stop_sharing(w.author, w.affiliate, at=timezone.now())

    assert learnt(w, "steward") == {}
