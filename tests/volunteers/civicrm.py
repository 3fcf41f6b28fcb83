"""Files as CiviCRM and people write them, with the mistakes that real ones have; seeded."""

import csv
import io
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

HEADER = [
    *("Activity ID", "Activity Type", "Subject", "Activity Date", "Duration"),
    *("Activity Status", "Target Contact ID", "Target Contact", "Target Contact Email"),
    *("Username", "Source Contact", "Details", "", ""),
]
TYPES = ["Volunteer", "Meeting", "Schulung", "Video editing", "Edit-a-thon"]
SUBJECTS = [
    *("Redaktion für Łódź", "Übersetzung", "Beratung", "Zdjęcia w muzeum", "Kasse"),
    *("=cmd|' /C calc'!A0", "+48 600 100 200", "@Stammtisch", "-Aufräumen"),
]
STATES = {
    "Scheduled": "planned",
    "Completed": "done",
    "Cancelled": "dropped",
    "No-show": "dropped",
}
NOW = date(2026, 5, 1)
FIRST = date(2024, 1, 1)


@dataclass
class Messy:
    """A file, and what has to become of each of its lines."""

    content: bytes = b""
    # Line number: the reason it has to be refused for, or nothing.
    reasons: dict[int, str] = field(default_factory=dict)
    # Contact (the first one of somebody who is doubled) and key of an activity: minutes, state.
    hours: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    # Which line said it, with all its cells; of what a later line said again, nothing is left.
    before: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    def note(self, number, contact, row, said):
        """Note a good line."""
        self.hours[contact, row["Activity ID"]] = said
        self.before.append((number, row))

    @property
    def refused(self):
        return {number: why for number, why in self.reasons.items() if why}


def duration(dice, minutes):
    """Write minutes in one of the ways people do."""
    hours, rest = divmod(minutes, 60)
    ways = [str(minutes), f"{minutes} min", f"{hours}:{rest:02}", f"{hours} h {rest} min"]
    if minutes % 30 == 0:
        ways.append(f"{minutes / 60:.1f} h".replace(".", ","))
    return dice.choice(ways)


def day_of(dice, day):
    """Write a day in one of the ways a German installation and its users do."""
    ways = [
        f"{day:%d.%m.%Y}",
        f"{day:%d.%m.%Y} 18:30",
        f"{day.isoformat()} 15:00:00",
        f"{day:%Y%m%d}",
        f"{day:%B} {day.day}th, {day.year} 3:00 PM",
    ]
    return dice.choice(ways)


WRONG = [
    ("no_duration", {"Duration": ""}),
    ("no_duration", {"Duration": "0"}),
    ("wrong_duration", {"Duration": "ein halber Tag"}),
    ("wrong_duration", {"Duration": "1,5"}),
    ("too_long", {"Duration": "99:00"}),
    ("no_day", {"Activity Date": ""}),
    ("wrong_day", {"Activity Date": "31.02.2025"}),
    ("wrong_day", {"Activity Date": "demnächst"}),
    ("far_day", {"Activity Date": "01.01.1970"}),
    ("wrong_status", {"Activity Status": "Vielleicht"}),
    ("no_subject", {"Subject": "", "Activity Type": ""}),
    ("several", {"Target Contact ID": "", "Target Contact": "Nowak, Ola; Müller, Jo"}),
    (
        "no_contact",
        {
            "Target Contact ID": "",
            "Target Contact": "",
            "Target Contact Email": "",
            "Username": "",
        },
    ),
]


# So much higher is the number of the second contact of somebody who is there twice.
SECOND = 5000


def messy(people, *, strangers=(), lines=5000, encoding="cp1250", separator=";"):
    """Make a file about contacts (id, name, e-mail, username), most of its lines good.

    Whoever has an address or a username stands there under two contact numbers, in capitals
    and without; `strangers` are contacts nobody stands for.
    """
    dice = random.Random(1)  # noqa: S311 -- to be the same each time
    made = Messy()
    text = [_line(HEADER, separator)]
    begun = 1 + text[0].count("\n")  # the number of the next line; a cell may hold several
    for number in range(lines):
        if dice.random() < 0.01:
            text.append(_line([""] * len(HEADER), separator))  # a blank line, as Excel leaves
            begun += 1
        contact = dice.choice([*people, *strangers])
        row, minutes, state = _row(dice, contact, 1000 + number)
        why = _spoil(dice, row, made, people)
        cells = [row.get(name, "") for name in HEADER]
        if why == "ragged":
            cells += ["", "zu viel"]
        elif not why:
            if contact in strangers:
                why = "nobody"
            else:
                made.note(begun, contact[0], row, (minutes, state))
            if dice.random() < 0.1:
                cells = cells[:-2]  # a line that ends early
        made.reasons[begun] = why
        text.append(_line(cells, separator))
        begun += text[-1].count("\n")
    made.content = _bytes(dice, "".join(text), encoding)
    return made


def _line(cells, separator):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _spoil(dice, row, made, people):
    """Make a mistake now and then; give the reason the line has to be refused for."""
    kind = dice.random()
    if kind < 0.06:
        why, changes = dice.choice(WRONG)
        row.update(changes)
        return why
    if kind < 0.08:
        return "ragged"
    if kind < 0.11 and made.before:
        return _say_again(dice, row, made, people)
    return ""


def _say_again(dice, row, made, people):
    """Write an earlier activity once more, under either contact; now and then as longer."""
    place = dice.randrange(len(made.before))
    number, said = made.before[place]
    first = str(int(said["Target Contact ID"]) % SECOND)
    row.clear()
    row.update(said, **_names(dice, next(one for one in people if one[0] == first)))
    if dice.random() < 0.7:
        del made.before[place]  # or a third line could contradict both
        return "twice"
    del made.before[place], made.hours[first, said["Activity ID"]]
    made.reasons[number] = "contradicts"
    row["Duration"] = "13:07"
    return "contradicts"


def _names(dice, contact):
    """Write who somebody is: under one of their numbers, in small letters or capitals."""
    key, name, email, username = contact
    if email or username:
        key = dice.choice([key, key, str(int(key) + SECOND)])
        name = dice.choice([name, name, name.upper(), name.lower()])
        email = dice.choice([email, email, email.upper()])
    return {
        "Target Contact ID": key,
        "Target Contact": name,
        "Target Contact Email": email,
        "Username": username,
    }


def _row(dice, contact, number):
    """Make a good line: its cells, minutes and what becomes of it."""
    day = FIRST + timedelta(days=dice.randrange(850))
    status = dice.choice(["Completed", "Completed", "Completed", "Scheduled", *STATES])
    minutes = dice.choice([5, 15, 30, 45, 60, 90, 95, 120, 240, 480, 725])
    details = dice.choice(["", "", "Danke!", 'Erste Zeile\r\nzweite; Zeile\r\n"dritte"'])
    row = {
        "Activity ID": str(number),
        "Activity Type": dice.choice(TYPES),
        "Subject": dice.choice(SUBJECTS),
        "Activity Date": day_of(dice, day),
        "Duration": duration(dice, minutes),
        "Activity Status": dice.choice([status, status.upper()]),
        **_names(dice, contact),
        "Source Contact": "Kowalska, Źdźbło",
        "Details": details,
    }
    return row, minutes, STATES[status]


def _bytes(dice, text, encoding):
    """Write the letters, with a few NULs that say nothing."""
    content = text.encode(encoding)
    if encoding.startswith("utf-16"):
        return content
    for _nul in range(20):
        place = content.index(b"Kowalska", dice.randrange(len(content) - 1000))
        content = content[:place] + b"\0" + content[place:]
    return content
