"""What holds of imported hours in whatever order, and in how many files, their lines come."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import permutations
from typing import NamedTuple

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import AffiliateFactory, MembershipFactory, SkillFactory
from tests.undone import undone
from tests.volunteers.test_imports import arrive, brought, everything, finish
from volunteers.gate import PAUSE
from volunteers.imports import writing
from volunteers.load import A_WEEK, HOUR
from volunteers.models import Affiliate, ImportLine, ImportMatch, Person, room
from volunteers.models.calendars import calendars_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TODAY, DAY = NOON.date(), timedelta(days=1)
MONDAYS = [date(2026, 2, 23) + n * A_WEEK for n in range(30)]
WEEKS = DateRange(MONDAYS[0], MONDAYS[-1] + A_WEEK)
HEADER = (
    "Activity ID,Subject,Activity Type,Activity Date,Duration,Activity Status,Last Day,"
    "Contact ID,Username,Email\r\n"
)
# Of each person, what tells a file who they are.
WHO = ["11,,", "12,Member_12,", "13,,M13@EXAMPLE.ORG"]
STATES = {
    "Scheduled": "planned",
    "In Progress": "running",
    "Completed": "done",
    "Cancelled": "dropped",
}
MANY = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
# Of each line a week is rounded to a thousandth of a minute's tenth.
FINE = Fraction(1, 100)

activities = st.tuples(st.integers(0, len(WHO) - 1), st.integers(1, 4))
states, kinds = st.sampled_from(list(STATES)), st.sampled_from(["Help desk", "Video editing"])
sayings = st.tuples(
    st.dates(date(2026, 3, 1), date(2026, 8, 20)),
    st.integers(1, 80 * HOUR) | st.integers(1, 10 * HOUR),
    st.integers(0, 20),
    states,
    kinds,
)


@st.composite
def versions(draw, said):
    """Say of some activities the same again, but for one thing."""
    again = {}
    for about, its in said.items():
        n, other = draw(st.integers(0, len(its))), draw(sayings)
        again[about] = (*its[:n], *other[n : n + 1], *its[n + 1 :])
    return again


class Desk(NamedTuple):
    """Who brings files for which affiliate, and whom these are about."""

    affiliate: Affiliate
    steward: Person
    people: list[Person]

    def bring(self, files, *, at_once=False):
        """Bring files one after the other, or read all before the first is confirmed."""
        if not at_once:
            for content in files:
                brought(content, self.steward, self.affiliate)
            return
        read = [finish(arrive(content, self.steward, self.affiliate)) for content in files]
        for one in read:
            writing.confirm(one, partly=True)
            finish(one)


@pytest.fixture
def desk():
    """Give a steward, and a member they have matched, one known by name, one by address."""
    SkillFactory(slug="video-editing", label="video editing")
    affiliate = AffiliateFactory()
    steward = MembershipFactory(affiliate=affiliate, role="steward").person
    people = [
        MembershipFactory(
            affiliate=affiliate,
            person__username=f"Member {contact[:2]}",
            person__email=f"m{contact[:2]}@example.org",
        ).person
        for contact in WHO
    ]
    ImportMatch.objects.create(affiliate=affiliate, contact="11", person=people[0])
    return Desk(affiliate, steward, people)


def line(about, said):
    (who, number), (day, minutes, longer, status, kind) = about, said
    last = day + (_days(minutes) - 1 + longer) * DAY
    return f"A{number},Stall,{kind},{day:%d.%m.%Y},{minutes},{status},{last},{WHO[who]}\r\n"


def _days(minutes):
    """Give so many days that no day has more than ten hours, and no week more than seventy."""
    return -(-minutes // (10 * HOUR))


def promised(people, said):
    """Count, from the lines alone, each one's minutes in each week."""
    minutes = {person.pk: dict.fromkeys(MONDAYS, Fraction(0)) for person in people}
    for (who, _number), (day, taken, longer, status, _kind) in said.items():
        length = _days(taken) + longer
        for n in range(length):
            one = day + n * DAY
            counts = STATES[status] in {"planned", "running"}
            if counts or (STATES[status] == "done" and one < TODAY):
                monday = one - one.weekday() * DAY
                minutes[people[who].pk][monday] += Fraction(taken, length)
    return minutes


def on_the_page(people):
    found = calendars_of(people, WEEKS.lower, WEEKS.upper, TODAY)
    return _weeks(people, found)


def at_the_gate(people):
    moment = room.Moment(None, NOON, NOON - PAUSE, WEEKS)
    found = room.standings([person.pk for person in people], moment)
    return _weeks(people, {pk: standing.calendar for pk, standing in found.items()})


def _weeks(people, calendars):
    return {
        person.pk: {monday: calendars[person.pk].load(monday) for monday in MONDAYS}
        for person in people
    }


def holds(people, said):
    """Hold what is read of each week, in both ways, against what the lines promise."""
    page, gate, wanted = on_the_page(people), at_the_gate(people), promised(people, said)
    assert page == gate
    for pk, weeks in page.items():
        for monday, hours in weeks.items():
            assert hours >= 0
            assert abs(Fraction(hours) * HOUR - wanted[pk][monday]) < FINE
        assert round(sum(weeks.values()) * HOUR) == round(sum(wanted[pk].values()))
    return page


def files_of(data, lines):
    """Deal lines out to files, in any order; some stand in several."""
    files = defaultdict(list)
    for one in data.draw(st.permutations(lines)):
        for number in data.draw(st.sets(st.integers(0, 3), min_size=1)):
            files[number].append(one)
    return data.draw(st.permutations([HEADER + "".join(some) for some in files.values()]))


@settings(max_examples=30, **MANY)
@given(st.dictionaries(activities, sayings, min_size=1, max_size=12), st.booleans(), st.data())
def test_the_same_lines_in_any_order_and_any_files_give_the_same_load(
    desk, said, at_once, data
):
    lines = [line(about, its) for about, its in said.items()]
    with undone():
        desk.bring([HEADER + "".join(lines)])
        rows, weeks = everything(), holds(desk.people, said)
    with undone():
        desk.bring(files_of(data, lines), at_once=at_once)

        assert everything() == rows
        assert holds(desk.people, said) == weeks


@settings(max_examples=30, **MANY)
@given(st.dictionaries(activities, sayings, min_size=1, max_size=8), st.data())
def test_of_lines_of_one_file_that_contradict_each_other_none_stands_in_any_order(
    desk, said, data
):
    again = data.draw(versions(said))
    agreed = {about: its for about, its in said.items() if again[about] == its}
    lines = [line(*one) for one in [*said.items(), *again.items()]]
    shuffled = data.draw(st.permutations(lines))
    with undone():
        desk.bring([HEADER + "".join(shuffled)])

        holds(desk.people, agreed)


@settings(max_examples=30, **MANY)
@given(
    st.dictionaries(activities, sayings, min_size=1, max_size=6),
    st.integers(1, 3),
    st.booleans(),
    st.data(),
)
def test_of_files_that_contradict_each_other_the_one_written_last_stands(
    desk, said, corrections, at_once, data
):
    """In each activity the order of what is said about it matters, and no other order."""
    files = [said]
    for _number in range(corrections):
        files.append(data.draw(versions(files[-1])))
    stands = {}
    for file in files:
        stands |= {about: after(stands.get(about), its) for about, its in file.items()}
    contents = [
        HEADER + "".join(data.draw(st.permutations([line(*one) for one in file.items()])))
        for file in files
    ]
    with undone():
        desk.bring(contents, at_once=at_once)

        holds(desk.people, stands)


def after(before, said):
    """Say what stands of an activity once another file has said something about it.

    The same said as a plan takes nothing back that has begun or is done.
    """
    if before is None or said[:3] + said[4:] != before[:3] + before[4:]:
        return said
    began = before[3] in {"In Progress", "Completed"}
    return before if began and said[3] == "Scheduled" else said


@pytest.mark.parametrize("began", ["In Progress", "Completed"])
def test_the_same_said_as_a_plan_takes_nothing_back(desk, began):
    files = [
        HEADER + line((0, 1), (TODAY, 90, 0, status, "Help desk"))
        for status in (began, "Scheduled")
    ]

    desk.bring(files)

    assert [state for *_row, state in everything()] == [STATES[began]]


@pytest.mark.parametrize("turned", [False, True])
def test_lines_that_name_another_skill_for_the_same_contradict_each_other(desk, turned):
    said = date(2026, 3, 2), 90, 0, "Completed"
    lines = [line((0, 1), (*said, kind)) for kind in ("Help desk", "Video editing")]

    desk.bring([HEADER + "".join(reversed(lines) if turned else lines)])

    refused = ImportLine.objects.refused().values_list("reason", flat=True)
    assert list(refused) == ["contradicts", "contradicts"]
    assert everything() == []


@pytest.mark.parametrize("order", list(permutations(["Member_12,", ",m13@example.org", ","])))
def test_a_contact_whose_lines_name_two_people_is_neither_in_any_order(desk, order):
    said = "Stall,Meeting,02.03.2026,90,Completed,"
    lines = [f"A{n},{said},20,{names}\r\n" for n, names in enumerate(order)]

    desk.bring([HEADER + "".join(lines)])

    refused = ImportLine.objects.refused().values_list("reason", flat=True)
    assert list(refused) == ["nobody"] * 3
    assert everything() == []


@pytest.mark.parametrize("order", list(permutations(["Member_12,", ",M12@example.org", ","])))
def test_a_contact_is_known_by_whichever_of_its_lines_names_somebody(desk, order):
    said = "Stall,Meeting,02.03.2026,90,Completed,"
    lines = [f"A{n},{said},20,{names}\r\n" for n, names in enumerate(order)]

    desk.bring([HEADER + "".join(lines)])

    assert [person for person, *_rest in everything()] == [desk.people[1].pk] * 3
