"""What somebody lets letters about them name."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from exchange.models import Exchange, Mention
from volunteers.models import Person


@transaction.atomic
def mention(person: Person, among: QuerySet[Exchange], chosen: Collection[Exchange]) -> None:
    """Note which of these exchanges may be named; what is not chosen is named no more."""
    keys = [exchange.pk for exchange in chosen]
    left = Mention.objects.filter(person=person, exchange__in=among.order_by())
    left.exclude(exchange__in=keys).delete()
    Mention.objects.bulk_create(
        [Mention(person=person, exchange_id=key) for key in keys], ignore_conflicts=True
    )
