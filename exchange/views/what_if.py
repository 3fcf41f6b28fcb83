"""What a yes to an exchange would do to the weeks of who helps; only for their own eyes."""

from datetime import datetime

from exchange.actions import commitments
from exchange.models import Agreement, Exchange
from volunteers.models import Person
from volunteers.models.bandwidth import today
from volunteers.views.what_if import WhatIf, weigh


def what_if(
    exchange: Exchange, me: Person, now: datetime, agreement: Agreement | None = None
) -> WhatIf | None:
    """Weigh terms, or what an ask names; None for who is helped, and where nothing is said."""
    terms = commitments.terms_of(exchange, agreement)
    if terms is None or me.pk != exchange.provider_id:
        return None
    day = today(me, now)
    return weigh(me, terms.wish().span(day), commitments.key_of(exchange), day)
