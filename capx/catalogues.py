"""What the site says, gathered from its code, and the catalogues of its translations."""

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

SOURCES = ["capx", "volunteers", "exchange", "grandtour", "templates"]
TEMPLATES = {".html", ".txt"}
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = """\
# Capacity Exchange in another language.
# GPL-3.0-or-later, as the code; msgids come from it: manage.py messages
#"""
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sd]|\{\w*\}|</?\w+[^>]*>")
REPEATED = re.compile(r"(.{6,}?)\s*(\1\s*)+", re.DOTALL)

Said = str | tuple[str, ...]
Key = tuple[str | None, Said]


def path_of(language: str) -> Path:
    """Tell where the catalogue of a language lies."""
    folder: Path = settings.LOCALE_PATHS[0]
    return folder / to_locale(language) / "LC_MESSAGES" / "django.po"


def languages() -> list[str]:
    """List the languages of the site that are not the one the code is written in."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def gather() -> Catalog:
    """Read every sentence that code and templates give to gettext."""
    found = Catalog(header_comment=HEADER, project="Capacity Exchange", fuzzy=False)
    root: Path = settings.BASE_DIR
    for path in sorted(p for top in SOURCES for p in (root / top).rglob("*.*")):
        name = path.relative_to(root).as_posix()
        for line, said, comments, context in _said_in(path):
            found.add(said, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def _said_in(path: Path) -> Iterator[tuple[int, Said, list[str], str | None]]:
    """Read the sentences of one file."""
    if path.suffix == ".py":
        code = path.read_bytes()
    elif path.suffix in TEMPLATES:
        code = _as_python(path.read_text(encoding="utf-8"), str(path)).encode()
    else:
        return
    yield from extract("python", io.BytesIO(code), KEYWORDS, ["Translators:"])


def _as_python(template: str, origin: str) -> str:
    """Turn a template into calls of gettext; indents would mean something to Python."""
    code = templatize(template, origin=origin)
    return "\n".join(line.strip() for line in code.split("\n"))


def read(language: str) -> Catalog:
    """Read the catalogue of a language; an empty one where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return _new(language)
    with path.open("rb") as lines:
        return read_po(lines, locale=to_locale(language), charset="utf-8")


def _new(language: str) -> Catalog:
    """Begin the catalogue of a language."""
    return Catalog(
        locale=to_locale(language),
        header_comment=HEADER,
        project="Capacity Exchange",
        version="1",
        msgid_bugs_address="the issues of this project",
        last_translator="the people of Capacity Exchange",
        language_team=language,
        fuzzy=False,
    )


def write(language: str, catalogue: Catalog) -> None:
    """Write a catalogue so that two runs, and two people, write the same."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    for message in catalogue:  # numbers of lines are not written, so no order hangs on them
        message.locations = sorted({(name, 0) for name, _line in message.locations})
    with path.open("wb") as lines:
        write_po(lines, catalogue, sort_by_file=True, include_lineno=False, width=96)


def compile_(language: str) -> None:
    """Write the catalogue as gettext reads it."""
    with path_of(language).with_suffix(".mo").open("wb") as binary:
        write_mo(binary, read(language))


def key_of(message: Message) -> Key:
    """Tell by what a sentence is known: its context and its words."""
    said = message.id
    return message.context, said if isinstance(said, str) else tuple(said)


def keys_of(catalogue: Iterable[Message]) -> set[Key]:
    """Name every sentence of a catalogue but its header."""
    return {key_of(message) for message in catalogue if message.id}


def translated(catalogue: Catalog) -> int:
    """Count the sentences that have a translation."""
    return sum(bool(m.id) and all(_forms(m)) for m in catalogue if not m.fuzzy)


def broken(catalogue: Catalog) -> Iterator[str]:
    """Name the translations whose placeholders or tags are not those of the sentence."""
    for message in catalogue:
        forms = [form for form in _forms(message) if form]
        if message.id and forms and not _fits(message, forms):
            yield str(message.id)


def repeated(catalogue: Catalog) -> Iterator[str]:
    """Name the sentences whose translation says the same several times in a row."""
    for message in catalogue:
        if message.id and any(REPEATED.fullmatch(form) for form in _forms(message)):
            yield str(message.id)


def _fits(message: Message, forms: list[str]) -> bool:
    """Compare the placeholders; one form of a plural may leave its number out."""
    if isinstance(message.id, str):
        return all(_placeholders(form) == _placeholders(message.id) for form in forms)
    most = set(_placeholders(message.id[1]))
    return all(set(_placeholders(form)) <= most for form in forms)


def _forms(message: Message) -> list[str]:
    """List what a sentence is in the other language: one text, or one for each number."""
    said = message.string or ""
    return [said] if isinstance(said, str) else list(said)


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))
