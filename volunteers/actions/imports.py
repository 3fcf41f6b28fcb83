"""What people and stewards decide about imported hours; reading and writing is in imports/."""

from datetime import datetime

from django.db import transaction

from volunteers.models import (
    Affiliate,
    Commitment,
    Import,
    ImportRefusal,
    Person,
)


@transaction.atomic
def answer(one: Import, *, day_first: bool) -> None:
    """Say which comes first in days such as 03/04/2026; now the file can be read."""
    one.move(Import.State.READING, day_first=day_first)


@transaction.atomic
def discard(one: Import) -> bool:
    """Let go of a file that nobody has confirmed; say whether it could be."""
    open_ones = Import.objects.filter(
        pk=one.pk, state__in=[Import.State.ASKED, Import.State.READING, Import.State.READ]
    )
    gone, _rows = open_ones.delete()
    return bool(gone)


@transaction.atomic
def let_go(commitment: Commitment, *, at: datetime) -> None:
    """Drop imported hours that are not one's own; no file brings them back."""
    Commitment.objects.filter(pk=commitment.pk, source=Commitment.Source.IMPORT).update(
        state=Commitment.State.DROPPED, let_go_at=at
    )


@transaction.atomic
def refuse(person: Person, affiliate: Affiliate) -> None:
    """Take no hours from the files of an affiliate any more; twice is the same as once."""
    ImportRefusal.objects.get_or_create(person=person, affiliate=affiliate)


@transaction.atomic
def take_again(person: Person, affiliate: Affiliate) -> None:
    """Take hours from the files of an affiliate again."""
    ImportRefusal.objects.filter(person=person, affiliate=affiliate).delete()
