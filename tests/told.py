"""All that an answer tells, whatever kind of file it is: words of PDF and XLSX, too."""

import io
import json
import re
import zipfile
from html import unescape

from openpyxl import load_workbook
from pypdf import PdfReader

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {
    "csv": "text/csv",
    "ics": "text/calendar",
    "json": "application/json",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "html": "text/html",
    "xlsx": XLSX,
}


def told(answer):
    """Read what an answer tells: its content, what the file is called, where it leads."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = [answer.headers.get(name, "") for name in ("Content-Disposition", "Location")]
    kind = answer.headers.get("Content-Type", "text/plain")
    return "\n".join([*headers, words(content, kind)])


def words(content, kind):
    """Read a file of a kind; KeyError for one of which nobody has thought."""
    kind = kind.partition(";")[0].strip()
    return READERS[kind](content)


def _plain(content):
    return content.decode(errors="replace")


def _of_html(content):
    return unescape(_plain(content))


def _of_json(content):
    return json.dumps(json.loads(content), ensure_ascii=False) if content else ""


def _of_calendar(content):
    """Read a calendar with its long lines whole."""
    return re.sub(r"\r?\n[ \t]", "", _plain(content))


def _of_pdf(content):
    """Read the words of all pages; the receipts of tests are no whole files, and read as is."""
    if b"startxref" not in content:
        return _plain(content)
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def _of_xlsx(content):
    """Read the names of all sheets, and every cell."""
    book = load_workbook(io.BytesIO(content), read_only=True)
    cells = [
        str(cell)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    ]
    return "\n".join([*book.sheetnames, *cells])


def _of_zip(content):
    """Read every file in it, and what it is called."""
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        return "\n".join(
            f"{name}\n{words(folder.read(name), ENDINGS[name.rpartition('.')[2]])}"
            for name in folder.namelist()
        )


READERS = {
    **dict.fromkeys(("text/plain", "text/csv", "text/javascript", "text/css"), _plain),
    "image/svg+xml": _plain,
    "text/html": _of_html,
    "text/calendar": _of_calendar,
    "application/json": _of_json,
    "application/pdf": _of_pdf,
    "application/zip": _of_zip,
    XLSX: _of_xlsx,
}
