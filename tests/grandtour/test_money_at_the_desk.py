"""Money at the desk: sources and lines, claims, stipends."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grandtour.actions import money
from grandtour.models import BudgetLine, Cost, Fund
from grandtour.reports import costs
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.tours import (
    NOON,
    ClaimFactory,
    EditionFactory,
    FundFactory,
    JourneyFactory,
    LineFactory,
    ReceiptFactory,
    SeatFactory,
)
from volunteers.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser(client):
    """Let an organiser sit at the desk."""
    person = OrganiserFactory()
    client.force_login(person)
    return person


def at(name, pk):
    """Give the address of a page about money."""
    return reverse(f"admin:grandtour_cost_{name}", args=[pk])


@pytest.mark.usefixtures("organiser")
def test_a_source_and_its_line_are_written_as_people_write_sums(client):
    edition = EditionFactory()
    said = {"name": "Community Fund", "kind": "movement", "amount": "1.200,50"}
    said |= {"currency": "EUR", "spend_until": "2026-08-01", "report_due": "2026-09-01"}

    client.post(at("add_fund", edition.pk), said)
    fund = Fund.objects.get()
    line = {"what_for": "Travel", "requested": "1000", "granted": "800", "stipend": "0"}
    client.post(at("add_line", fund.pk), line)

    assert (fund.edition, fund.amount, fund.report_due) == (edition, 120_050, date(2026, 9, 1))
    held = BudgetLine.objects.with_sums().get()
    assert (held.requested, held.granted, held.left) == (100_000, 80_000, 80_000)
    assert "€1,200.50" in client.get(at("of", edition.pk)).content.decode()


@pytest.mark.usefixtures("organiser")
def test_what_does_not_fit_is_said_beside_the_field(client):
    line = LineFactory(fund__amount=50_000, granted=30_000)
    fund = line.fund

    for address, said, words in (
        (at("add_fund", fund.edition_id), {"name": fund.name}, "source of that name already"),
        (at("add_fund", fund.edition_id), {"report_due": "2026-01-01"}, "after the money is"),
        (at("fund", fund.pk), {"amount": "299"}, "more than the source has"),
        (at("fund", fund.pk), {"currency": "PLN"}, "keeps its currency"),
        (at("add_line", fund.pk), {"granted": "201"}, "more than the source has"),
        (at("add_line", fund.pk), {"what_for": line.what_for}, "such a line already"),
        (at("line", line.pk), {"granted": "501"}, "more than the source has"),
    ):
        whole = {"name": "Other", "kind": "public", "amount": "500", "currency": "EUR"}
        whole |= {"spend_until": "2026-08-01", "what_for": "Beds", "requested": "1"}
        answer = client.post(address, whole | {"granted": "0", "stipend": "0"} | said)
        assert answer.status_code == 200, address
        assert words in answer.content.decode()
    assert (Fund.objects.count(), BudgetLine.objects.count()) == (1, 1)


@pytest.mark.usefixtures("organiser")
def test_a_line_is_not_granted_less_than_is_committed(client):
    cost = ClaimFactory()
    line = LineFactory(fund__edition=cost.edition)
    money.approve(cost, money.Grant(line, 10_000), OrganiserFactory(), at=NOON)

    said = {"what_for": "Travel", "requested": "400", "granted": "99.99", "stipend": "0"}
    answer = client.post(at("line", line.pk), said)

    assert "More than that is committed already." in answer.content.decode()


def test_a_claim_is_approved_onto_a_line_and_paid(client, organiser):
    cost = ClaimFactory()
    line = LineFactory(fund__edition=cost.edition)
    page = client.get(at("approve", cost.pk)).content.decode()
    assert "€300 left" in page
    assert 'value="100"' in page

    client.post(at("approve", cost.pk), {"line": line.pk, "amount": "100", "words": ""})
    client.post(at("pay", cost.pk), {"pressed": "yes"})

    cost.refresh_from_db()
    assert (cost.state, cost.line, cost.decided_by, cost.paid_by) == (
        *("paid", line),
        *(organiser, organiser),
    )
    keys = Notice.objects.filter(recipient=cost.seat.person).values_list("key", flat=True)
    assert set(keys) == {f"cost-approved:{cost.pk}", f"cost-paid:{cost.pk}"}


@pytest.mark.usefixtures("organiser")
def test_a_full_line_is_a_clear_sentence(client):
    cost = ClaimFactory()
    line = LineFactory(fund__edition=cost.edition, granted=5_000)

    answer = client.post(at("approve", cost.pk), {"line": line.pk, "amount": "100"})

    assert f"Only €50 is left of “{line}”." in answer.content.decode()
    assert Cost.objects.get().state == "claimed"


@pytest.mark.usefixtures("organiser")
def test_a_claim_is_refused_with_words_only(client):
    cost = ClaimFactory()

    assert client.post(at("refuse", cost.pk), {"words": ""}).status_code == 200
    assert Cost.objects.get().state == "claimed"
    client.post(at("refuse", cost.pk), {"words": "It was a private trip."})

    assert Cost.objects.get().words == "It was a private trip."
    assert "It was a private trip." in Notice.objects.get().body


@pytest.mark.usefixtures("organiser")
def test_stipends_and_shared_costs(client):
    journey = JourneyFactory(state="offered")
    for number, country in enumerate(["PL", "DE"], 1):
        taken = {"number": number, "country": country, "accepted_at": NOON}
        SeatFactory(journey=journey, state="confirmed", **taken)
    line = LineFactory(fund__edition=journey.edition)
    said = {"line": line.pk, "amount": "90", "what": "Meals", "day": "2026-02-01"}

    client.post(at("stipends", journey.edition_id), said | {"whom": journey.pk})
    client.post(at("share", journey.edition_id), said | {"what": "Scanner"})

    kinds = list(Cost.objects.order_by("pk").values_list("kind", "amount"))
    assert kinds == [("stipend", 9_000), ("stipend", 9_000), ("shared", 9_000)]
    too_much = client.post(
        at("stipends", journey.edition_id),
        said | {"whom": journey.pk, "line": LineFactory(fund=line.fund, granted=1).pk},
    )
    assert "is left of" in too_much.content.decode()


@pytest.mark.usefixtures("organiser")
def test_the_page_asks_as_much_for_three_of_each_as_for_one(client):
    edition = EditionFactory()
    asked = []
    for number in (1, 2):
        for nth in range(number):
            journey = JourneyFactory(edition=edition)
            seat = SeatFactory(journey=journey, state="confirmed", accepted_at=NOON)
            ReceiptFactory(cost__seat=seat)
            line = LineFactory(fund=FundFactory(edition=edition))
            given = ClaimFactory(seat=seat)
            money.approve(given, money.Grant(line, 100 + nth), OrganiserFactory(), at=NOON)
        client.get(at("of", edition.pk))
        with CaptureQueriesContext(connection) as caught:
            client.get(at("of", edition.pk))
        asked.append(len(caught))

    assert asked[0] == asked[1]


def test_nobody_without_the_permission_reads_about_money(client):
    cost = ClaimFactory()
    client.force_login(PersonFactory(is_staff=True))

    for name, pk in (
        ("of", cost.edition_id),
        ("books_xlsx", cost.edition_id),
        ("approve", cost.pk),
    ):
        assert client.get(at(name, pk)).status_code == 404


@pytest.mark.usefixtures("organiser")
def test_what_holds_nothing_is_removed_and_the_rest_stays(client):
    cost = ClaimFactory()
    line = LineFactory(fund__edition=cost.edition)
    empty = LineFactory(fund=line.fund)
    money.approve(cost, money.Grant(line, 100), OrganiserFactory(), at=NOON)

    for name, pk in (
        ("drop_line", line.pk),
        ("drop_fund", line.fund.pk),
        ("drop_line", empty.pk),
    ):
        client.post(at(name, pk), {"pressed": "yes"})

    assert list(BudgetLine.objects.all()) == [line]
    client.post(at("drop_fund", (bare := FundFactory(edition=cost.edition)).pk), {"x": "y"})
    assert not Fund.objects.filter(pk=bare.pk).exists()


@pytest.mark.usefixtures("organiser")
def test_the_page_says_who_waits_for_what_was_promised_and_who_travels_no_more(client):
    line = LineFactory(stipend=9_000)
    journey = JourneyFactory(edition=line.fund.edition, state="offered")
    waits = SeatFactory(journey=journey, state="agreed", accepted_at=NOON)
    gone = SeatFactory(
        journey=journey, state="cancelled", reason="papers", number=None, ended_at=NOON
    )
    ClaimFactory(seat=gone)

    shown = client.get(at("of", journey.edition_id)).content.decode()

    assert f"not set aside yet for {waits.person}." in shown
    assert "€90 promised to each traveller" in shown
    assert "No longer travels" in shown


def test_several_are_paid_at_once_but_none_of_ones_own(client, organiser):
    cost = ClaimFactory()
    line = LineFactory(fund__edition=cost.edition)
    costs = [cost, ClaimFactory(seat=cost.seat), ClaimFactory(seat=cost.seat)]
    for one in costs:
        money.approve(one, money.Grant(line, 100), OrganiserFactory(), at=NOON)
    address = at("paid", cost.edition_id)
    assert "€1 · Train from Gdynia to Lund" in client.get(address).content.decode()

    client.post(address, {"costs": [costs[0].pk, costs[2].pk]})

    states = list(Cost.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["paid", "committed", "paid"]
    assert Notice.objects.filter(key__startswith="cost-paid:").count() == 2
    own = SeatFactory(
        journey=cost.seat.journey,
        number=2,
        country="DE",
        state="confirmed",
        accepted_at=NOON,
        application__person=organiser,
    )
    mine = ClaimFactory(seat=own)
    money.approve(mine, money.Grant(line, 100), OrganiserFactory(), at=NOON)
    refused = client.post(address, {"costs": [costs[1].pk, mine.pk]})
    assert refused.status_code == 403
    assert Cost.objects.filter(state="committed").count() == 2


@pytest.mark.usefixtures("organiser")
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"state": "claimed"}, "The first 1 stand here"),
        ({"state": "withdrawn"}, "The newest 1 stand here"),
    ],
)
def test_a_list_of_costs_says_where_it_is_not_whole(client, monkeypatch, state, words):
    monkeypatch.setattr(costs, "EACH", 1)
    seat = SeatFactory()
    ClaimFactory(seat=seat, **state)
    assert words not in client.get(at("of", seat.edition_id)).text
    ClaimFactory(seat=seat, **state)
    assert words in client.get(at("of", seat.edition_id)).text
