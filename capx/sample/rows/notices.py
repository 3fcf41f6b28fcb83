"""Writes the notices that people with accounts have had, in the site's own words.

All count as sent, so that no mail goes out when the sample starts, but the one to be tried.
"""

from collections.abc import Callable, Iterator
from copy import copy
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Max, Q, QuerySet

from capx.sample.accounts import USERNAMES
from capx.sample.rows.exchanges import takes_seats
from exchange.models import Exchange, Report
from exchange.notices import agreements, follow_ups
from exchange.notices import exchanges as talks
from exchange.notices import reports as moderation
from exchange.reminders import exchanges as due
from exchange.reminders import listings as due_listings
from volunteers import notices as about_people
from volunteers.models import Membership, Notice, Thanks

UNREAD = timedelta(days=3)
Step = tuple[datetime | None, Callable[[], None]]
State = Exchange.State


def write_notices(at: datetime) -> None:
    """Tell people with accounts what happened, and everybody what is due today."""
    steps = [step for one in of_accounts() for step in told(one)]
    steps += [*memberships(at), *reports()]
    for moment, tell in steps:
        if moment:
            post(moment, tell, at)
    post(at, partial(remind, at), at)


def of_accounts() -> QuerySet[Exchange]:
    """Keep the exchanges of people with accounts, with all that a notice names."""
    mine = Q(provider__username__in=USERNAMES) | Q(receiver__username__in=USERNAMES)
    rows = Exchange.objects.filter(mine).select_related(
        "listing__affiliate", "listing__author", "provider", "receiver", "counterpart", "ask"
    )
    parts = ("messages__author", "agreements__proposed_by", "follow_ups__person")
    return rows.prefetch_related(*parts).order_by("pk")


def told(row: Exchange) -> Iterator[Step]:
    """Give the notices of an exchange, each with its moment."""
    if takes_seats(row.listing):
        yield row.asked_at, partial(agreements.seat_taken, row, "")
        return
    yield from said(row)
    yield from agreed(row)
    yield from afterwards(row)
    last = ""
    for message in row.messages.all():
        last = message.body if message.created_at == row.ended_at else ""
    if row.state == State.DECLINED:
        yield row.ended_at, partial(talks.declined, row, last)
    if row.state == State.WITHDRAWN and row.ended_by:
        gone = partial(talks.withdrawn, row, row.ended_by, last, was_agreed=False)
        yield row.ended_at, gone
    if row.state == State.EXPIRED:
        yield row.ended_at, partial(talks.expired, row)


def said(row: Exchange) -> Iterator[Step]:
    """Give the notices of what was said, but for the last word of a no."""
    first, *more = sorted(row.messages.all(), key=lambda one: one.created_at)
    yield first.created_at, partial(talks.asked, row, first.body)
    for message in more:
        if message.created_at != row.ended_at:
            yield message.created_at, partial(talks.said, row, message)


def agreed(row: Exchange) -> Iterator[Step]:
    """Give the notices of what was written down and agreed on."""
    for terms in row.agreements.all():
        then = copy(row)
        then.agreed_version = row.agreed_version if terms.version > 1 else None
        yield terms.proposed_at, partial(agreements.proposed, then, terms)
        if terms.version == row.agreed_version:
            yield row.agreed_at, partial(agreements.agreed, row, terms)


def afterwards(row: Exchange) -> Iterator[Step]:
    """Give the notices of how it went, and of the thank-yous."""
    for spoken in row.follow_ups.all()[:1]:
        tell = partial(follow_ups.said_whether, row, spoken.person, happened=spoken.happened)
        yield spoken.created_at, tell
    yield row.done_at, partial(follow_ups.done, row)
    if row.state == State.NOT_DONE:
        yield row.ended_at, partial(follow_ups.not_done, row)
    for thanks in Thanks.objects.filter(key=f"exchange:{row.pk}").select_related("receiver"):
        yield thanks.created_at, partial(follow_ups.thanked, row, thanks)


def memberships(at: datetime) -> Iterator[Step]:
    """Give the notices to stewards with accounts about people who say that they belong."""
    stewards = Membership.objects.stewards().filter(person__username__in=USERNAMES)
    for steward in stewards.select_related("person"):
        waiting = Membership.objects.waiting().filter(affiliate=steward.affiliate_id)
        for one in waiting.select_related("person", "affiliate").order_by("pk"):
            moment = max(one.person.date_joined, at - timedelta(days=12))
            asked = about_people.membership_asked
            yield moment, partial(asked, one, [steward.person], moment.date())


def reports() -> Iterator[Step]:
    """Give the notices of what was reported, and of what was decided."""
    for one in Report.objects.in_full().order_by("pk"):
        yield one.created_at, partial(moderation.reported, one)
        if one.decided_at:
            yield one.decided_at, partial(moderation.decided, one, one.decided_at)


def remind(at: datetime) -> None:
    """Write what is due today, so that it is not due again when the site starts."""
    due.remind(at)
    due_listings.remind(at)


def post(moment: datetime, tell: Callable[[], object], now: datetime) -> None:
    """Write a notice as if it had gone out at that moment."""
    last = Notice.objects.aggregate(last=Max("pk"))["last"] or 0
    tell()
    read_at = moment + timedelta(hours=2) if moment < now - UNREAD else None
    Notice.objects.filter(pk__gt=last).update(
        created_at=moment, not_before=moment, sent_at=moment, read_at=read_at
    )
