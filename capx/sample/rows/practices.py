"""Writes practices and what one can take away from them."""

from datetime import timedelta

from django.db.models import F

from capx.sample import records
from capx.sample.rows.known import Known
from exchange.models import Artefact, Practice

WRITING = timedelta(minutes=40)


def write_practices(practices: tuple[records.Practice, ...], known: Known) -> None:
    """Write the practices."""
    rows = Practice.objects.bulk_create(practice_row(one, known) for one in practices)
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
    Practice.objects.exclude(published_at=None).update(
        created_at=F("published_at") - WRITING, changed_at=F("published_at")
    )


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
