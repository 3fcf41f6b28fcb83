"""Files about money: CSV, XLSX and PDF; nothing that people wrote is run."""

import csv
import io
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook

from capx import erasure, paper
from capx.templatetags.wording import money
from grandtour.exports import books, draft, printed
from grandtour.exports.tables import Table, as_xlsx
from grandtour.models import (
    Consent,
    Expectation,
    JourneyEvent,
    Leg,
    Measure,
    Seat,
    TravelReport,
)
from tests.capx.test_paper import read
from tests.factories import OrganiserFactory, PlaceFactory
from tests.grandtour.tours import (
    NOON,
    ClaimFactory,
    EditionFactory,
    FundFactory,
    LineFactory,
    SeatFactory,
    StopFactory,
)

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


def leg(journey, target, km, **others):
    """Travel somewhere by train."""
    Leg.objects.create(
        journey=journey,
        target=target,
        mode="rail",
        km=km,
        grams=4460,
        grams_plain=4460,
        factor="rail-international",
        factor_kg=0.00446,
        factor_kg_plain=0.00446,
        source="DESNZ",
        year=2025,
        **others,
    )


def travelled():
    """Give somebody who travels from Berlin to Wien by train."""
    stop = StopFactory(
        journey__state="offered",
        host__state="accepted",
        host__decided_at=NOON,
        host__place__name="Wien",
        host__place__country="AT",
        host__place__latitude=48.21,
        host__place__longitude=16.37,
    )
    seat = SeatFactory(
        journey=stop.journey,
        state="confirmed",
        accepted_at=NOON,
        country="DE",
        application__place=PlaceFactory(
            name="Berlin", country="DE", latitude=52.52, longitude=13.41
        ),
    )
    leg(stop.journey, stop, 629, seat=seat)
    leg(stop.journey, None, 629, seat=seat, origin=stop)
    return seat


@pytest.mark.usefixtures("organiser")
def test_the_beneficiary_s_records_say_what_erasmus_asks(client):
    seat = travelled()
    # A yes to the place is no agreement yet.
    Seat.objects.update(accepted_at=NOON - timedelta(days=9))

    answer = client.get(at("mobilities_csv", seat.edition_id))

    (row,) = csv.DictReader(answer.content.decode().splitlines())
    assert answer["Content-Disposition"].startswith("attachment")
    assert row["participant"] == seat.person.username
    assert row["receiving_places"].startswith("Wien")
    assert (row["first_day"], row["last_day"]) == ("2026-05-01", "2026-05-05")
    assert (row["distance_km_one_way"], row["distance_band_km"]) == ("523", "500-1999")
    assert (row["main_means_of_transport"], row["green"]) == ("rail", "yes")
    assert (row["funded_travel_days"], row["travel_unit_cost_eur"]) == ("2", "417.00")
    assert (row["agreed_on"], row["report"]) == ("2026-02-10", "")


def says(seat, *sides, day):
    """Let sides say yes to a version of other words on a day of May."""
    stop, at = seat.journey.stops.get(), NOON.replace(month=5, day=day)
    words = Expectation.objects.create(
        seat=seat,
        stop=stop,
        version=Expectation.objects.filter(seat=seat).count() + 1,
        side="traveller",
        proposed_by=seat.person,
        proposed_at=at,
        arrive=stop.arrive,
        leave=stop.leave,
        goals="To scan.",
        programme="Scanning.",
        afterwards="Scan at home.",
    )
    for side in sides:
        Consent.objects.create(expectation=words, side=side, person=seat.person, at=at)


def agreed_on(seat):
    """Give the day on which the record says that all was agreed on."""
    [record] = books.records(seat.edition)
    return record.agreed_on


def test_a_record_says_when_both_had_said_yes_before_they_booked():
    seat = travelled()
    says(seat, "traveller", day=1)
    assert agreed_on(seat) == date(2026, 2, 10)
    says(seat, "traveller", "host", day=2)
    assert agreed_on(seat) == date(2026, 5, 2)
    for what, at in (("agreed", NOON), ("confirmed", NOON + timedelta(days=1))):
        theirs = {"seat": seat} if what == "agreed" else {}
        JourneyEvent.objects.create(journey=seat.journey, what=what, at=at, **theirs)
    assert agreed_on(seat) == date(2026, 2, 10)


@pytest.mark.usefixtures("organiser")
def test_a_record_says_that_the_words_of_a_report_are_gone(client):
    seat = travelled()
    Seat.objects.filter(pk=seat.pk).update(state="reported")
    TravelReport.objects.create(seat=seat, submitted_at=NOON, learnt="To scan.")

    def report():
        answer = client.get(at("mobilities_csv", seat.edition_id))
        return next(csv.DictReader(answer.content.decode().splitlines()))["report"]

    assert report() == "yes"
    erasure.forget(seat.person, at=NOON, keep_practices=False)
    assert report() == "yes, words deleted since"


@pytest.mark.usefixtures("organiser")
def test_costs_go_out_as_csv_that_no_spreadsheet_runs(client):
    cost = ClaimFactory(what="=1+1")

    answer = client.get(at("costs_csv", cost.edition_id))

    (row,) = csv.DictReader(answer.content.decode().splitlines())
    assert (row["what"], row["amount"], row["currency"]) == ("'=1+1", "100.00", "EUR")
    assert (row["state"], row["traveller"]) == ("claimed", cost.seat.person.username)


@pytest.mark.usefixtures("organiser")
def test_the_draft_says_who_where_carbon_and_budget_and_names_nobody(client):
    seat = travelled()
    line = LineFactory(fund__edition=seat.edition, what_for="Beds [[and]] meals")
    said = {"name": "Half is in use", "target": 50, "unit": "%"}
    Measure.objects.create(edition=seat.edition, number=1, **said)

    text = client.get(at("draft_txt", seat.edition_id)).content.decode()

    assert "[[and]]" not in text
    text = unescape(text)
    assert "Germany: 1" in text
    assert "Wien" in text
    assert "8.9 kg of CO" in text
    assert "Half is in use: at least 50 %" in text
    assert str(line.fund) in text
    assert seat.person.username not in text


def sheets(content):
    """Read a workbook: of each sheet its rows."""
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in book}


@pytest.mark.usefixtures("organiser")
def test_a_workbook_holds_numbers_days_and_words_that_run_nothing(client):
    cost = ClaimFactory(what='=HYPERLINK("x")\x07', amount=1_250, claimed_amount=1_250)
    LineFactory(fund__edition=cost.edition, granted=30_050)

    answer = client.get(at("books_xlsx", cost.edition_id))

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert "no-store" in answer["Cache-Control"]
    found = sheets(answer.content)
    assert list(found) == ["Budget", "Costs"]
    head, row = found["Costs"]
    cells = dict(zip([cell.value for cell in head], row, strict=True))
    assert (cells["what"].value, cells["what"].data_type) == ('=HYPERLINK("x")', "s")
    assert (cells["amount"].value, cells["amount"].number_format) == (12.5, "#,##0.00")
    assert cells["day"].value == datetime(2026, 2, 10)  # noqa: DTZ001 -- a day has no zone
    assert cells["decided_on"].value is None
    granted = [cell.value for cell in found["Budget"][1]]
    assert granted[4:9] == [400, 300.5, 0, 0, 300.5]


def test_an_empty_table_is_a_head():
    ((head,),) = sheets(as_xlsx([Table("Costs", books.COSTS, [])])).values()

    assert [cell.value for cell in head] == books.COSTS


@pytest.mark.usefixtures("organiser")
def test_records_are_printed_to_be_signed(client):
    seat = travelled()

    answer = client.get(at("mobilities_pdf", seat.edition_id))

    assert answer["Content-Type"] == "application/pdf"
    text = read(answer.content)
    for words in (seat.person.username, "Berlin", "Wien", "€417", "Participant: day and"):
        assert words in text
    shown = client.get(at("records", seat.edition_id)).content.decode()
    assert "€417" in shown
    assert "Erasmus+ Programme Guide, calls 2024 and 2025" in shown


@pytest.mark.usefixtures("organiser")
def test_where_nobody_travels_everything_is_empty_and_nothing_breaks(client):
    edition = EditionFactory()

    for name in (
        "books_xlsx",
        "budget_csv",
        "mobilities_xlsx",
        "draft_txt",
        "records",
        "draft",
    ):
        assert client.get(at(name, edition.pk)).status_code == 200
    for name in ("mobilities_pdf", "draft_pdf"):
        assert client.get(at(name, edition.pk)).content.startswith(b"%PDF-")


@pytest.mark.usefixtures("organiser")
def test_the_draft_is_printed_too(client):
    seat = travelled()
    line = LineFactory(fund__edition=seat.edition, what_for="Beds #panic()")

    text = read(client.get(at("draft_pdf", seat.edition_id)).content)

    for words in ("Germany: 1", "Wien", "Beds #panic()", str(line.fund), "€400"):
        assert words in text
    assert seat.person.username not in text


@pytest.mark.usefixtures("organiser")
def test_what_is_too_long_to_print_is_said(client, monkeypatch):
    edition = EditionFactory()
    monkeypatch.setattr(paper, "LONGEST", 10)

    answer = client.get(at("draft_pdf", edition.pk), follow=True)

    assert "too long to print" in answer.content.decode()


@pytest.mark.parametrize("language", ["ar", "de"])
def test_both_are_printed_in_other_languages(language):
    with override(language):
        pages = [printed.draft(travelled().edition), printed.records(travelled().edition)]

    assert all(page.startswith(b"%PDF-") for page in pages)


def test_stays_are_paid_by_the_rates_of_the_agency_and_offered_as_lines(client):
    seat, organiser = travelled(), OrganiserFactory()
    edition = seat.edition
    fund = FundFactory(edition=edition)
    client.force_login(organiser)
    rates = reverse("admin:grandtour_cost_rates", args=[edition.pk])
    records = reverse("admin:grandtour_cost_records", args=[edition.pk])
    before = client.get(records).content.decode()
    assert "Individual support:" not in before

    form = client.get(rates).content.decode()
    assert "Austria" in form
    assert client.get(rates).context["form"]["group_1"].value() == ""
    wrong = client.post(rates, {"group_1": "a lot"})
    assert wrong.context["form"].errors.keys() == {"group_1"}
    client.post(rates, {"group_1": "190", "group_2": "", "group_3": "148.00"})

    edition.refresh_from_db()
    assert edition.day_rates == {1: 19_000, 3: 14_800}
    [found] = books.records(edition)
    days = (found.last_day - found.first_day).days + 1
    assert found.support.cents == (days + found.travel.days) * 19_000
    record = books.mobilities(edition)
    row = dict(zip(record.head, next(iter(record.rows)), strict=True))
    assert row["individual_support_eur"] * 100 == found.support.cents
    page = client.get(records)
    [travel, stay] = page.context["lines"]
    assert "Individual support" in stay["words"]
    line = client.get(stay["href"]).context["form"]
    assert line["what_for"].value() == "Individual support"
    client.post(stay["href"], {n: line[n].value() for n in line.fields})
    assert fund.lines.get().requested == found.support.cents
    assert travel["href"].startswith(reverse("admin:grandtour_cost_add_line", args=[fund.pk]))


def test_the_draft_tells_what_the_unit_costs_come_to_before_a_journey_is_confirmed():
    seat = travelled()
    edition = seat.edition
    type(edition).objects.update(day_rate_1=19_000)
    edition.refresh_from_db()
    Seat.objects.update(state="accepted", accepted_at=NOON)

    assert list(books.records(edition)) == []
    [one] = books.expected(edition)
    text = draft.wikitext(edition)

    assert "=== By the unit costs of Erasmus+ ===" in text
    assert money(one.support.cents, "EUR") in text
    assert money(one.travel.cents + one.support.cents, "EUR") in text
