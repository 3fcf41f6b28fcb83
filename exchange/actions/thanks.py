"""Thanks on behalf of an affiliate: by a steward, to whoever did something for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, OuterRef, Q, Subquery

from exchange.models import Exchange
from exchange.notices import follow_ups as notices
from volunteers.models import Affiliate, Block, Commitment, Person, Thanks
from volunteers.models.bandwidth import CommitmentQuerySet
from volunteers.models.people import PersonQuerySet

GAVE_WITHIN, THANKED_WITHIN = timedelta(days=90), timedelta(days=60)
A_WHILE = timedelta(days=60)


class NotNow(Exception):
    """It cannot be sent: said lately, or one of both wants to hear no more of the other."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a steward says, and whether it may be shown."""

    words: str
    shows: bool = False


def thankable(affiliate: Affiliate, by: Person) -> PersonQuerySet:
    """Keep whom a steward may thank: members, helpers, and who took something on for it."""
    helped = Exchange.objects.helping(affiliate).values("provider")
    members = affiliate.memberships.confirmed().values("person")
    held = [Commitment.State.PLANNED, Commitment.State.RUNNING, Commitment.State.DONE]
    took_on = affiliate.commitments.filter(state__in=held).values("person")
    seen: PersonQuerySet = Person.objects.visible_to(by).exclude(pk=by.pk)
    return seen.filter(Q(pk__in=members) | Q(pk__in=helped) | Q(pk__in=took_on))


def whom_to_thank(affiliate: Affiliate, by: Person, now: datetime) -> PersonQuerySet:
    """Find who gave something for an affiliate lately and has heard no thank-you for a while.

    Whom `by` can meet, first who has waited longest for a thank-you of the affiliate, then by
    name; how much anybody gave is not looked at.
    """
    since = now - GAVE_WITHIN
    gave = Exchange.objects.concerning(affiliate).filter(
        state__in=[Exchange.State.DONE, Exchange.State.CLOSED], done_at__gte=since
    )
    worked = _worked(affiliate, DateRange(since.date(), now.date(), "[]"))
    heard = Thanks.objects.filter(created_at__gte=now - THANKED_WITHIN).values("receiver")
    known = thankable(affiliate, by).unblocked_by(by).exclude(blocks__blocked=by)
    found = known.filter(Q(pk__in=gave.values("provider")) | Q(pk__in=worked.values("person")))
    ours = Thanks.objects.filter(affiliate=affiliate, receiver=OuterRef("pk"))
    last = Subquery(ours.order_by("-created_at").values("created_at")[:1])
    waited = F("last_thanked").asc(nulls_first=True)
    rest = found.exclude(pk__in=heard).annotate(last_thanked=last)
    return rest.order_by(waited, "folded", "pk")


def _worked(affiliate: Affiliate, lately: DateRange) -> CommitmentQuerySet:
    """Keep what was done for it lately, what goes on since a while, and what came to its end.

    Nobody has to say that something is done, so its last day says it, too.
    """
    taken_on: CommitmentQuerySet = affiliate.commitments.during(lately)
    done = Q(state=Commitment.State.DONE)
    begun = Q(period__startswith__lte=lately.upper - A_WHILE)
    goes_on = Q(state=Commitment.State.RUNNING) & begun
    over = Q(pk__in=taken_on.live().values("pk"), period__endswith__lte=lately.upper)
    return taken_on.filter(done | goes_on | over)


@transaction.atomic
def thank_for(
    affiliate: Affiliate, by: Person, to: Person, said: Words, *, at: datetime
) -> Thanks:
    """Thank somebody on behalf of an affiliate, once in thirty days; raises NotNow.

    That its giver is a steward of it is seen to by the database.
    """
    pair = Q(person=by, blocked=to) | Q(person=to, blocked=by)
    if Block.objects.filter(pair).exists():
        raise NotNow
    try:
        with transaction.atomic():
            thanks = Thanks.objects.create(
                giver=by,
                receiver=to,
                affiliate=affiliate,
                key=f"affiliate:{affiliate.pk}:{to.pk}:{at.isoformat()}",
                words=said.words,
                giver_shows=said.shows,
                created_at=at,
            )
    except IntegrityError as refused:
        raise NotNow from refused
    notices.thanked_for(thanks)
    return thanks
