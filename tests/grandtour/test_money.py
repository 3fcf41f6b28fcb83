"""Money: what PostgreSQL refuses, what organisers decide, and who reads a receipt."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from capx.erasure import forget, gift
from capx.states import IllegalMove
from grandtour.actions import money
from grandtour.models import BudgetLine, Cost, Receipt
from grandtour.models.receipts import KEPT, MOST_BYTES, media_type_of
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.test_journeys import at_once, refused, run
from tests.grandtour.tours import (
    DAY,
    NOON,
    ClaimFactory,
    FundFactory,
    JourneyFactory,
    LineFactory,
    ReceiptFactory,
    SeatFactory,
)
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
SHARED = (
    "INSERT INTO grandtour_cost (state, kind, edition_id, line_id, what, day, amount, currency,"
    " claimed_currency, words, created_at, decided_at, decided_by_id)"
    " VALUES ('committed', 'shared', %s, %s, 'Rooms', now(), %s, %s, '', '', now(), now(), %s)"
)
LINE = (
    "INSERT INTO grandtour_budgetline (fund_id, what_for, requested, granted, stipend)"
    " VALUES (%s, %s, 1, %s, 0)"
)
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR....\0\0\0\0IEND\xaeB`\x82"
HEAD = b"\xff\xd8\xff\xe1\0\x08\xff\xd8..\xff\xd9"  # with a small preview in it
JPEG = HEAD + b"\xff\xda\0\x02....\xff\xd9"


def changed(how):
    """Give the statement that changes a cost."""
    return f"UPDATE grandtour_cost SET {how} WHERE id = %s"  # noqa: S608 -- our own words


def test_no_more_is_committed_than_a_line_was_granted():
    line, organiser = LineFactory(granted=300), OrganiserFactory()
    row = (line.fund.edition_id, line.pk)
    run(SHARED, *row, 200, "EUR", organiser.pk)

    refused("budget_line_not_exceeded", SHARED, *row, 101, "EUR", organiser.pk)
    run(SHARED, *row, 100, "EUR", organiser.pk)
    raised = "UPDATE grandtour_cost SET amount = amount + 1 WHERE amount = 100"
    refused("budget_line_not_exceeded", raised)
    lowered = "UPDATE grandtour_budgetline SET granted = 299 WHERE id = %s"
    refused("budget_line_not_exceeded", lowered, line.pk)

    held = BudgetLine.objects.with_sums().get()
    assert (held.committed, held.paid, held.left) == (300, 0, 0)


def test_no_more_is_granted_than_a_fund_has():
    line = LineFactory(fund__amount=500, granted=300)

    refused("budget_lines_within_their_fund", LINE, line.fund.pk, "Beds", 201)
    run(LINE, line.fund.pk, "Beds", 200)
    raised = "UPDATE grandtour_budgetline SET granted = 301 WHERE id = %s"
    refused("budget_lines_within_their_fund", raised, line.pk)
    lowered = "UPDATE grandtour_fund SET amount = 499 WHERE id = %s"
    refused("budget_lines_within_their_fund", lowered, line.fund.pk)


def test_money_stays_in_its_currency_its_edition_and_its_fund():
    line, organiser = LineFactory(), OrganiserFactory()
    row = (line.fund.edition_id, line.pk)
    other = FundFactory()

    refused("cost_in_the_currency_of_its_fund", SHARED, *row, 1, "PLN", organiser.pk)
    elsewhere = (other.edition_id, line.pk)
    refused("cost_in_the_edition_of_its_fund", SHARED, *elsewhere, 1, "EUR", organiser.pk)
    moved = "UPDATE grandtour_budgetline SET fund_id = %s WHERE id = %s"
    refused("budget_line_stays_in_its_fund", moved, other.pk, line.pk)
    changed = "UPDATE grandtour_fund SET currency = 'PLN' WHERE id = %s"
    refused("fund_keeps_its_currency", changed, line.fund.pk)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("cost_is_a_sum", "amount = 0"),
        ("cost_is_a_sum", "currency = 'eur'"),
        ("cost_has_a_line_once_committed", "state = 'committed', decided_at = now(), {by}"),
        ("cost_decided_by_somebody", "decided_at = now()"),
        ("cost_decided_by_somebody", "state = 'refused', words = 'No.'"),
        ("cost_paid_when_and_by_whom", "paid_at = now()"),
        ("cost_refused_with_words", "state = 'refused', decided_at = now(), {by}"),
        ("cost_shared_or_of_a_traveller", "seat_id = NULL"),
        ("cost_claimed_as_an_expense", "claimed_amount = NULL"),
    ],
)
def test_a_cost_says_what_its_state_needs(name, change):
    cost, organiser = ClaimFactory(), OrganiserFactory()
    change = change.format(by=f"decided_by_id = {organiser.pk}")

    refused(name, changed(change), cost.pk)


def test_a_cost_is_paid_by_somebody_and_stays_as_it_was_paid():
    cost, organiser = ClaimFactory(), OrganiserFactory()
    line = LineFactory(fund__edition=cost.edition)
    money.approve(cost, money.Grant(line, 10_000), organiser, at=NOON)

    nobody = "UPDATE grandtour_cost SET state = 'paid' WHERE id = %s"
    refused("cost_paid_when_and_by_whom", nobody, cost.pk)
    money.pay(cost, organiser, at=NOON)

    for change in ("amount = 1", "state = 'committed', paid_at = NULL, paid_by_id = NULL"):
        refused("cost_paid_stays", changed(change), cost.pk)
    refused("cost_paid_stays", "DELETE FROM grandtour_cost WHERE id = %s", cost.pk)
    held = BudgetLine.objects.with_sums().get()
    assert (held.committed, held.paid, held.left) == (0, 10_000, 20_000)


@pytest.mark.django_db(transaction=True)
def test_twenty_who_commit_at_once_leave_a_line_unbroken():
    line, organiser = LineFactory(granted=500), OrganiserFactory()
    row = (line.fund.edition_id, line.pk)

    went = at_once(lambda _number: run(SHARED, *row, 100, "EUR", organiser.pk))

    held = BudgetLine.objects.with_sums().get()
    assert (went, held.committed, held.left) == (5, 500, 0)


@pytest.mark.django_db(transaction=True)
def test_twenty_who_grant_at_once_leave_a_fund_unbroken():
    fund = FundFactory(amount=700)

    went = at_once(lambda number: run(LINE, fund.pk, f"Line {number}", 100))

    assert (went, fund.lines.count()) == (7, 7)


@pytest.mark.django_db(transaction=True)
def test_a_claim_is_approved_once_by_twenty_organisers():
    cost, organiser = ClaimFactory(), OrganiserFactory()
    line = LineFactory(fund__edition=cost.edition, granted=1_000_000, fund__amount=1_000_000)
    pressed = []

    def press(_number):
        try:
            mine = Cost.objects.get(pk=cost.pk)
            money.approve(mine, money.Grant(line, 10_000), organiser, at=NOON)
            pressed.append(True)
        except IllegalMove:
            pass

    at_once(press)

    assert len(pressed) == 1
    assert Notice.objects.filter(key=f"cost-approved:{cost.pk}").count() == 1


def test_what_is_claimed_in_one_currency_is_granted_in_that_of_the_fund():
    cost, organiser = ClaimFactory(currency="PLN", claimed_currency="PLN"), OrganiserFactory()
    line = LineFactory(fund__edition=cost.edition)

    money.approve(cost, money.Grant(line, 2_350, "At 4.25."), organiser, at=NOON)

    cost.refresh_from_db()
    assert (cost.amount, cost.currency) == (2_350, "EUR")
    assert (cost.claimed_amount, cost.claimed_currency) == (10_000, "PLN")
    assert cost.granted_otherwise
    letter = Notice.objects.get(recipient=cost.seat.person)
    assert letter.subject == "Approved: Train from Gdynia to Lund"
    assert "€23.50" in letter.body
    assert "At 4.25." in letter.body


def test_a_full_line_approves_nothing_and_tells_nobody():
    cost, organiser = ClaimFactory(), OrganiserFactory()
    line = LineFactory(fund__edition=cost.edition, granted=9_999)

    with pytest.raises(money.Refused, match="full"):
        money.approve(cost, money.Grant(line, 10_000), organiser, at=NOON)

    cost.refresh_from_db()
    assert (cost.state, cost.line) == ("claimed", None)
    assert not Notice.objects.exists()


def test_what_is_refused_frees_the_line_and_says_why():
    cost, organiser = ClaimFactory(), OrganiserFactory()
    line = LineFactory(fund__edition=cost.edition)
    money.approve(cost, money.Grant(line, 10_000), organiser, at=NOON)

    money.refuse(cost, "The ticket was refunded.", organiser, at=NOON)

    assert BudgetLine.objects.with_sums().get().left == 30_000
    assert "The ticket was refunded." in Notice.objects.get(key=f"cost-refused:{cost.pk}").body
    with pytest.raises(IllegalMove):
        money.pay(cost, organiser, at=NOON)


def test_stipends_go_to_everybody_in_a_journey_once():
    journey, organiser = JourneyFactory(), OrganiserFactory()
    for number, country in enumerate(["PL", "DE", "FR"], 1):
        SeatFactory(
            journey=journey, number=number, country=country, state="agreed", accepted_at=NOON
        )
    line = LineFactory(fund__edition=journey.edition)
    grant = money.Grant(line, 9_000)

    whom = money.Stipend(journey, "Meals")
    told = [money.give_stipends(whom, grant, organiser, at=NOON) for _n in "ab"]

    assert told == [3, 0]
    assert BudgetLine.objects.with_sums().get().committed == 27_000
    assert Notice.objects.filter(key__startswith="cost-approved:").count() == 3


def test_stipends_go_to_all_or_to_nobody():
    journey, organiser = JourneyFactory(), OrganiserFactory()
    for number, country in enumerate(["PL", "DE"], 1):
        SeatFactory(
            journey=journey, number=number, country=country, state="agreed", accepted_at=NOON
        )
    line = LineFactory(fund__edition=journey.edition, granted=15_000)

    with pytest.raises(money.Refused, match="full"):
        money.give_stipends(
            money.Stipend(journey, "Meals"), money.Grant(line, 9_000), organiser, at=NOON
        )

    assert not Cost.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "application/pdf"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (JPEG + b"a film" * 1000, "image/jpeg"),
        (HEAD, ""),
        (JPEG[:-2], ""),
        (b"\xff\xd8\xff\xff" + b"\0" * 100, ""),
        (b"", ""),
        (PDF[:12], ""),
        (PNG[:20], ""),
        (JPEG[:8], ""),
        (b"<html>%PDF</html>", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"GIF89a", ""),
        (b"PK\x03\x04", ""),
    ],
)
def test_a_file_is_known_by_its_content(content, kind):
    assert media_type_of(content) == kind


def test_a_receipt_is_at_most_five_megabytes_and_never_changes():
    receipt = ReceiptFactory()

    long = (
        "INSERT INTO grandtour_receipt (cost_id, content, media_type, file_name, added_at)"
        " VALUES (%s, convert_to(repeat('a', %s), 'UTF8'), 'image/png', '', now())"
    )
    refused("receipt_at_most_5_mb", long, ClaimFactory().pk, MOST_BYTES + 1)
    refused("receipt_stays", "UPDATE grandtour_receipt SET content = ''")
    assert receipt.content == PDF


def said(content=PDF, name="ticket.pdf", **others):
    """Give a claim as a browser sends it."""
    told = {"what": "Train to Lund", "day": "2026-02-09", "amount": "42,50", "currency": "EUR"}
    return told | {"receipt": SimpleUploadedFile(name, content)} | others


@pytest.fixture
def seat():
    """Give the place of somebody whose journey is confirmed."""
    with time_machine.travel(NOON, tick=False):
        yield SeatFactory(state="confirmed", accepted_at=NOON)


def page(seat):
    """Give the address of somebody's costs."""
    return reverse("grandtour:costs", args=[seat.journey_id])


def test_a_traveller_claims_what_they_paid(client, seat):
    client.force_login(seat.person)

    answer = client.post(page(seat), said())

    assert answer.url == page(seat)
    cost = Cost.objects.get()
    assert (cost.state, cost.amount, cost.currency, cost.seat) == (
        "claimed",
        4_250,
        "EUR",
        seat,
    )
    assert (cost.edition, cost.day) == (seat.edition, date(2026, 2, 9))
    assert (cost.receipt.media_type, cost.receipt.file_name) == (
        "application/pdf",
        "ticket.pdf",
    )
    assert not Notice.objects.exists()
    shown = client.get(page(seat)).content.decode()
    assert "Train to Lund" in shown
    assert "€42.50" in shown


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"content": b"MZ\x90\0", "name": "ticket.pdf"}, "no whole PDF, JPEG or PNG"),
        ({"content": PDF + b"a" * MOST_BYTES}, "more than 5 MB"),
        ({"content": b""}, "nothing in this file"),
        ({"receipt": ""}, "Choose the file of your receipt"),
        ({"amount": "0"}, "Write a sum above 0."),
        ({"amount": "-5"}, "Write the sum as a number"),
        ({"amount": "1.234"}, None),
        ({"day": "2026-02-20"}, "Choose a day of the last two years."),
        ({"day": "2019-02-20"}, "Choose a day of the last two years."),
    ],
)
def test_what_is_wrong_with_a_claim_is_said_and_what_was_typed_stays(
    client, seat, others, words
):
    client.force_login(seat.person)

    answer = client.post(page(seat), said(**others))

    if words is None:
        assert Cost.objects.get().amount == 123_400
        return
    shown = answer.content.decode()
    assert words in shown
    assert 'value="Train to Lund"' in shown
    assert "choose the file again" in shown
    assert not Cost.objects.exists()


def test_before_a_journey_is_confirmed_nothing_is_claimed(client, seat):
    early = SeatFactory(state="agreed", accepted_at=NOON)
    client.force_login(early.person)

    answer = client.post(page(early), said())

    assert "once the journey is confirmed" in answer.content.decode()
    assert not Cost.objects.exists()


def test_a_claim_is_taken_back_with_its_receipt_while_nobody_has_decided(client, seat):
    receipt = ReceiptFactory(cost__seat=seat)
    client.force_login(seat.person)

    client.post(reverse("grandtour:withdraw_cost", args=[receipt.cost.pk]))

    assert Cost.objects.get().state == "withdrawn"
    assert not Receipt.objects.exists()


def test_a_receipt_is_a_download_for_its_owner_and_organisers_and_nobody_else(client, seat):
    receipt = ReceiptFactory(cost__seat=seat, file_name='a"ß.pdf')
    address = reverse("grandtour:receipt", args=[receipt.cost.pk])
    companion = SeatFactory(
        journey=seat.journey, number=2, country="DE", state="confirmed", accepted_at=NOON
    )

    for reader, status in (
        (seat.person, 200),
        (OrganiserFactory(), 200),
        (companion.person, 404),
        (PersonFactory(is_staff=True), 404),
    ):
        client.force_login(reader)
        assert client.get(address).status_code == status
    client.force_login(seat.person)
    answer = client.get(address)
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    client.force_login(companion.person)
    assert client.get(page(companion)).status_code == 200
    assert "Gdynia to Lund" not in client.get(page(companion)).content.decode()


def test_the_page_asks_as_much_for_three_costs_as_for_one(client, seat):
    client.force_login(seat.person)
    asked = []
    for number in (1, 2):
        for _one in range(number):
            ReceiptFactory(cost__seat=seat)
        client.get(page(seat))
        with CaptureQueriesContext(connection) as caught:
            client.get(page(seat))
        asked.append(len(caught))

    assert asked[0] == asked[1]


def test_receipts_go_with_their_person_and_are_theirs_to_take(seat):
    receipt = ReceiptFactory(cost__seat=seat)

    taken = b"".join(gift(seat.person))
    assert f"files/receipt-{receipt.cost.pk}-ticket.pdf".encode() in taken
    forget(seat.person, at=NOON, keep_practices=False)

    assert not Receipt.objects.exists()
    cost = Cost.objects.get()
    assert (cost.state, cost.what, cost.amount) == ("withdrawn", "-", 10_000)


def test_claims_come_first_the_oldest_at_the_top():
    organiser = OrganiserFactory()
    first = ClaimFactory()
    line = LineFactory(fund__edition=first.edition)
    later = ClaimFactory(seat=first.seat)
    gone = ClaimFactory(seat=first.seat)
    money.approve(gone, money.Grant(line, 1), organiser, at=NOON + timedelta(days=1))
    money.refuse(gone, "Twice.", organiser, at=NOON)
    approved = ClaimFactory(seat=first.seat, day=DAY)
    money.approve(approved, money.Grant(line, 1), organiser, at=NOON)

    assert list(Cost.objects.waiting_first()) == [first, later, approved, gone]


def test_a_receipt_that_no_funder_asks_for_any_more_is_deleted():
    old, waits, reported = (ReceiptFactory() for _one in range(3))
    paid = {"state": "refused", "words": "-", "decided_at": NOON}
    for one in (old, reported):
        Cost.objects.filter(pk=one.cost_id).update(**paid, decided_by=OrganiserFactory())
    FundFactory(edition=reported.cost.edition, report_due=NOON.date() + timedelta(days=9))
    later = NOON + KEPT

    assert money.purge_receipts(later) == 0
    assert money.purge_receipts(later + timedelta(days=1)) == 1
    assert set(Receipt.objects.all()) == {waits, reported}
    assert money.purge_receipts(later + timedelta(days=10)) == 1
    assert Cost.objects.count() == 3
