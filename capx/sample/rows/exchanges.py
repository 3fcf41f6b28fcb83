"""Writes exchanges: asks, words, agreements, what was said afterwards, thanks."""

from datetime import datetime

from capx.sample import records
from capx.sample.rows.known import Known
from capx.sample.rows.listings import sums
from exchange.models import Agreement, AgreementLine, Exchange, FollowUp, Listing, Message
from exchange.models.exchanges import SEATED
from exchange.models.money import Side
from volunteers.models import Ask, Thanks

Records = tuple[records.Exchange, ...]


def write_exchanges(exchanges: Records, known: Known) -> None:
    """Write exchanges and all that belongs to them but their history."""
    asks = Ask.objects.bulk_create(ask_row(one, known) for one in exchanges)
    rows = Exchange.objects.bulk_create(
        exchange_row(one, ask, known) for one, ask in zip(exchanges, asks, strict=True)
    )
    known.exchanges = {one.number: row for one, row in zip(exchanges, rows, strict=True)}
    Message.objects.bulk_create(
        Message(
            exchange=known.exchanges[one.number],
            author=known.people[message.author],
            body=message.body,
            created_at=message.at,
        )
        for one in exchanges
        for message in one.messages
    )
    write_agreements(exchanges, known)
    write_proposals(exchanges, known)
    write_follow_ups(exchanges, known)
    write_thanks(exchanges, known)


def takes_seats(listing: Listing) -> bool:
    """Tell a training, in which a seat is taken, from what has to be agreed on."""
    return listing.of == Listing.Of.TRAINING and listing.is_offer


def ask_row(one: records.Exchange, known: Known) -> Ask:
    """Make the ask that the gate let through."""
    listing = known.listings[one.listing]
    return Ask(
        person=listing.author,
        asker=known.people[one.counterpart],
        asked_at=one.asked_at,
        answered_at=one.answered_at or one.ended_at,
        declined=one.state == Exchange.State.DECLINED,
        invited=takes_seats(listing) or not listing.is_offer,
    )


def exchange_row(one: records.Exchange, ask: Ask, known: Known) -> Exchange:
    """Make the row of one exchange."""
    affiliate = one.counterpart_affiliate
    row = Exchange(
        state=one.state,
        listing=known.listings[one.listing],
        provider=known.people[one.provider],
        receiver=known.people[one.receiver],
        counterpart=known.people[one.counterpart],
        counterpart_affiliate=known.affiliates[affiliate] if affiliate else None,
        ask=ask,
        place=one.seat if one.state in SEATED else None,
        unconfirmed=one.unconfirmed,
        ended_by=known.people[one.ended_by] if one.ended_by else None,
    )
    for name in ("asked_at", "answered_at", "agreed_at", "done_at", "ended_at"):
        setattr(row, name, getattr(one, name))
    put_terms(row, one)
    put_sides(row, one)
    return row


def put_terms(row: Exchange, one: records.Exchange) -> None:
    """Say which terms both have confirmed, so that they are in force."""
    if one.agreement:
        row.version = row.provider_version = row.receiver_version = row.agreed_version = 1
        row.starts_day, row.ends_day = one.agreement.first_day, one.agreement.last_day


def put_sides(row: Exchange, one: records.Exchange) -> None:
    """Say what each side has said of it."""
    for said in one.follow_ups:
        setattr(row, f"{side_of(one, said.author)}_happened", said.happened)
    row.happened_at = min((said.at for said in one.follow_ups), default=None)
    if one.state in (Exchange.State.DONE, Exchange.State.CLOSED):
        for side in Side.values:
            setattr(row, f"{side}_closed_at", closed_at(one, side))


def closed_at(one: records.Exchange, side: str) -> datetime | None:
    """Say when a side said its last word: thanks, or that there is nothing more to say."""
    said = (thanks.at for thanks in one.thanks if side_of(one, thanks.giver) == side)
    return next(said, one.ended_at)


def side_of(one: records.Exchange, username: str) -> str:
    """Tell whether somebody helps or is helped."""
    return Side.PROVIDER if username == one.provider else Side.RECEIVER


def terms_of(one: records.Exchange) -> list[records.Agreement]:
    """Give the terms that were ever on the table, in their order."""
    return [terms for terms in (one.agreement, one.proposal) if terms]


def write_agreements(exchanges: Records, known: Known) -> None:
    """Write what was agreed, or is proposed."""
    written = [
        (terms, agreement_row(terms, number, known.exchanges[one.number], known))
        for one in exchanges
        for number, terms in enumerate(terms_of(one), start=1)
    ]
    Agreement.objects.bulk_create(row for _terms, row in written)
    AgreementLine.objects.bulk_create(
        AgreementLine(agreement=row, **sums(line))
        for terms, row in written
        for line in terms.lines
    )


def agreement_row(
    terms: records.Agreement, version: int, exchange: Exchange, known: Known
) -> Agreement:
    """Make the row of one version of an agreement."""
    return Agreement(
        exchange=exchange,
        version=version,
        proposed_by=known.people[terms.proposed_by],
        proposed_at=terms.proposed_at,
        what=terms.what,
        hours=terms.hours or None,
        first_day=terms.first_day,
        last_day=terms.last_day,
        where=terms.where,
        outcome=terms.outcome,
    )


def write_proposals(exchanges: Records, known: Known) -> None:
    """Put new terms on the table; a row comes into force before it is up for change."""
    rows = []
    for one in exchanges:
        if one.proposal:
            row = known.exchanges[one.number]
            row.version += 1
            setattr(row, f"{side_of(one, one.proposal.proposed_by)}_version", row.version)
            rows.append(row)
    Exchange.objects.bulk_update(rows, ["version", "provider_version", "receiver_version"])


def write_follow_ups(exchanges: Records, known: Known) -> None:
    """Write what the sides said afterwards."""
    FollowUp.objects.bulk_create(
        FollowUp(
            exchange=known.exchanges[one.number],
            person=known.people[said.author],
            happened=said.happened,
            worked=said.worked,
            did_not=said.did_not,
            created_at=said.at,
        )
        for one in exchanges
        for said in one.follow_ups
    )


def write_thanks(exchanges: Records, known: Known) -> None:
    """Write the thank-yous."""
    given = [(one, thanks) for one in exchanges for thanks in one.thanks]
    rows = Thanks.objects.bulk_create(
        Thanks(
            giver=known.people[thanks.giver],
            receiver=known.people[thanks.receiver],
            key=f"exchange:{known.exchanges[one.number].pk}",
            about=known.listings[one.listing].title,
            words=thanks.words,
            giver_shows=thanks.giver_shows,
            receiver_shows=thanks.receiver_shows,
        )
        for one, thanks in given
    )
    for row, (_one, thanks) in zip(rows, given, strict=True):
        row.created_at = thanks.at
    Thanks.objects.bulk_update(rows, ["created_at"])
