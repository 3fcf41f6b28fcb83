"""The simulation of fair asking: the same twice, and true to the gate."""

from dataclasses import replace

import pytest
from django.db import transaction

from benchmarks import asking, movement
from benchmarks.fair_asking import WORLDS, Assumptions
from volunteers import gate
from volunteers.gate import Answer
from volunteers.models import Ask, Commitment

pytestmark = pytest.mark.django_db
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
