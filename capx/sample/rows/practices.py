"""Writes practices and what one can take away from them."""

from capx.sample import records
from capx.sample.rows.known import Known
from exchange.models import Artefact, Practice


def write_practices(practices: tuple[records.Practice, ...], known: Known) -> None:
    """Write the practices."""
    rows = Practice.objects.bulk_create(practice_row(one, known) for one in practices)
    known.practices = {one.number: row for one, row in zip(practices, rows, strict=True)}
    by_skill = Practice.skills.through
    by_skill.objects.bulk_create(
        by_skill(practice_id=row.pk, skill_id=known.skills[slug].pk)
        for one, row in zip(practices, rows, strict=True)
        for slug in one.skills
    )
    Artefact.objects.bulk_create(
        Artefact(practice=row, name=artefact.name, url=artefact.url)
        for one, row in zip(practices, rows, strict=True)
        for artefact in one.artefacts
    )
    for one, row in zip(practices, rows, strict=True):
        if one.written_at:
            row.created_at = one.written_at
            row.changed_at = one.published_at or one.written_at
    Practice.objects.bulk_update(rows, ["created_at", "changed_at"])


def practice_row(practice: records.Practice, known: Known) -> Practice:
    """Make the row of one practice."""
    as_they_are = (
        *("state", "title", "context", "tried", "worked", "did_not", "would_reuse"),
        *("language", "source", "published_at"),
    )
    return Practice(
        author=known.people[practice.author],
        affiliate=known.affiliates[practice.affiliate] if practice.affiliate else None,
        exchange=known.exchanges[practice.exchange] if practice.exchange else None,
        countries=list(practice.countries),
        **{name: getattr(practice, name) for name in as_they_are},
    )
