from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.volunteers.civicrm import HEADER
from volunteers.exports.hours import disarmed
from volunteers.imports import columns, files, values
from volunteers.imports.lines import armed

DAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05",
        "2026-01-05 15:00:00",
        "2026-01-05T15:00",
        "20260105",
        "20260105150000",
        "05.01.2026",
        "5.1.2026",
        "5. 1. 26",
        "January 5th, 2026 3:00 PM",
        "Jan 5, 2026",
        "5. Januar 2026",
        "5 de enero de 2026",
        "5 janvier 2026",
        "5 Jan 2026 15:00",
    ],
)
def test_a_day_is_read_as_people_write_it(text):
    assert values.day(text, day_first=None) == DAY


def test_a_day_of_two_numbers_is_read_as_somebody_said():
    assert values.day("05/01/2026", day_first=True) == DAY
    assert values.day("01/05/2026", day_first=False) == DAY
    assert values.day("5-1-2026", day_first=True) == DAY
    with pytest.raises(values.Ambiguous):
        values.day("05/01/2026", day_first=None)


@pytest.mark.parametrize("text", ["31.02.2025", "soon", "13/13/2026", "2026", "1e9", "5"])
def test_what_is_no_day_is_not_read(text):
    with pytest.raises(values.NotKnown):
        values.day(text, day_first=True)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["25/03/2026", "03/04/2026"], (True, "")),
        (["03/25/2026", "03/04/2026"], (False, "")),
        (["03/04/2026"], (None, "03/04/2026")),
        (["25/03/2026", "03/25/2026"], (None, "25/03/2026")),
        (["03/03/2026"], (None, "")),
        (["2026-03-04", "3.4.2026", ""], (None, "")),
    ],
)
def test_what_comes_first_is_known_or_asked(texts, found):
    assert values.order(texts) == found


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90),
        ("90.00", 90),
        ("90 min", 90),
        ("1:30", 90),
        ("01:30:00", 90),
        ("1,5 h", 90),
        ("1.5h", 90),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("1,5 Stunden", 90),
        ("2 horas", 120),
        ("0", 0),
    ],
)
def test_a_duration_is_read_in_minutes(text, minutes):
    assert values.minutes(text) == minutes


def test_a_number_in_a_column_of_hours_means_hours():
    assert values.minutes("1,5", in_hours=True) == 90
    assert values.minutes("90 min", in_hours=True) == 90
    with pytest.raises(values.NotKnown):
        values.minutes("1,5")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-5",
        "1e3",
        "x",
        "1:75",
        "1.234.567",
        "99999999999:00:x",
        "1.000",
        "1,000 min",
        "9" * 5000,
        f"{'9' * 5000}:00",
    ],
)
def test_what_is_no_duration_is_not_read(text):
    with pytest.raises(values.NotKnown):
        values.minutes(text)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Completed", "done"),
        ("ABGESCHLOSSEN", "done"),
        ("No_show", "dropped"),
        ("No-Show", "dropped"),
        ("Programada", "planned"),
        ("Annulé", "dropped"),
        ("In Progress", "running"),
    ],
)
def test_a_state_is_read_in_four_languages(text, state):
    assert values.state(text) == state


@given(st.text())
def test_whatever_stands_there_is_read_or_refused(text):
    for read in (
        lambda: values.day(text, day_first=True),
        lambda: values.minutes(text),
        lambda: values.state(text),
    ):
        with suppress(values.NotKnown):
            read()


@given(st.text())
def test_a_disarmed_cell_is_read_back_as_it_was(text):
    assert armed(disarmed(text)) == text
    assert not disarmed(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_columns_are_known_in_any_order_and_language():
    german = columns.recognised(["Dauer", "Betreff", "Aktivitätsdatum", "Zielkontakt", "Farbe"])
    spanish = columns.recognised(["Fecha de la actividad", "Duración", "Asunto", "Estado"])
    french = columns.recognised(["Sujet", "Durée", "Date de l'activité", "Statut"])

    assert german.kind == spanish.kind == french.kind == "activities"
    assert (german.places["minutes"], german.left_out) == (0, ["Farbe"])
    assert columns.recognised(["Contact ID", "Display Name", "Email"]).kind == "contacts"
    assert columns.recognised(["Amount", "Currency"]).kind == ""


def test_of_two_columns_with_one_meaning_the_better_name_is_read():
    found = columns.recognised([*HEADER, "Contact ID", "Time Scheduled in Minutes"])

    assert found.places["contact"] == HEADER.index("Target Contact ID")
    assert found.places["minutes"] == HEADER.index("Duration")
    assert found.left_out[-2:] == ["Contact ID", "Time Scheduled in Minutes"]


TABLE = "Activity Date;Duration;Subject\r\n05.01.2026;90;Zażółć gęślą jaźń\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_letters_and_separators_are_found(encoding, separator):
    content = TABLE.replace(";", separator).encode(encoding)

    sheet = files.read(content)

    assert sheet.separator == separator
    assert [row.cells for row in sheet.rows()] == [["05.01.2026", "90", "Zażółć gęślą jaźń"]]


def test_what_bytes_leave_open_the_languages_settle():
    western = TABLE.replace("Zażółć gęślą jaźń", "Première, señor").encode("cp1252")
    czech = TABLE.replace("Zażółć gęślą jaźń", "Dvořák").encode("cp1250")

    assert files.read(western).letters == "cp1252"
    assert files.read(czech).letters == "cp1252"
    assert files.read(czech, languages=frozenset({"cs"})).letters == "cp1250"
    assert files.read(czech, "cp1250").letters == "cp1250"


def test_a_line_for_excel_blank_lines_and_nuls_are_passed_over():
    content = b"sep=;\r\nActivity Date;Duration\r\n;;\r\n\r\n05.01.2026;9\x000\r\n"

    sheet = files.read(content)

    assert [(row.number, row.cells) for row in sheet.rows()] == [(5, ["05.01.2026", "90"])]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", files.EMPTY),
        (b" \r\n\r\n", files.EMPTY),
        (b"Activity Date;Duration\r\n", files.EMPTY),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", files.NO_COLUMNS),
        (b"Amount;Currency\r\n5;EUR", files.NO_COLUMNS),
        (b"Activity Date,Duration\r\n" + b'1,"' + b"x\n" * 2000, files.NOT_CLOSED),
        (b"Activity Date,Duration\r\n" + b"1,2\r\n" * 50_001, files.TOO_MANY),
        (b"Activity Date,Duration\r\n" + b"1" * 5_000_000, files.TOO_LARGE),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(content, why):
    with pytest.raises(files.Unreadable) as refused:
        files.count_lines(files.read(content))

    assert refused.value.why == why


def test_letters_that_are_wrong_are_named():
    with pytest.raises(files.Unreadable) as refused:
        files.read(TABLE.encode("cp1250"), "utf-8-sig")

    assert (refused.value.why, refused.value.about) == (files.WRONG_LETTERS, "utf-8-sig")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(content):
    with suppress(files.Unreadable):
        files.count_lines(files.read(b"Activity Date,Duration\n" + content))
