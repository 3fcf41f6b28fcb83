"""Beginning an edition from an earlier one, and moving it on."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction

from grandtour.actions.apart import must_organise
from grandtour.models import (
    BudgetLine,
    Criterion,
    Edition,
    Fund,
    Measure,
    Phase,
    Question,
    RequiredTraining,
)
from volunteers.models import Person

# What a copy does not take over; its days are given anew.
ITS_OWN = {"id", "state", "name", "slug"}


@dataclass(frozen=True, slots=True)
class Days:
    """When people may apply, and when they travel."""

    applications_first_day: date
    applications_last_day: date
    travel_first_day: date
    travel_last_day: date


@transaction.atomic
def copy(edition: Edition, name: str, slug: str, days: Days) -> Edition:
    """Begin an edition with the rules, words and everything that another asks and measures.

    Its phases of reading keep their distance from the last day for applications. Of money it
    has the sources and what is asked of them: nothing is granted or promised before somebody
    says so anew.
    """
    kept = {
        field.attname: getattr(edition, field.attname)
        for field in Edition._meta.concrete_fields
        if field.name not in ITS_OWN
    }
    made = Edition.objects.create(**kept | asdict(days), name=name, slug=slug)
    made.skills.set(edition.skills.all())
    for criterion in edition.criteria.all():
        _give(made, criterion)
    for question in edition.questions.all():
        _give(made, question)
    for measure in edition.measures.all():
        measure.reached = None
        _give(made, measure)
    later = days.applications_last_day - edition.applications_last_day
    for phase in edition.phases.order_by("first_day"):
        phase.first_day += later
        phase.last_day += later
        _give(made, phase)
    for required in edition.required_trainings.all():
        _give(made, required)
    _ask_again(edition, made)
    return made


def _ask_again(edition: Edition, made: Edition) -> None:
    """Write the sources of money of an edition once more, and what is asked of each."""
    for fund in edition.funds.prefetch_related("lines").order_by("pk"):
        lines = list(fund.lines.all())
        fund.spend_until = fund.report_due = None
        _give(made, fund)
        BudgetLine.objects.bulk_create(
            BudgetLine(fund=fund, what_for=line.what_for, requested=line.requested)
            for line in lines
        )


def _give(
    edition: Edition, row: Criterion | Fund | Measure | Phase | Question | RequiredTraining
) -> None:
    """Write a row of another edition once more, for this one."""
    row.pk, row.edition = None, edition
    row.save(force_insert=True)


@transaction.atomic
def go_on(edition: Edition, to: str, by: Person) -> None:
    """Take an edition to its next state; raises IllegalMove when somebody did already.

    Raises IntegrityError where its texts are missing that everybody may read; Travels.
    """
    must_organise(Edition.objects.hold(edition.pk), by)
    edition.move(to)
