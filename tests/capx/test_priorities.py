"""What came of a year: counted once, in the right year, and silent about few people."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from capx import yearly
from capx.sums import HOURS, PROGRAMME, Sum, added, rounded, step_above
from capx.templatetags.wording import money
from capx.wikitext import plain
from exchange import reports
from exchange.actions import agreements, follow_ups
from exchange.actions.exchanges import Words
from exchange.models import FollowUp, Priority
from tests.exchange.agreeing import NOON, agreed
from tests.factories import (
    AffiliateFactory,
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    PracticeFactory,
)
from volunteers.models import Person

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 9)


@pytest.fixture
def affiliate():
    return AffiliateFactory(slug="wmpl", name="Wikimedia Polska")


@pytest.fixture
def speaker(affiliate):
    return MembershipFactory(affiliate=affiliate, role="editor").person


def member(affiliate):
    return MembershipFactory(affiliate=affiliate, role="editor").person


def done(exchange, *, hours="6", first=MONDAY, paid=None, said_by="provider"):
    """Let both sides do it, and perhaps say what was paid."""
    if exchange.state == "asked":
        exchange = agreed(exchange=exchange, hours=hours, first=first, days=7)
    at = NOON + (first - MONDAY) + timedelta(days=30)
    for side in ("provider", "receiver"):
        money = {"paid": paid, "currency": "EUR"} if paid and side == said_by else {}
        said = FollowUp(happened=True, **money)
        follow_ups.tell(exchange, getattr(exchange, side), said, at=at)
    exchange.refresh_from_db()
    return exchange


def shared(affiliate, by=None, **how):
    """Let somebody help others in the affiliate's name."""
    offer = ListingFactory(affiliate=affiliate, author=by or member(affiliate))
    return done(ExchangeFactory(listing=offer, asked_at=NOON), **how)


def built(affiliate, by, **how):
    """Let somebody else help the affiliate."""
    request = ListingFactory(kind="request", affiliate=affiliate, author=by)
    return done(ExchangeFactory(listing=request, asked_at=NOON), **how)


def sums(affiliate, year=2026):
    return {
        (one.kind, one.unit): (one.amount, len(one.given))
        for one in reports.came_of(affiliate, year)
    }


def test_hours_are_given_and_received_on_whichever_side_the_affiliate_speaks(
    affiliate, speaker
):
    shared(affiliate, speaker)
    built(affiliate, speaker, hours="2.5")
    asked_for_us = ExchangeFactory(counterpart_affiliate=affiliate, asked_at=NOON)
    done(asked_for_us, hours="4")
    request = ListingFactory(kind="request")
    helping = ExchangeFactory(listing=request, counterpart_affiliate=affiliate, asked_at=NOON)
    done(helping, hours="1")
    shared(AffiliateFactory(), hours="50")

    assert sums(affiliate) == {
        ("sharing", HOURS): (Decimal("7.0"), 2),
        ("building", HOURS): (Decimal("6.5"), 2),
    }


def test_a_year_holds_what_ended_in_it(affiliate, speaker):
    shared(affiliate, speaker, first=date(2025, 12, 28))
    shared(affiliate, speaker, first=date(2025, 12, 20), hours="3")

    assert sums(affiliate, 2025) == {("sharing", HOURS): (Decimal("3.0"), 1)}
    assert sums(affiliate, 2026) == {("sharing", HOURS): (Decimal("6.0"), 1)}


def test_what_did_not_happen_or_is_not_done_counts_nothing(affiliate, speaker):
    offer = ListingFactory(affiliate=affiliate, author=speaker)
    agreed(exchange=ExchangeFactory(listing=offer, asked_at=NOON))

    assert sums(affiliate) == {}


def test_the_seats_of_a_training_are_its_hours_once(affiliate, speaker):
    training = ListingFactory(
        affiliate=affiliate,
        author=speaker,
        of="training",
        seats=3,
        first_day=MONDAY,
        last_day=MONDAY + timedelta(days=6),
        hours=6,
    )
    for _ in range(3):
        done(agreements.take_seat(training, PersonFactory(), Words(""), at=NOON))

    assert sums(affiliate) == {("sharing", HOURS): (Decimal("6.0"), 1)}


def test_of_money_counts_what_our_own_side_said_and_only_once(affiliate, speaker):
    exchange = built(affiliate, speaker, paid=5000, said_by="provider")
    assert sums(affiliate)["building", "EUR"] == (5000, 1)

    FollowUp.objects.filter(exchange=exchange, person=speaker).update(paid=40, currency="PLN")
    found = sums(affiliate)
    assert found["building", "PLN"] == (40, 1)
    assert ("building", "EUR") not in found


def test_who_wishes_to_be_left_alone_is_in_no_sum(affiliate, speaker):
    exchange = shared(affiliate, speaker)
    seen = sums(affiliate)
    for visibility, found in (("hidden", {}), ("members", {}), ("public", seen)):
        Person.objects.filter(pk=exchange.receiver_id).update(visibility=visibility)
        assert sums(affiliate) == found


def test_every_reader_gets_the_same_sums(client, affiliate, speaker):
    """Else the difference between two readers would be somebody's hours."""
    made = [shared(affiliate) for _ in range(6)]
    Person.objects.filter(pk=made[0].provider_id).update(visibility="members")
    PracticeFactory(affiliate=affiliate, author=made[0].provider, published_at=NOON)
    texts = [page(client, "priorities_table").content]
    for person in (PersonFactory(), speaker, made[0].provider):
        client.force_login(person)
        texts.append(page(client, "priorities_table").content)

    assert len(set(texts)) == 1
    assert b"sharing,hours,,30,rounded" in texts[0]


def test_practices_of_the_year_are_counted(affiliate, speaker):
    for year in (2025, 2026, 2026):
        at = NOON.replace(year=year)
        PracticeFactory(affiliate=affiliate, author=speaker, published_at=at)
    PracticeFactory(affiliate=affiliate, author=speaker, state="draft")

    assert reports.practices_of(affiliate, 2026) == 2


def page(client, name="priorities", year=2026):
    return client.get(reverse(name, args=["wmpl", year]))


def test_of_fewer_than_five_people_no_number_is_told_anywhere(client, affiliate):
    Priority.objects.create(affiliate=affiliate, year=2026, kind="sharing", hours=300)
    for _ in range(4):
        shared(affiliate, hours="61.5", paid=7770)
    four = [page(client, name).content.decode() for name in NAMES]

    assert all("246" not in text for text in four)
    assert all("310.8" not in text for text in four)
    assert all("too few people to tell" in text for text in four)


def test_of_five_a_number_is_told_that_says_little_about_one(client, affiliate):
    for _ in range(5):
        shared(affiliate, hours="61.5", paid=7770)

    texts = [page(client, name).content.decode() for name in NAMES]

    assert all("307.5" not in text and "388.5" not in text for text in texts)
    assert "about 300 hours" in texts[0]
    assert "about €400" in texts[0]
    assert "sharing,hours,,300,rounded" in texts[1]


def test_where_one_gave_half_no_number_is_told(client, affiliate):
    for hours in ("20", "5", "5", "5", "5"):
        shared(affiliate, hours=hours)

    assert (
        "sharing,hours,,,too few people to tell"
        in page(client, "priorities_table").content.decode()
    )


NAMES = ("priorities", "priorities_table", "priorities_wikitext")


def test_one_person_in_two_sums_is_one_person():
    sums = [Sum("sharing", HOURS, {n % 4: Decimal(1)}) for n in range(8)]

    total = added(sums)["sharing", HOURS]

    assert (total.amount, total.told) == (8, None)
    assert (total + Sum("sharing", HOURS, {9: Decimal(1)})).told == 10


GIVEN = st.dictionaries(
    st.integers(1, 99), st.decimals("0.1", 900, places=1), min_size=5, max_size=20
)


@given(GIVEN)
def test_whoever_comes_or_goes_a_sum_moves_by_one_step_of_before(each):
    """None of the steps is smaller than what the one who went had given."""
    with_all = Sum("sharing", HOURS, each)
    if with_all.told is None:
        return
    step = step_above(max(each.values()))
    for person in each:
        left = {key: value for key, value in each.items() if key != person}
        assert with_all.told - rounded(sum(left.values()), step) in {0, step}


@pytest.mark.parametrize(
    ("value", "step"),
    [("0.5", 1), ("1", 1), ("1.5", 2), ("6", 10), ("61.5", 100), ("200", 200)],
)
def test_steps_are_round_numbers(value, step):
    assert step_above(Decimal(value)) == step


def test_a_year_is_read_from_what_is_the_affiliates_own(affiliate, speaker):
    """However much everybody does: from its listings and answers, by indexes."""
    shared(affiliate, speaker, paid=500)
    with CaptureQueriesContext(connection) as caught:
        reports.came_of(affiliate, 2026)
    (read,) = [query["sql"] for query in caught if "WITH ours" in query["sql"]]

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {read}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Seq Scan" not in plan


def test_without_a_year_it_is_this_year(client, affiliate):
    answer = client.get(reverse("priorities_this_year", args=["wmpl"]))

    assert answer.url == reverse("priorities", args=["wmpl", timezone.localdate().year])
    assert client.get(reverse("priorities_this_year", args=["nobody"])).status_code == 404


def test_the_table_is_csv(client, affiliate):
    Priority.objects.create(
        affiliate=affiliate, year=2026, kind="building", hours=0, amount=5050, currency="EUR"
    )
    for _ in range(5):
        shared(affiliate)

    answer = page(client, "priorities_table")

    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert answer["Content-Disposition"] == 'attachment; filename="wmpl-2026.csv"'
    assert rows == [
        ["affiliate", "year", "kind", "unit", "meant", "came_of_it", "note"],
        ["wmpl", "2026", "building", "hours", "0", "0", ""],
        ["wmpl", "2026", "building", "EUR", "50.50", "0.00", ""],
        ["wmpl", "2026", "sharing", "hours", "", "30", "rounded"],
        ["wmpl", "2026", "sharing", "practices", "", "0", ""],
    ]


FIVE = {person: Decimal(16) for person in range(1, 6)}
ONE = {1: Decimal(500)}
NONE_TOLD, TOLD = "too few people to tell", "about 80 hours"


@pytest.mark.parametrize(
    ("exchanges", "journeys", "whole", "parts"),
    [
        ({}, FIVE, TOLD, ("0 hours", TOLD)),
        (FIVE, FIVE, "about 160 hours", (TOLD, TOLD)),
        (ONE, FIVE, f"80 hours, and something of {NONE_TOLD}", (NONE_TOLD, TOLD)),
        (FIVE, ONE, f"80 hours, and something of {NONE_TOLD}", (TOLD, NONE_TOLD)),
        (ONE, ONE, NONE_TOLD, (NONE_TOLD, NONE_TOLD)),
    ],
)
def test_picture_table_wikitext_and_csv_of_a_year_say_the_same(
    exchanges, journeys, whole, parts
):
    """Hours of journeys count towards what was meant, wherever it is read."""
    given = {HOURS: exchanges, PROGRAMME: journeys}
    sums = {
        ("sharing", unit): Sum("sharing", unit, hours) for unit, hours in given.items() if hours
    }
    meant = [yearly.Meant("sharing", Decimal(100), None, "")]

    rows = yearly.rows({"sharing": "Sharing"}, meant, sums)

    said = [
        ("Sharing: hours", "100 hours", whole),
        ("Sharing: of these in exchanges", "—", parts[0]),
        ("Sharing: of these in journeys, as hours of programme", "—", parts[1]),
    ]
    assert [(row.label, row.meant_words, row.came_words) for row in rows] == said
    bars = [one.bar for one in yearly.picture(rows, mirrored=False).shapes]
    assert [(bar.words, bar.target) for bar in bars] == [
        (f"Sharing: {whole}", 100),
        (f"of these in journeys: {parts[1]}", None),
    ]
    assert [bar.value for bar in bars] == [row.came or 0 for row in (rows[0], rows[2])]
    wiki = yearly.wikitext("A year", rows)
    assert all(f'! scope="row" | {label}' in wiki for label, *_rest in said)
    assert [line for line in wiki.splitlines() if line.startswith("| ")] == [
        f"| {first} || {second}" for _label, first, second in said
    ]
    told = [f"{row.came.normalize():f}" if row.came is not None else "" for row in rows]
    table = list(csv.reader(io.StringIO(yearly.table("wmpl", 2026, rows))))[1:]
    assert [(unit, hours, came) for *_of, unit, hours, came, _note in table] == [
        ("hours", "100", told[0]),
        ("exchanges", "", told[1]),
        ("programme", "", told[2]),
    ]
    more = f"and something of {NONE_TOLD}"
    assert (table[0][-1] == more) == whole.endswith(more)


def test_without_journeys_hours_are_one_line():
    rows = yearly.rows({"sharing": "Sharing"}, [], {})

    assert [row.label for row in rows] == ["Sharing: hours"]


def test_the_wikitext_is_a_table_in_which_no_name_is_markup(client, affiliate):
    affiliate.name = "{{Delete}} | [[Category:X]] '''<nowiki>'''"
    affiliate.save()

    text = page(client, "priorities_wikitext").content.decode()

    lines = text.splitlines()
    assert lines[0] == '{| class="wikitable"'
    assert lines[-1] == "|}"
    assert lines[1].startswith("|+ &#123;&#123;Delete&#125;&#125; &#124; &#91;&#91;Category")
    assert re.findall(r"\[\[|\{\{|''|<", "".join(lines[1:-1])) == []


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("Łódź 2026", "Łódź 2026"),
        ("a\n|b", "a &#124;b"),
        ("~~~~", "&#126;" * 4),
        ("__TOC__", "&#95;&#95;TOC&#95;&#95;"),
        ("Who travels: two people, at 18:00", "Who travels: two people, at 18:00"),
        ("The library's room is 60 % full", "The library's room is 60 % full"),
        ("https://x.test/a", "https&#58;//x.test/a"),
        ("-{zh-hans:a;b}-", "&#45;&#123;zh-hans&#58;a;b&#125;&#45;"),
        ("# one", "&#35; one"),
        ("AT&T &lt; &", "AT&#38;T &#38;lt; &"),
        ("'''x''' it's", "&#39;&#39;&#39;x&#39;&#39;&#39; it's"),
        ("a -- b !! c", "a &#45;&#45; b &#33;&#33; c"),
    ],
)
def test_signs_are_plain_in_a_wiki(words, written):
    assert plain(words) == written


@pytest.mark.parametrize("often", [1, 3])
def test_a_year_takes_few_statements_however_much_was_done(client, affiliate, often):
    Priority.objects.create(affiliate=affiliate, year=2026, kind="sharing", hours=5)
    for _ in range(often):
        shared(affiliate)
    client.force_login(PersonFactory())

    with CaptureQueriesContext(connection) as caught:
        assert page(client).status_code == 200

    asked = [q for q in caught.captured_queries if not q["sql"].startswith("SAVEPOINT")]
    assert len(asked) <= 9


def test_the_affiliates_page_shows_this_year_when_something_is_written(client, affiliate):
    year = timezone.localdate().year
    where = affiliate.get_absolute_url()
    assert 'class="bars"' not in client.get(where).content.decode()
    Priority.objects.create(affiliate=affiliate, year=year, kind="sharing", hours=80)

    with CaptureQueriesContext(connection) as caught:
        text = client.get(where).content.decode()

    assert 'class="bars"' in text
    assert "80 hours" in text
    assert reverse("priorities", args=["wmpl", year]) in text
    assert len(caught) <= 12


SHAPE = re.compile(
    r'class="bars__words"[^>]*>([^<]*)</text>.*?class="bars__bar bars__bar--(\w+)"'
    r'.*?width="(\d+)"[^>]*?/>(?:\s*<rect class="bars__mark" x="(\d+)")?',
    re.DOTALL,
)


def drawn(text):
    """Give by its caption what each picture of a page draws: kind, words, width, mark."""
    found = {}
    for key, shapes in re.findall(
        r'<svg\s+class="bars".*?labelledby="([\w-]+)"(.*?)</svg>', text, re.DOTALL
    ):
        caption = re.search(rf'id="{key}">\s*(.*?)\s*</figcaption>', text, re.DOTALL)[1]
        found[caption] = [
            (kind, words, width, mark) for words, kind, width, mark in SHAPE.findall(shapes)
        ]
    return found


HOURS_DRAWN = "Bars: hours that came of it. Lines: hours that were meant."
MONEY_DRAWN = "Bars: money in %s that came of it. Lines: money that was meant."


@pytest.mark.parametrize("where", ["its page", "the year's page"])
def test_money_is_drawn_beside_hours_each_currency_on_a_scale_of_its_own(
    client, affiliate, speaker, where
):
    meant = {"affiliate": affiliate, "year": 2026, "hours": 80}
    Priority.objects.create(kind="building", amount=40000, currency="EUR", **meant)
    Priority.objects.create(kind="sharing", amount=90000, currency="PLN", **meant)
    built(affiliate, speaker, paid=30000, said_by="receiver")

    with time_machine.travel(datetime(2026, 7, 1, tzinfo=UTC)):
        answer = page(client) if "year" in where else client.get(affiliate.get_absolute_url())
    pictures = drawn(answer.content.decode())

    assert list(pictures) == [HOURS_DRAWN, MONEY_DRAWN % "EUR", MONEY_DRAWN % "PLN"]
    assert pictures[MONEY_DRAWN % "EUR"] == [
        ("building", f"Building capacity: {NONE_TOLD}", "0", "358")
    ]
    assert pictures[MONEY_DRAWN % "PLN"] == [
        ("sharing", f"Sharing capacity: {money(0, 'PLN')}", "0", "358")
    ]


def test_a_bar_of_money_is_as_long_as_what_came_beside_what_was_meant():
    meant = [yearly.Meant("building", None, 40000, "EUR")]
    sums = {
        ("building", "EUR"): Sum("building", "EUR", {n: Decimal(6000) for n in range(5)}),
        ("sharing", "EUR"): Sum("sharing", "EUR", {1: Decimal(5000)}),
        ("sharing", "JPY"): Sum("sharing", "JPY", {n: Decimal(100) for n in range(5)}),
    }
    rows = yearly.rows({"building": "Building", "sharing": "Sharing"}, meant, sums)

    hours, euros, yen = yearly.pictures(rows, mirrored=False)

    assert [one.currency for one in (hours, euros, yen)] == ["", "EUR", "JPY"]
    assert {shape.bar.words for shape in hours.drawing.shapes} == {
        "Building: 0 hours",
        "Sharing: 0 hours",
    }
    came = next(row.came for row in rows if (row.kind, row.unit) == ("building", "EUR"))
    assert [(one.bar.kind, one.width, one.mark) for one in euros.drawing.shapes] == [
        ("building", round(came * 360 / max(came, 40000)), round(40000 * 360 / 40000) - 2),
        ("sharing", 0, None),
    ]
    assert [one.width for one in yen.drawing.shapes] == [360]


def test_without_money_hours_alone_are_drawn():
    rows = yearly.rows(
        {"sharing": "Sharing"}, [yearly.Meant("sharing", Decimal(9), None, "")], {}
    )

    assert [one.key for one in yearly.pictures(rows, mirrored=True)] == ["bars-words"]


def test_nothing_written_says_so_and_lets_who_may_write(client, affiliate, speaker):
    assert "Nothing is written down for this year." in page(client).content.decode()
    client.force_login(speaker)

    edit = reverse("exchange:edit_priorities", args=["wmpl", 2026])
    assert edit in page(client).content.decode()


def test_what_an_affiliate_gave_itself_is_told_beside_what_too_few_people_gave():
    few = Sum("sharing", HOURS, {1: Decimal(3)}, Decimal(40))
    many = Sum("sharing", HOURS, {n: Decimal(4) for n in range(6)}, Decimal(7))

    assert (few.told, few.few) == (40, True)
    assert (many.told, many.few) == (32, False)
    assert (few + many).nobodys == 47
    assert Sum("sharing", HOURS, {1: Decimal(3)}).told is None
