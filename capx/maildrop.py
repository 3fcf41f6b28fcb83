"""The mails of a trial: Django wrote them into files, several to a file; here they are read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

# Between the mails of one file; what somebody wrote is never followed by these words.
BETWEEN = re.compile(rb"^-{79}\n(?=Content-Type:|MIME-Version:|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it would have arrived."""

    key: str
    to: str
    subject: str
    sent_at: datetime | None
    text: str


def letters(folder: Path, most: int) -> list[Letter]:
    """Read the latest mails of a folder, the newest first."""
    found: list[Letter] = []
    for path in _files(folder):
        found += reversed(list(_letters_in(path)))
        if len(found) >= most:
            break
    return found[:most]


def letter(folder: Path, key: str) -> Letter | None:
    """Find one mail again by its key; nothing outside the folder is ever opened."""
    stem, _dot, _number = key.rpartition(".")
    for path in _files(folder):
        if path.stem == stem:
            return next((one for one in _letters_in(path) if one.key == key), None)
    return None


def _files(folder: Path) -> list[Path]:
    """List the files, the newest first: their names begin with the moment."""
    paths = [path for path in folder.glob("*") if path.suffix in {".log", ".eml"}]
    return sorted(paths, reverse=True)


def _letters_in(path: Path) -> Iterator[Letter]:
    """Take a file apart into its mails, in the order in which they were sent."""
    parts = [part for part in BETWEEN.split(path.read_bytes()) if part.strip()]
    for number, part in enumerate(parts, start=1):
        yield _read(f"{path.stem}.{number}", message_from_bytes(part, policy=policy.default))


def _read(key: str, mail: EmailMessage) -> Letter:
    """Take from a mail what a page shows of it."""
    body = mail.get_body(("plain",))
    return Letter(
        key=key,
        to=mail.get("To", ""),
        subject=mail.get("Subject", ""),
        sent_at=_moment(mail.get("Date", "")),
        text=body.get_content().strip() if body else "",
    )


def _moment(date: str) -> datetime | None:
    """Read the date of a mail; one that names no zone (`-0000`) is in UTC."""
    try:
        read = parsedate_to_datetime(date)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
