"""Opens a CSV file as other systems write them; pure, and nothing is guessed in silence.

Its letters, what stands between its cells, and its first line with the names of the columns.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from capx.names import listed
from volunteers.imports import columns

MOST_BYTES = 5_000_000
MOST_LINES = 50_000
# A value over so many lines is one whose quotation mark was never closed.
LONGEST_VALUE = 1000
SEPARATORS = ",;\t|"
# What Windows-1250 writes as a letter (ą ł ż Ą Ł Ż ź ť ź) is a sign, or nothing, in 1252.
CENTRAL = re.compile(rb"[A-Za-z][\x9d\x9f\xa5\xb3\xb9\xbf]|[\xa3\xa5\xaf\x8d\x8f][a-z]")
CENTRAL_LANGUAGES = {"bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq", "szl", "hsb"}
NUL_SHARE = 0.2
BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


class Unreadable(Exception):
    """No line of this file can be read; `why` is one of the reasons below."""

    def __init__(self, why: str, about: str = "") -> None:
        """Remember why, and what it is about."""
        super().__init__(why)
        self.why = why
        self.about = about


EMPTY, TOO_MANY, TOO_LARGE, WRONG_LETTERS, NOT_CLOSED, NO_COLUMNS, NO_PEOPLE, TOO_OFTEN = (
    *("empty", "too_many", "too_large", "wrong_letters", "not_closed", "no_columns"),
    *("no_people", "too_often"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line with something in it: the number it begins at, and its cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file whose columns are known."""

    text: str
    letters: str
    separator: str
    header: Row
    columns: columns.Columns

    def rows(self) -> Iterator[Row]:
        """Give the lines below the header that are not blank."""
        return (row for row in _rows(self.text, self.separator) if row.number > self.first)

    @property
    def first(self) -> int:
        """Give the number of the line with the names of the columns."""
        return self.header.number

    def values(self, name: str) -> Iterator[str]:
        """Give what stands in one column."""
        place = self.columns.places.get(name)
        if place is not None:
            yield from (row.cells[place] for row in self.rows() if place < len(row.cells))


def read(content: bytes, letters: str = "", languages: frozenset[str] = frozenset()) -> Sheet:
    """Open a file; `letters` is its encoding where somebody said so.

    `languages` are those of who sends it: they settle what the bytes leave open. Raises
    Unreadable.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    if not content.strip():
        raise Unreadable(EMPTY)
    used = letters or letters_of(content, languages)
    try:
        text = content.decode(used).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError) as wrong:
        raise Unreadable(WRONG_LETTERS, used) from wrong
    separator, header = _header(text)
    sheet = Sheet(text, used, separator, header, columns.recognised(header.cells))
    if not sheet.columns.kind:
        raise Unreadable(NO_COLUMNS, listed(name for name in header.cells if name))
    return sheet


def count_lines(sheet: Sheet) -> int:
    """Count the lines below the header, all of which can be read; raises Unreadable."""
    lines = sum(1 for _row in sheet.rows())
    if not lines:
        raise Unreadable(EMPTY)
    if lines > MOST_LINES:
        raise Unreadable(TOO_MANY)
    return lines


def letters_of(content: bytes, languages: frozenset[str]) -> str:
    """Tell the encoding from the bytes; what they leave open, from the languages."""
    for mark, name in BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            return name
    if content.count(b"\0") > len(content) * NUL_SHARE:
        return "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        central = CENTRAL.search(content) or languages & CENTRAL_LANGUAGES
        return "cp1250" if central else "cp1252"
    return "utf-8"


def _header(text: str) -> tuple[str, Row]:
    """Find the separator that makes most columns known, and the line that names them."""
    found = []
    for separator in SEPARATORS:
        rows = _rows(text, separator)
        first = next(rows, None)
        if first and re.fullmatch(r"sep=.?", "".join(first.cells).strip(), re.IGNORECASE):
            first = next(rows, None)  # a line that only Excel reads
        if first:
            known = len(columns.recognised(first.cells).places)
            found.append(((known, len(first.cells)), separator, first))
    if not found:
        raise Unreadable(EMPTY)
    _how_good, separator, first = max(found, key=lambda one: one[0])
    return separator, first


def _rows(text: str, separator: str) -> Iterator[Row]:
    """Give the lines that are not blank; raises Unreadable where a quotation never ends."""
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator)
    while True:
        before = reader.line_num
        try:
            cells = next(reader, None)
        except csv.Error as wrong:
            raise Unreadable(NOT_CLOSED, str(before + 1)) from wrong
        if cells is None:
            return
        if reader.line_num - before > LONGEST_VALUE:
            raise Unreadable(NOT_CLOSED, str(before + 1))
        if any(cell.strip() for cell in cells):
            yield Row(before + 1, [cell.strip() for cell in cells])
