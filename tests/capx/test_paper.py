"""Words on paper: as data, in any script, never longer than a moment."""

import io

import pypdf
import pytest

from capx import paper

HOSTILE = [
    '#read("/etc/passwd")',
    '#panic("stop")',
    "$ x^2 $ *bold* _thin_ @nobody `code` <label> ] } \\ //",
    '"); #import "@preview/x:1.0.0"',
    "= A heading\n- a list\n+ one",
    "\u202eabc\u202c \u200f",
    "x" * 5000,
]


def letter(**said):
    words = {
        "lang": "en",
        "rtl": False,
        "title": "Letter of thanks",
        "affiliate": "Wikimedia Polska",
        "date": "3 May 2026",
        "to": "To Ola",
        "words": paper.paragraphs("You held it together"),
        "done_title": "What was done",
        "done": [],
        "giver": "Ewa",
        "role": "On behalf of Wikimedia Polska",
        "made": "Capacity Exchange",
    }
    return paper.pdf("exchange/letter.typ", words | said)


def read(page):
    pages = pypdf.PdfReader(io.BytesIO(page)).pages
    return "\n".join(one.extract_text() for one in pages)


def fonts(page):
    found = pypdf.PdfReader(io.BytesIO(page)).pages[0]["/Resources"]["/Font"]
    return {one.get_object()["/BaseFont"].split("+")[1] for one in found.values()}


def test_all_words_stand_on_the_page():
    text = read(letter(done=[{"title": "Cutting films", "when": "3 to 9 March"}]))

    for words in (
        *("Letter of thanks", "Wikimedia Polska", "3 May 2026", "To Ola", "Ewa"),
        *("You held it together", "What was done", "Cutting films", "3 to 9 March"),
    ):
        assert words in text


def test_what_was_not_chosen_is_not_even_a_heading():
    assert "What was done" not in read(letter())


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("field", ["words", "affiliate", "giver", "title", "done"])
def test_nothing_people_write_is_read_as_markup(words, field):
    value = {
        "words": paper.paragraphs(words),
        "done": [{"title": words, "when": words}],
    }.get(field, words)

    text = read(letter(**{field: value}))

    plain = [part for part in words.split() if part.isascii() and len(part) < 30]
    assert all(part in text for part in plain)
    assert "root:" not in text


def test_arabic_is_set_in_its_own_letters_from_the_right():
    page = letter(
        lang="ar",
        rtl=True,
        title="رسالة شكر",
        words=paper.paragraphs("شكرًا لك على الأفلام"),
    )

    first = pypdf.PdfReader(io.BytesIO(page)).pages[0]
    lines = []

    def note(text, page, line, _font, _size):
        if text.strip():
            lines.append((text.strip(), page[0] * line[4] + page[2] * line[5] + page[4]))

    first.extract_text(visitor_text=note)
    assert "NotoSansArabic-Regular" in fonts(page)
    assert "NotoSansArabic-Bold" in fonts(page)
    assert max(place for _text, place in lines) > float(first.mediabox.width) / 2


def test_a_language_is_said_in_the_file():
    reader = pypdf.PdfReader(io.BytesIO(letter(lang="de")))

    assert reader.trailer["/Root"]["/Lang"] == "de"
    assert reader.metadata.title == "Letter of thanks"


def test_too_many_words_are_not_printed():
    with pytest.raises(paper.Unprintable):
        letter(title="x" * 200_000)


def test_a_press_that_hangs_is_stopped(monkeypatch, tmp_path):
    hanging = tmp_path / "press.py"
    hanging.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(paper, "PRESS", hanging)
    monkeypatch.setattr(paper, "SECONDS", 0.5)

    with pytest.raises(paper.Unprintable):
        letter()


@pytest.mark.parametrize(
    "program",
    ["raise SystemExit(3)", "import resource\nx = bytearray(8 * 1024**3)"],
)
def test_a_press_that_fails_is_told_and_logged(monkeypatch, tmp_path, caplog, program):
    failing = tmp_path / "press.py"
    limit = (paper.PRESS.read_text()).split("def main")[0] + "\nbound()\n"
    failing.write_text(limit + program)
    monkeypatch.setattr(paper, "PRESS", failing)

    with pytest.raises(paper.Unprintable):
        letter()
    assert "The press failed" in caplog.text


def test_a_file_that_is_too_large_is_not_given(monkeypatch):
    monkeypatch.setattr(paper, "LARGEST", 100)

    with pytest.raises(paper.Unprintable):
        letter()


@pytest.mark.parametrize(
    ("text", "leftwards"),
    [("Danke", False), ("شكرا", True), ("שלום", True), ("123 شكرا", True), ("", False)],
)
def test_the_first_letter_says_how_a_line_is_read(text, leftwards):
    assert paper.reads_leftwards(text) == leftwards
