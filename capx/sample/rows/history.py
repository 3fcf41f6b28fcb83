"""Writes what happened in each exchange, in order, and what helpers have taken on."""

from collections.abc import Iterator
from datetime import datetime

from capx.sample import records
from capx.sample.rows.exchanges import Records, takes_seats, terms_of
from capx.sample.rows.known import Known
from exchange.actions import commitments
from exchange.models import Event, Exchange
from volunteers.models import Commitment
from volunteers.models.bandwidth import days

Verb = Event.Verb
ENDED = {
    "done": Commitment.State.DONE,
    "closed": Commitment.State.DONE,
    "agreed": Commitment.State.PLANNED,
    "asked": Commitment.State.TENTATIVE,
}


def write_events(
    exchanges: Records, practices: tuple[records.Practice, ...], known: Known
) -> None:
    """Write the history of every exchange."""
    rows = [row for one in exchanges for row in events(one, known)]
    rows += [
        Event(
            exchange=known.exchanges[note.exchange],
            verb=Verb.WROTE_DOWN,
            person=known.people[note.author],
            at=note.published_at,
        )
        for note in practices
        if note.exchange and note.published_at
    ]
    Event.objects.bulk_create(sorted(rows, key=lambda row: row.at))


def events(one: records.Exchange, known: Known) -> Iterator[Event]:
    """Give what happened in an exchange; moments that are unknown have not come."""
    row, people = known.exchanges[one.number], known.people
    for verb, who, at, version in happened(one, known):
        if at:
            person = people[who] if who else None
            yield Event(exchange=row, verb=verb, person=person, at=at, version=version)


Happening = tuple[str, str | None, datetime | None, int | None]


def happened(one: records.Exchange, known: Known) -> Iterator[Happening]:
    """Give each step with who took it, when, and with which version of the agreement."""
    listing = known.listings[one.listing]
    if takes_seats(listing):
        yield Verb.SEATED, one.counterpart, one.asked_at, 1
    else:
        yield Verb.ASKED, one.counterpart, one.asked_at, None
        yield Verb.ANSWERED, listing.author.username, one.answered_at, None
        yield from negotiated(one)
    for said in one.follow_ups:
        verb = Verb.HAPPENED if said.happened else Verb.DID_NOT
        yield verb, said.author, said.at, None
    yield Verb.DONE, None, one.done_at, None
    for thanks in one.thanks:
        yield Verb.THANKED, thanks.giver, thanks.at, None
    if one.state in Event.Verb.values and one.ended_at:
        yield one.state, one.ended_by, one.ended_at, None


def negotiated(one: records.Exchange) -> Iterator[Happening]:
    """Give the steps to an agreement, and the change that is on the table."""
    for number, terms in enumerate(terms_of(one), start=1):
        yield Verb.PROPOSED, terms.proposed_by, terms.proposed_at, number
        if terms is one.agreement:
            other = one.receiver if terms.proposed_by == one.provider else one.provider
            yield Verb.CONFIRMED, other, one.agreed_at, number
            yield Verb.AGREED, None, one.agreed_at, number


def write_commitments(exchanges: Records, known: Known) -> None:
    """Write what helpers have promised, or would by terms on the table.

    All seats of a training are one promise.
    """
    rows = {}
    for one in exchanges:
        row = known.exchanges[one.number]
        terms = one.agreement or one.proposal
        if terms and terms.hours:
            key = commitments.key_of(row)
            rows[row.provider_id, key] = commitment_row(one, terms, key, known)
    Commitment.objects.bulk_create(rows.values())


def commitment_row(
    one: records.Exchange, terms: records.Agreement, key: str, known: Known
) -> Commitment:
    """Make a promise as the exchange itself would have written it."""
    row: Exchange = known.exchanges[one.number]
    return Commitment(
        person=row.provider,
        what=row.listing.title,
        source=Commitment.Source.EXCHANGE,
        key=key,
        skill=known.main_skills.get(one.listing),
        period=days(terms.first_day, terms.last_day),
        weekly_hours=commitments.spread(terms.hours, terms.first_day, terms.last_day),
        state=ENDED.get(one.state, Commitment.State.DROPPED),
    )
