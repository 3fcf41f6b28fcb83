"""Every rule by which journeys are planned stands on the page of an edition."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.utils.translation import override

from grandtour.planning.problem import Rules
from grandtour.plans import broken, ruled
from grandtour.plans.reading import bounds
from tests.grandtour.tours import EditionFactory

pytestmark = pytest.mark.django_db
VERIFIER = ("grandtour/planning/verify.py", "grandtour/planning/legs.py")
WITH_ALL = {"least_first_time": 30, "least_new_countries": 20, "least_without_office": 10}


def looked_at():
    """Name every rule that the verifier looks at, from its own text."""
    text = "".join(Path(path).read_text(encoding="utf-8") for path in VERIFIER)
    return set(re.findall(r'(?:Broken\(|yield )"(\w+)"', text))


def test_each_rule_of_the_planner_and_of_its_verifier_is_told_before_anybody_applies(client):
    edition = EditionFactory(most_stops=3, **WITH_ALL)
    told = list(ruled.told(edition))

    names = {name for some, _words in told for name in some} | {*ruled.ELSEWHERE}
    page = client.get(edition.get_absolute_url()).content.decode()

    assert {field.name for field in fields(Rules)} | looked_at() == names
    assert [words for _names, words in told if words not in page] == []


def test_the_figures_are_those_the_planner_is_given(client):
    edition = EditionFactory(most_stops=3, travel_first_day="2026-05-01")
    edition.refresh_from_db()
    rules = bounds(edition)

    said = " ".join(words for _names, words in ruled.told(edition))

    assert f"at most {rules.leg_hours} hours, without a plane" in said
    assert f"Up to {rules.home_hours} hours from home" in said
    assert f"up to {rules.ferry_km} kilometres" in said
    assert "the same day of the week: Friday" in said


def test_where_all_visit_one_host_nothing_is_said_of_ways_between_hosts():
    edition = EditionFactory(fewest_stops=1, most_stops=1)

    names = {name for some, _words in ruled.told(edition) for name in some}

    assert "leg_hours" not in names


@pytest.mark.parametrize("language", ["ar", "de", "es"])
def test_rules_are_told_in_the_readers_language(language):
    edition = EditionFactory(most_stops=3, **WITH_ALL)
    english = {words for _names, words in ruled.told(edition)}

    with override(language):
        assert english.isdisjoint(words for _names, words in ruled.told(edition))


def test_each_rule_that_a_plan_can_break_has_words():
    names = looked_at() - {*broken.FIGURES, broken.PRIVATE} | {"figures"}

    assert len({broken.of_rule(name) for name in names}) == len(names)
