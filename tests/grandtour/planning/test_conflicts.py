"""Where no plan keeps all rules, those that collide are named, and no others."""

from dataclasses import replace

import pytest

from grandtour.planning.conflicts import Rule, collisions, without
from grandtour.planning.limits import Infeasible
from grandtour.planning.problem import Locks, Pin, Share
from grandtour.planning.solver import solve
from tests.grandtour.planning.small import days, problem, stay, traveller


def three(**more):
    return [
        traveller("anna", "DE", **more),
        traveller("bela", "HU", first_time=True),
        traveller("cyril", "CZ"),
    ]


CASES = {
    "language": (
        problem(three(languages=frozenset({"fi"})), [stay("s")], Locks(keep=(Pin("anna"),))),
        {Rule("language"), Rule("keep", ("anna", ""))},
    ),
    "window": (
        problem(three(windows=(days(0, 1),)), [stay("s")], Locks(keep=(Pin("anna", "s"),))),
        {Rule("window"), Rule("keep", ("anna", "s"))},
    ),
    "locks": (
        problem(three(), [stay("s")], Locks(keep=(Pin("anna"),), exclude=(Pin("", "s"),))),
        {Rule("keep", ("anna", "")), Rule("exclude", ("", "s"))},
    ),
    "apart": (
        problem(
            three(),
            [stay("s")],
            Locks(keep=(Pin("anna"), Pin("bela")), apart=(frozenset({"anna", "bela"}),)),
        ),
        {
            Rule("keep", ("anna", "")),
            Rule("keep", ("bela", "")),
            Rule("apart", ("anna", "bela")),
        },
    ),
    "budget": (
        problem(three(), [stay("s", night_cost=1000)], groups_min=1, money_budget=5000),
        {Rule("money_budget"), Rule("groups_min")},
    ),
    "share": (
        problem(three(), [stay("s")], groups_min=1, shares=(Share("first_time", 60),)),
        {Rule("share", ("first_time",)), Rule("groups_min"), Rule("group_size")},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_rules_that_collide_are_named(name):
    given, expected = CASES[name]
    with pytest.raises(Infeasible):
        solve(given)
    assert set(collisions(given)) == expected


@pytest.mark.parametrize("name", CASES)
def test_giving_up_any_one_of_them_makes_a_plan(name):
    given, _expected = CASES[name]
    for rule in collisions(given):
        assert collisions(replace(without(given, frozenset({rule}))[0])) == () or (
            rule.name in {"language", "window"}  # what pairs ignore is no part of a problem
        )


def test_where_there_is_a_plan_nothing_collides():
    assert collisions(problem(three(), [stay("s")])) == ()
