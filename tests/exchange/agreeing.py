"""What the tests of agreements share: terms, and the way to an agreement."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from exchange.actions import agreements
from exchange.models import Agreement, AgreementLine, Exchange
from tests.factories import ExchangeFactory

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MONDAY = date(2026, 3, 9)


def terms(*, hours="6", first=MONDAY, days=14, what="Two evenings of cutting", lines=()):
    return Agreement(
        what=what,
        hours=None if hours is None else Decimal(hours),
        first_day=first,
        last_day=first + (days - 1) * DAY,
        where="Online",
        outcome="A film of three minutes",
    ), [AgreementLine(**line) for line in lines]


def propose(exchange, by, *, read=0, at=NOON, knowingly=False, **what):
    agreement, lines = terms(**what)
    draft = agreements.Draft(agreement, lines, read, knowingly)
    return agreements.propose(exchange, by, draft, at=at)


def agreed(*, at=NOON, exchange=None, **what):
    """Make an exchange that both have agreed on."""
    exchange = exchange or ExchangeFactory(asked_at=at)
    propose(exchange, exchange.provider, at=at, **what)
    assert agreements.confirm(exchange, exchange.receiver, 1, at=at)
    return Exchange.objects.get(pk=exchange.pk)
