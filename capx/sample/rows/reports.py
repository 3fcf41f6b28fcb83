"""Writes what organisers have been told, and what they decided."""

from capx.sample import records
from capx.sample.rows.known import Known
from exchange.models import Decision, Report
from volunteers.models import Person


def write_reports(reports: tuple[records.Report, ...], by: Person, known: Known) -> None:
    """Write reports, and the decisions of an organiser."""
    rows = Report.objects.bulk_create(report_row(one, by, known) for one in reports)
    Decision.objects.bulk_create(
        Decision(report=row, state=row.state, by=by, at=one.decided_at, words=one.decision)
        for one, row in zip(reports, rows, strict=True)
        if one.decided_at
    )


def report_row(one: records.Report, by: Person, known: Known) -> Report:
    """Make the row of one report; what was decided was left as it is."""
    return Report(
        state=Report.State.DISMISSED if one.decided_at else Report.State.WAITING,
        reporter=known.people[one.reporter],
        listing=known.listings[one.listing] if one.listing else None,
        practice=known.practices[one.practice] if one.practice else None,
        person=known.people[one.person] if one.person else None,
        reason=one.reason,
        words=one.words,
        created_at=one.at,
        decided_by=by if one.decided_at else None,
        decided_at=one.decided_at,
        decision=one.decision,
    )
