"""Takes a file in and reads it, chunk by chunk: nothing is written but its staged lines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from capx.names import listed
from volunteers.imports import files, lines, values
from volunteers.imports.judging import judge
from volunteers.imports.matching import recognise
from volunteers.models import Affiliate, Import, ImportLine, Person, SkillLabel
from volunteers.models.bandwidth import today
from volunteers.models.marks import Mark
from volunteers.models.skills import name_key

CHUNK = 2000
LONGEST_CELL = 1000
A_DAY, A_DAYS_FILES = timedelta(days=1), 50


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file, who brings it, and for whom; None: for themselves."""

    by: Person
    affiliate: Affiliate | None
    name: str
    content: bytes
    letters: str = ""


def arrive(arrival: Arrival, *, at: datetime) -> Import:
    """Take a file in; raises files.Unreadable where no line of it can be read.

    Whoever brings too many is stopped too: each file keeps its lines here for a while, and
    says who among the members has which address.
    """
    if arrival.by.imports.filter(created_at__gt=at - A_DAY).count() >= A_DAYS_FILES:
        raise files.Unreadable(files.TOO_OFTEN)
    sheet = files.read(arrival.content, arrival.letters, _languages(arrival))
    if sheet.columns.kind == Import.Kind.CONTACTS and arrival.affiliate is None:
        raise files.Unreadable(files.NO_COLUMNS, listed(sheet.header.cells))
    if arrival.affiliate and not sheet.columns.names_people:
        raise files.Unreadable(files.NO_PEOPLE)
    day_first, open_day = values.order(list(sheet.values("day")))
    return Import.objects.create(
        affiliate=arrival.affiliate,
        by=arrival.by,
        kind=sheet.columns.kind,
        state=Import.State.ASKED if open_day else Import.State.READING,
        file_name=arrival.name.replace("\0", "")[:200] or "hours.csv",
        content=arrival.content,
        letters=sheet.letters,
        header=sheet.header.cells,
        left_out=sheet.columns.left_out,
        day_first=day_first,
        open_day=open_day[:60],
        lines_in_all=files.count_lines(sheet),
        created_at=at,
    )


def _languages(arrival: Arrival) -> frozenset[str]:
    """Give the languages of who sends a file: they settle what its bytes leave open."""
    if arrival.affiliate:
        return frozenset(arrival.affiliate.languages)
    return frozenset(arrival.by.languages.values_list("language", flat=True))


@transaction.atomic
def read_on(one: Import, *, at: datetime) -> None:
    """Stage the next lines of a file; after the last, recognise people and judge."""
    held = hold(one)
    if held is None:
        return
    sheet = files.read(bytes(held.content), held.letters)
    reader = lines.Reader(sheet.columns, held.day_first, today(held.by, at))
    rows = list(islice(sheet.rows(), held.position, held.position + CHUNK))
    _stage(held, [reader.read(row) for row in rows])
    held.position += len(rows)
    if rows and held.position < held.lines_in_all:
        held.save(update_fields=["position"])
        return
    recognise(held)
    judge(held)
    held.move(Import.State.READ, position=held.position, content=b"")


def hold(one: Import) -> Import | None:
    """Lock an import; None where somebody else has gone on with it meanwhile."""
    same = Import.objects.filter(pk=one.pk, state=one.state, position=one.position)
    return same.select_for_update(of=("self",)).select_related("by").first()


def _stage(one: Import, read: list[lines.Line]) -> None:
    """Write down what the lines say."""
    skills = _skills(label for line in read for label in line.labels)
    ImportLine.objects.bulk_create(_row(one, line, skills) for line in read)


def _skills(labels: Iterable[str]) -> dict[str, int]:
    """Give the skill of each label that is exactly the name of one."""
    wanted = {name_key(label) for label in labels}
    found: dict[str, set[int]] = {}
    called = SkillLabel.objects.filter(skill__retired=False).called(sorted(wanted))
    for skill, folded in called.values_list("skill_id", "folded"):
        for name in wanted & set(folded.split("\n")):
            found.setdefault(name, set()).add(skill)
    return {name: skills.pop() for name, skills in found.items() if len(skills) == 1}


def _row(one: Import, line: lines.Line, skills: dict[str, int]) -> ImportLine:
    """Make the row of a line; only its names say whom it is about, never its mark."""
    mark = Mark.read(line.ours) if line.ours else None
    reason, about = _refusal(one, line, mark)
    names = [skills.get(name_key(label)) for label in line.labels]
    return ImportLine(
        of=one,
        number=line.number,
        cells=[cell[:LONGEST_CELL] for cell in line.cells],
        reason=reason,
        about=about[:200],
        contact=line.contact,
        name=line.name[:200],
        email=line.email[:254],
        username=line.username[:255],
        person_id=None if one.affiliate_id else one.by_id,
        **_keys(one, line, mark),
        what=line.what,
        skill_id=next((skill for skill in names if skill), None),
        period=line.first and DateRange(line.first, _after(line)),
        weekly_hours=line.weekly_hours,
        becomes=line.state,
    )


def _refusal(one: Import, line: lines.Line, mark: Mark | None) -> tuple[str, str]:
    """Say why a line is refused, and what that is about.

    What its mark says is held against nothing that is here: a file tells nobody what is.
    """
    if line.reason:
        return line.reason, line.about
    if not one.affiliate_id and (stranger := _somebody_else(one.by, line)):
        return ImportLine.Reason.NOT_YOU, stranger
    if line.ours and not mark:
        return ImportLine.Reason.WRONG_ID, line.ours
    if mark and one.affiliate_id and not mark.from_files_of(one.scope):
        return ImportLine.Reason.HERE_ALREADY, ""
    return "", ""


def _keys(one: Import, line: lines.Line, mark: Mark | None) -> dict[str, Any]:
    """Give what tells the activity from others: by what stands there, and by its mark."""
    said = line.key and f"{one.scope}{line.key}"
    if mark and mark.from_files_of(one.scope):
        ours = f"{one.scope}{mark.number}"
        key = ours if line.key.startswith("#") else said
        return {"said_key": key, "ours_key": ours, "ours_row": mark.row}
    return {"said_key": said, "ours_row": mark and mark.row}


def _after(line: lines.Line) -> object:
    return line.last + timedelta(days=1) if line.last else None


def _somebody_else(person: Person, line: lines.Line) -> str:
    """Name the one a line of somebody's own file is about, if it is not them."""
    mine = {person.username.lower(), person.wiki_name.lower(), person.email.lower()}
    said = [words for words in (line.username, line.email) if words]
    others = [words for words in said if words.replace("_", " ").lower() not in mine]
    return others[0] if said and len(others) == len(said) else ""
