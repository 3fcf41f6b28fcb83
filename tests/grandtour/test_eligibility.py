"""What stands in the way of reading, at each limit; when a report is due, as the list says."""

from datetime import UTC, date, datetime, timedelta

import pytest

from grandtour.models import ApplicationEvent, ChecklistItem
from grandtour.models.checklists import due_days
from grandtour.planning.problem import Window
from grandtour.plans.reading import windows
from grandtour.reports.eligibility import Problem, problems
from tests.grandtour.tours import (
    DAY,
    NOON,
    ApplicationFactory,
    EditionFactory,
    SeatFactory,
    StopFactory,
)

pytestmark = pytest.mark.django_db


def test_a_report_is_late_on_the_day_after_it_was_due_by_the_list():
    stop = StopFactory(journey__state="returned")
    seat = SeatFactory(
        journey=stop.journey,
        application__state="travelled",
        state="returned",
        accepted_at=NOON,
    )
    again = ApplicationFactory(person=seat.person)
    due = due_days(stop.arrive, stop.leave)[ChecklistItem.What.REPORT]

    def found(day):
        return Problem.REPORT in problems(again.edition, [again.pk], day)[again.pk]

    assert [found(due), found(due + timedelta(days=1))] == [False, True]
    seat.move("reported")
    assert not found(due + timedelta(days=99))


def read(**said):
    """Give what stands in the way of an application of an edition whose journey is short."""
    edition = EditionFactory(fewest_stops=2, fewest_nights=3, most_nights=5)
    application = ApplicationFactory(edition=edition, **said)
    return problems(edition, [application.pk], DAY)[application.pk]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"goals": ""}, [Problem.WORDS]),
        ({"goals": "", "way": "voice"}, [Problem.WORDS]),
        ({"goals": "", "brings": "Maps.", "spreads": "A talk."}, [Problem.WORDS]),
        ({"goals": "?"}, []),
        ({"goals": "", "voice_note": "https://commons.wikimedia.org/wiki/File:A.ogg"}, []),
        ({"goals": "", "way": "questions"}, []),  # all are answered, or it cannot be sent
    ],
)
def test_words_are_missing_where_nothing_is_written_said_or_answered(said, found):
    assert read(**said) == found


# Two stops of three nights: seven days, of which one is that of the way back.
FIRST, LAST = date(2026, 5, 1), date(2026, 6, 30)  # of travel


def lasting(number, first=date(2026, 5, 10)):
    """Give days in a row."""
    return first, first + timedelta(days=number - 1)


@pytest.mark.parametrize(
    ("periods", "found"),
    [
        ([], [Problem.DAYS]),
        ([(FIRST - timedelta(days=9), FIRST - timedelta(days=1))], [Problem.DAYS]),
        ([(FIRST - timedelta(days=9), FIRST)], [Problem.SHORT]),
        ([(LAST, LAST + timedelta(days=9))], [Problem.SHORT]),
        ([(LAST + timedelta(days=1), LAST + timedelta(days=9))], [Problem.DAYS]),
        ([lasting(1)], [Problem.SHORT]),
        ([lasting(6)], [Problem.SHORT]),
        ([lasting(7)], []),
        ([lasting(8)], []),
        # Days beyond those of travel do not count, on either side.
        ([lasting(8, FIRST - timedelta(days=2))], [Problem.SHORT]),
        ([lasting(9, FIRST - timedelta(days=2))], []),
        ([lasting(9, LAST - timedelta(days=5))], [Problem.SHORT]),
        ([lasting(9, LAST - timedelta(days=6))], []),
        # What counts is days in a row: not all together, and of several the most.
        ([lasting(6), lasting(6, date(2026, 6, 1))], [Problem.SHORT]),
        ([lasting(7), lasting(2, date(2026, 6, 1))], []),
        ([lasting(2), lasting(7, date(2026, 6, 1))], []),
        ([lasting(3), lasting(4, date(2026, 5, 13))], []),
    ],
)
def test_days_are_enough_from_the_shortest_journey_on(periods, found):
    assert read(windows=periods) == found


def sent(*moments):
    """Give what stands in the way of what was sent at these moments."""
    application = ApplicationFactory(state="in_review", submitted_at=NOON, consented_at=NOON)
    for at in moments:
        ApplicationEvent.objects.create(
            application=application, person=application.person, state="submitted", at=at
        )
    edition = application.edition
    assert edition.applications_last_day == date(2026, 2, 28)
    return problems(edition, [application.pk], DAY)[application.pk]


# The last day ends at noon of the next in Greenwich: twelve hours west of there.
OVER = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("moments", "found"),
    [
        ([], []),
        ([OVER - timedelta(hours=12)], []),
        ([OVER - A_MOMENT], []),
        ([OVER], [Problem.LATE]),
        ([OVER + timedelta(days=9)], [Problem.LATE]),
        # Whoever was asked for more sends it again later; what counts is the first time.
        ([OVER - A_MOMENT, OVER + timedelta(days=9)], []),
    ],
)
def test_late_is_what_was_first_sent_once_the_last_day_was_over_everywhere(moments, found):
    assert sent(*moments) == found


def test_each_application_is_told_its_own_and_all_of_it():
    edition = EditionFactory()
    nothing = ApplicationFactory(edition=edition, goals="", windows=[])
    good = ApplicationFactory(edition=edition)
    elsewhere = ApplicationFactory(goals="", windows=[])
    keys = [nothing.pk, good.pk, elsewhere.pk]

    assert problems(edition, keys, DAY) == {
        nothing.pk: [Problem.WORDS, Problem.DAYS],
        good.pk: [],
    }


def test_days_in_a_row_are_planned_as_such_in_however_many_lines_they_stand():
    later, one, other = lasting(2, date(2026, 6, 1)), lasting(3), lasting(4, date(2026, 5, 13))
    application = ApplicationFactory(windows=[later, other, one])

    assert windows(application.windows.all()) == (Window(one[0], other[1]), Window(*later))
