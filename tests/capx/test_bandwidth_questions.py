"""Nobody learns a number, a reason or a name by asking otherwise than the links of a page do.

A steward, a steward of another affiliate, a stranger and an asker send every question that any
address understands: where to look, how to sort, whom to look for, what to take along. What the
table of who sees what doesn't give them is in none of the answers, nor in their mail.
"""

import csv
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core import mail
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from exchange import tasks as of_exchange
from grandtour import tasks as of_the_tour
from tests.addresses import address
from tests.capx.test_bandwidth_privacy import DESK, KNOWN_BY, NUMBERS, share, w  # noqa: F401
from tests.factories import (
    AffiliateFactory,
    MembershipFactory,
    PersonFactory,
    PersonSkillFactory,
    SkillFactory,
)
from tests.walking import client_of, known_by, pages, questions, read, understood
from volunteers import tasks
from volunteers.actions.bottlenecks import take_snapshot
from volunteers.models import Bandwidth, BottleneckSnapshot, Commitment, Notice, Region, Thanks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_only")]

WALKERS = ["steward", "elsewhere", "stranger", "asker"]
# Whose pages together understand and offer all that there is to ask.
SHOWN_MOST = ["author", "steward"]
SUMS = ("bottlenecks/", "affiliates/<slug:slug>/priorities/")
# Of everybody: the name, what they can give and what they have taken on, hours a week.
NOBODY_SEES = {
    "hidden as they wish": ("Hilda Verborgen", "41.9", "33.1"),
    "hidden by organisers": ("Otto Unsichtbar", "42.9", "34.1"),
}
SHARES_NOTHING = {"a member who shares nothing": ("Stella Schweigen", "44.9", "35.1")}
A_FEW = {f"one of a few, {n}": (f"Klara Klein{n}", f"2{n}.9", f"1{n}.3") for n in "357"}
MANY = {f"one of many, {n}": (f"Gerd Gross{n}", f"5{n}.9", f"2{n}.1") for n in "1234567"}
EVERYBODY = NOBODY_SEES | SHARES_NOTHING | A_FEW | MANY
NAMED = {who: known_by(name) for who, (name, _gives, _load) in EVERYBODY.items()}
HOURS = {
    f"{what} of {who}": known_by(hours)
    for who, (_name, gives, load) in EVERYBODY.items()
    for what, hours in (("capacity", gives), ("load", load))
}


def come(who, *, skill, affiliate, country, **about):
    """Let somebody come who carries a skill, in an affiliate and a country."""
    name, gives, load = EVERYBODY[who]
    today = timezone.now().date()
    since = DateRange(today - timedelta(days=100), None)
    username = name.lower().replace(" ", "-")
    person = PersonFactory(
        username=username, name=name, country=country, counted_at=timezone.now(), **about
    )
    MembershipFactory(person=person, affiliate=affiliate)
    PersonSkillFactory(person=person, skill=skill)
    Bandwidth.objects.create(person=person, period=since, weekly_hours=Decimal(gives))
    Commitment.objects.create(
        person=person,
        what="Geheimarbeit",
        source="by_hand",
        key=username,
        skill=skill,
        period=since,
        weekly_hours=Decimal(load),
        state="running",
    )
    return person


@pytest.fixture
def everybody(w):  # noqa: F811 -- a fixture of the same world
    """Let many and a few carry skills, some be hidden, and a night sum it up."""
    share(w, weeks=True, check_ins=True)
    small = w.others["elsewhere"].memberships.get().affiliate
    small.countries = ["IS"]
    small.save()
    large = AffiliateFactory(slug="large", countries=["NL"])
    rare, common = (SkillFactory(slug=name) for name in ("rare", "common"))
    here = {"skill": w.skill, "affiliate": w.affiliate, "country": "PL"}
    come("hidden as they wish", visibility="hidden", **here)
    come("hidden by organisers", hidden_at=timezone.now(), **here)
    come("a member who shares nothing", **here)
    few = [come(who, skill=rare, affiliate=small, country="IS") for who in A_FEW]
    many = [come(who, skill=common, affiliate=large, country="NL") for who in MANY]
    w.author.commitments.update(skill=w.skill)
    w.author.counted_at = timezone.now()
    w.author.save()
    for slug, code in (("north", "IS"), ("west", "NL"), ("east", "PL")):
        Region.objects.create(slug=slug, names={"en": slug}, countries=[code])
    # The steward looks after the large affiliate as well, and has been helped by a few.
    MembershipFactory(person=w.steward, affiliate=large, role="steward")
    Thanks.objects.create(
        giver=few[0], receiver=many[0], key="exchange:987654", words="Dankwort"
    )
    BottleneckSnapshot.objects.all().delete()
    for days_ago in (8, 0):
        take_snapshot(timezone.now().date() - timedelta(days=days_ago))
    return w


def secrets_in(page, route):
    """List what a page tells of others that isn't on it for everybody."""
    known = KNOWN_BY | HOURS | {"words of thanks": known_by("Dankwort")}
    known |= {"what they do": known_by("Geheimarbeit")}
    unnamed = EVERYBODY if route.startswith(SUMS) or route == DESK else NOBODY_SEES
    known |= {f"name: {who}": NAMED[who] for who in unnamed}
    return {what for what, pattern in known.items() if pattern.search(page)}


def learnt(w, role, asked):  # noqa: F811
    """List what somebody learns by these questions: the address, and which of the secrets."""
    client, found = client_of(w, role), defaultdict(set)
    for route, query in asked:
        page = read(client, "get", f"{address(route, w)}?{query}")
        found[route] |= secrets_in(page, route)
    return {route: secrets for route, secrets in found.items() if secrets}


def test_no_question_tells_what_the_table_does_not_give(everybody):
    names, offered = understood(everybody, SHOWN_MOST)
    asked = [*((route, "") for route in pages()), *questions(names, offered)]
    none_is_forgotten({*asked})

    found = {role: learnt(everybody, role, asked) for role in WALKERS}

    given = {DESK: NUMBERS | {"journey", "words of a check-in"}}
    assert found == {"steward": given, "elsewhere": {}, "stranger": {}, "asker": {}}


def none_is_forgotten(asked):
    """Prove that the questions are those the site understands: each scope, filter and order."""
    sums = [route for route in pages() if route.startswith("bottlenecks/")]
    scopes = (
        "affiliate=large",
        "affiliate=testland",
        "country=IS",
        "region=north",
        "region=west",
    )
    lists = {
        "people/": {
            *(
                "q=Verborgen",
                "skill=rare",
                "wants=rare",
                "country=IS",
                "way=teaching",
                "page=2",
            ),
        },
        "catalogue/": {"q=Verborgen", "room=yes", "sort=newest", "by=affiliate", "skill=rare"},
        "affiliates/": {"q=Verborgen", "country=IS", "kind=hub"},
        "practices/": {"q=Verborgen", "skill=rare"},
        "me/thanks/": {"show=given"},
        "exchanges/": {"show=ended"},
        "me/hand-over/": {"affiliate=large"},
        DESK: {"page=2"},
    }
    wanted = {(route, query) for route, some in lists.items() for query in some}
    wanted |= {(route, query) for route in sums for query in scopes}

    assert len(sums) == 3
    assert wanted - asked == set()


def rows_of(w, role, query):  # noqa: F811
    """Read the sums of a scope as CSV: what is said of each skill."""
    path = reverse("volunteers:bottlenecks_csv")
    answer = client_of(w, role).get(f"{path}?{query}")
    if answer.status_code == 404:  # an affiliate that isn't theirs
        return {}
    return {row["skill"]: row for row in csv.DictReader(StringIO(answer.content.decode()))}


def test_of_fewer_than_five_there_is_a_word_and_of_five_a_number(everybody):
    numbers = ("carriers_at_least", "effective_carriers", "truck_factor", "score")
    numbers += ("room_used_percent", "demand_hours_a_week", "room_hours_a_week")
    scopes = ["", "country=IS", "country=NL", "country=PL", "region=north", "region=west"]
    scopes += ["affiliate=large", "affiliate=testland"]
    scopes += [f"affiliate={everybody.others['elsewhere'].memberships.get().affiliate.slug}"]
    told = defaultdict(list)
    for role in WALKERS:
        for scope in scopes:
            for skill, row in rows_of(everybody, role, scope).items():
                told[skill] += [row[name] for name in numbers if row[name]]
                assert row["how_full"]

    assert set(told) == {"rare", "common", everybody.skill.slug}
    assert told["rare"] == told[everybody.skill.slug] == []
    assert told["common"]


def test_no_letter_tells_it_either(everybody):
    everybody.author.commitments.filter(key="secret").update(weekly_hours=60)
    for task in (
        *(tasks.ask_check_ins, tasks.remind_of_weeks, of_exchange.remind),
        *(of_exchange.look_for_those_who_wait, of_the_tour.remind, of_the_tour.accompany),
        tasks.send_notices,
    ):
        task()
    walkers = [everybody.others.get(role) or getattr(everybody, role) for role in WALKERS]
    to = {walker.email for walker in walkers}
    came = [one for one in mail.outbox if to & {*one.to}]

    strained = Notice.objects.filter(key__startswith="strained:", recipient=everybody.steward)
    subjects = {one.subject for one in came}
    assert strained
    assert [one for one in strained if "Author" in f"{one.subject} {one.body}"] == []
    assert [one for one in strained if one.subject not in subjects] == []
    told = [(one.to, secrets_in(f"{one.subject} {one.body}", DESK)) for one in came]
    assert [pair for pair in told if pair[1]] == []
