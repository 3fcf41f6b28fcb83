"""Remembering what came of what, and when others could see it."""

from datetime import datetime

from volunteers.models import Origin, Person


def remember(
    source: tuple[str, int], made: tuple[str, int], person: Person, *, at: datetime
) -> None:
    """Note where something came from: pairs of a kind and a key; the first word stands."""
    Origin.objects.get_or_create(
        made=made[0],
        made_key=made[1],
        defaults={
            "source": source[0],
            "source_key": source[1],
            "person": person,
            "made_at": at,
        },
    )


def tell(made: str, key: int, *, at: datetime) -> None:
    """Note that others can see it now; what came of nothing else is not noted."""
    Origin.objects.made_as(made, [key]).filter(told_at=None).update(told_at=at)


def follow(offer: int, exchange: int, *, at: datetime) -> None:
    """Note that an exchange was done whose offer came of a journey."""
    row = Origin.objects.made_as(Origin.Made.OFFER, [offer]).told().first()
    if row is not None:
        Origin.objects.get_or_create(
            made=Origin.Made.EXCHANGE,
            made_key=exchange,
            defaults={
                "source": row.source,
                "source_key": row.source_key,
                "person": row.person,
                "made_at": at,
                "told_at": at,
            },
        )


def let_go(made: str, key: int) -> None:
    """Forget a draft that is thrown away."""
    Origin.objects.made_as(made, [key]).delete()
