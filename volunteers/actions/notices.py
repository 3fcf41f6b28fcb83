"""What people do with their notices."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from volunteers.models import NoticePreference, Person
from volunteers.models.notices import NoticeQuerySet


def read(notices: NoticeQuerySet, *, at: datetime) -> None:
    """Mark notices as read."""
    notices.unread().order_by().update(read_at=at)


@transaction.atomic
def prefer(person: Person, muted: Collection[str]) -> None:
    """Note which kinds of notice somebody does not wish to receive by mail."""
    person.muted.exclude(kind__in=muted).delete()
    NoticePreference.objects.bulk_create(
        [NoticePreference(person=person, kind=kind) for kind in muted], ignore_conflicts=True
    )
