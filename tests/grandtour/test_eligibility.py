"""When a report is due: the list, the reminders and the next application say the same day."""

from datetime import timedelta

import pytest

from grandtour.models import ChecklistItem
from grandtour.models.checklists import due_days
from grandtour.reports.eligibility import Problem, problems
from tests.grandtour.tours import NOON, ApplicationFactory, SeatFactory, StopFactory

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
