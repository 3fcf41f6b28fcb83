"""The simulation of fair asking: the same twice, and true to the gate."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse

from benchmarks import asking, movement
from benchmarks.fair_asking import WORLDS, Assumptions
from exchange.views.catalogue import SIMULATED
from volunteers import gate
from volunteers.gate import Answer
from volunteers.models import Ask, Commitment

pytestmark = pytest.mark.django_db
SHARE = re.compile(r"\**([\d.]+) %")
CELL = re.compile(r'<td class="numbers">([\d.]+)</td>')
MEDIAN = re.compile(r"([\d.]+) and [\d.]+ days")
HALF = 0.5 + 1e-9  # as far as a whole number may be from what it rounds
TINY = Assumptions(people=60, weeks=8, needs_a_week=120, fame=2)


@pytest.fixture(autouse=True)
def _movement():
    movement.fill(TINY)


def live(world, assumed=TINY):
    """Live through one world and put everything back as it was."""
    with transaction.atomic():
        figures = asking.figures(world, assumed)
        transaction.set_rollback(True)
    return figures


def value(figures, what):
    return figures[what][0]


def test_two_runs_of_a_world_give_the_same_figures_and_all_worlds_have_the_same_needs():
    once, again = ({world: live(world) for world in WORLDS} for _run in range(2))

    assert once == again
    assert len({value(figures, "needs") for figures in once.values()}) == 1
    assert once["gated"] != once["listed"] != once["known"]


def test_nobody_is_asked_while_the_gate_says_no(monkeypatch):
    admit, said = gate.admit, []

    def watched(person, *, asker, now, wish, why=""):
        answer = gate.check(person, asker=asker, now=now, wish=wish)
        asks = Ask.objects.count()
        try:
            return admit(person, asker=asker, now=now, wish=wish, why=why)
        finally:
            said.append((answer, Ask.objects.count() - asks))

    monkeypatch.setattr(gate, "admit", watched)
    figures = live("gated")

    assert {answer for answer, _asked in said} == set(Answer)
    assert not [asked for answer, asked in said if answer == Answer.CLOSED and asked]
    assert value(figures, "asks") == sum(asked for _answer, asked in said)


def test_what_people_do_not_tell_the_site_is_not_known_to_the_gate():
    told = movement.Movement.read(TINY).members
    keeps_quiet = {member.pk for member in told if not member.tells}

    assert keeps_quiet
    assert not Commitment.objects.filter(person__in=keeps_quiet).exists()


def test_who_always_says_no_has_no_week_too_full():
    never = replace(TINY, yes=0, yes_if_full=0, yes_if_over=0)
    for world in WORLDS:
        figures = live(world, never)

        assert value(figures, "weeks over capacity") == 0
        assert value(figures, "needs that found help") == 0


# The line of the table in docs/benchmarks.md, its column, and of how many the page speaks.
LINES = {
    "busiest_known": ("hours carried by the busiest 1 %", 0, 100),
    "busiest_listed": ("hours carried by the busiest 1 %", 1, 100),
    "busiest_asked": ("hours carried by the busiest 1 %", 2, 100),
    "over_known": ("weeks over capacity (U > 1), of all weeks of all people", 0, 10_000),
    "over_listed": ("weeks over capacity (U > 1), of all weeks of all people", 1, 10_000),
    "over_asked": ("weeks over capacity (U > 1), of all weeks of all people", 2, 10_000),
    "answered_known": ("asks answered within seven days", 0, 100),
    "answered_listed": ("asks answered within seven days", 1, 100),
    "answered_asked": ("asks answered within seven days", 2, 100),
    "told_known": ("of those who tell the site their hours", 0, 10_000),
    "silent_known": ("of those who tell it nothing", 0, 10_000),
    "silent_asked": ("of those who tell it nothing", 2, 10_000),
    "others": ("names in mind that were not asked in the end", 2, 100),
    "nobody": ("needs that once found nobody to ask", 2, 1000),
}
DAYS = {"days_known": 0, "days_listed": 1, "days_asked": 2}
MEASURES = ("over", "busiest", "answered", "days")


def measured():
    """Read the part about the simulation, the shares of each line, and the median days."""
    text = Path("docs/benchmarks.md").read_text(encoding="utf-8")
    part = text.split("### Fair asking")[1].split("\n### ")[0]
    lines = [line.strip("| ").split(" | ") for line in part.splitlines() if line[:1] == "|"]
    shares = {
        line[0].removeprefix("\N{EN DASH} "): [SHARE.match(cell) for cell in line[1:]]
        for line in lines
    }
    table = {
        name: [float(found[1]) if found else 0 for found in line]
        for name, line in shares.items()
        if any(line)
    }
    times = next(
        line for line in lines if line[0] == "time to the first answer, median and p90"
    )
    return part, table, [float(found) for found in MEDIAN.findall(" ".join(times[1:]))]


def test_what_the_page_says_of_the_simulation_stands_in_the_table_of_it():
    part, table, waited = measured()
    told = dict(SIMULATED)

    assert f"{told.pop('people'):,} invented people" in part
    for name, column in DAYS.items():
        assert told.pop(name) == round(waited[column], 1), name
    assert set(told) == set(LINES)
    for name, (line, column, of) in LINES.items():
        assert abs(told[name] - table[line][column] / 100 * of) <= HALF, name
    # The page says 'less than one' of 10,000.
    assert table["of those who tell the site their hours"][2] / 100 * 10_000 < 1


def test_the_page_has_all_four_measures_of_the_three_worlds(client):
    page = client.get(reverse("exchange:order")).content.decode()
    measures = page.split("<tbody>")[1:]

    figures = [[float(one) for one in CELL.findall(measure)] for measure in measures]

    assert figures == [
        [SIMULATED[f"{what}_{world}"] for world in ("known", "listed", "asked")]
        for what in MEASURES
    ]


def test_what_the_page_concludes_is_so():
    """The list answers more, sooner, on more shoulders; only the look makes weeks emptier."""
    told = SIMULATED

    assert told["busiest_asked"] < told["busiest_listed"] < told["busiest_known"]
    assert told["answered_asked"] >= told["answered_listed"] > told["answered_known"]
    assert told["days_asked"] <= told["days_listed"] < told["days_known"]
    assert told["over_known"] - told["over_listed"] < told["over_listed"] - told["over_asked"]
