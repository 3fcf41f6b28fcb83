"""Reads the people as whom anybody can sign in, and what goes on around them."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from capx.sample.material import read
from capx.sample.records import (
    Ability,
    Agreement,
    Artefact,
    City,
    Exchange,
    FollowUp,
    Line,
    Listing,
    Membership,
    Message,
    Person,
    Practice,
    Report,
    Sample,
    Spoken,
    Thanks,
)
from capx.sample.stories import takes_seats, terms_of

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """Today, who is there, and what the rows call each listing, exchange and practice."""

    today: date
    people: dict[str, Person]
    listings: dict[str, Listing]
    exchanges: dict[str, Exchange]
    practices: dict[int, Practice]


def join_in(sample: Sample, today: date) -> Sample:
    """Let the people with accounts live among the others."""
    rows = read("cast.toml")
    stage = Stage(today, {}, {}, {}, {})
    for row in rows["person"]:
        stage.people[row["username"]] = make_person(row, today)
    for number, row in enumerate(rows["listing"], len(sample.listings) + 1):
        stage.listings[row["key"]] = make_listing(row, number, stage)
    for number, row in enumerate(rows["exchange"], len(sample.exchanges) + 1):
        stage.exchanges[row["key"]] = make_exchange(row, number, stage)
    for nth, row in enumerate(rows["practice"], 1):
        stage.practices[nth] = make_practice(row, len(sample.practices) + nth, stage)
    return replace(
        sample,
        people=(*sample.people, *stage.people.values()),
        memberships=(
            *sample.memberships,
            *(make_membership(row, today) for row in rows["membership"]),
        ),
        listings=(*sample.listings, *stage.listings.values()),
        exchanges=(*sample.exchanges, *stage.exchanges.values()),
        practices=(*sample.practices, *stage.practices.values()),
        reports=tuple(make_report(row, stage) for row in rows["report"]),
    )


def make_person(row: Row, today: date) -> Person:
    """Make one of the people."""
    return Person(
        username=row["username"],
        name=row["name"],
        pronouns=row.get("pronouns", ""),
        about=row["about"],
        language=row["language"],
        city=City(*row["city"]),
        languages=tuple(Spoken(*pair) for pair in row["languages"]),
        joined_at=moment(today, row["joined"], "10:20"),
        ways=tuple(row["ways"]),
        abilities=tuple(
            Ability(skill, how)
            for how in ("has", "teaches", "wants")
            for skill in row.get(how, ())
        ),
        contact=row.get("contact", "here"),
        weekly_hours=number_of(row.get("weekly_hours")),
        rest=period(today, row["rest"]) if "rest" in row else None,
    )


def make_membership(row: Row, today: date) -> Membership:
    """Make a membership, confirmed unless it is new."""
    confirmed_at = None if row.get("waits") else moment(today, -300, "10:20")
    return Membership(row["person"], row["affiliate"], row.get("role", "member"), confirmed_at)


def make_listing(row: Row, number: int, stage: Stage) -> Listing:
    """Make a listing; who wrote it says where it is."""
    first_day, last_day = period(stage.today, row["days"]) if "days" in row else (None, None)
    listing = Listing(
        number=number,
        kind=row["kind"],
        of=row["of"],
        resource=row.get("resource", ""),
        language=row["language"],
        title=row["title"],
        body=row["body"],
        takeaway=row.get("takeaway", ""),
        skills=tuple(row["skills"]),
        author=row["author"],
        affiliate=row.get("affiliate"),
        countries=tuple(row.get("countries", ())),
        city=stage.people[row["author"]].city,
        mode=row["mode"],
        first_day=first_day,
        last_day=last_day,
    )
    return published(with_measure(listing, row), row, stage.today)


def with_measure(listing: Listing, row: Row) -> Listing:
    """Say when in the day, how long, for how many, and for which sums."""
    return replace(
        listing,
        times=row.get("times", ""),
        hours=number_of(row.get("hours")) or Decimal(0),
        preparation_hours=number_of(row.get("preparation_hours")) or Decimal(0),
        seats=row.get("seats"),
        budget=lines(row.get("budget", ())),
    )


def published(listing: Listing, row: Row, today: date) -> Listing:
    """Say when it was written, published, and last said to be true."""
    if "published" not in row:
        return replace(
            listing, state="draft", written_at=moment(today, row["written"], "09:10")
        )
    written_at = moment(today, row["published"], "09:10")
    return replace(
        listing,
        state=row.get("state", "open"),
        written_at=written_at,
        published_at=written_at + timedelta(minutes=20),
        confirmed_at=moment(today, row["confirmed"], "17:45"),
    )


def make_exchange(row: Row, number: int, stage: Stage) -> Exchange:
    """Make an exchange, with all that was said in it."""
    listing, other = stage.listings[row["listing"]], row["with"]
    sides = (listing.author, other) if listing.kind == "offer" else (other, listing.author)
    declined = row["state"] == "declined"
    exchange = Exchange(
        number=number,
        listing=listing.number,
        provider=sides[0],
        receiver=sides[1],
        counterpart=other,
        counterpart_affiliate=row.get("for"),
        state=row["state"],
        asked_at=moment(stage.today, *row["asked"]),
        answered_at=at(stage.today, row.get("answered")),
        agreed_at=at(stage.today, row.get("agreed")),
        done_at=at(stage.today, row.get("done")),
        ended_at=at(stage.today, row.get("ended")),
        ended_by=listing.author if declined else row.get("ended_by"),
        seat=row.get("seat"),
    )
    if takes_seats(listing):
        return seated(exchange, listing)
    return with_words(exchange, row, stage.today)


def seated(exchange: Exchange, listing: Listing) -> Exchange:
    """Take a seat: the terms stand in the listing, and hold at once."""
    return replace(
        exchange,
        answered_at=exchange.asked_at,
        agreed_at=exchange.asked_at,
        agreement=terms_of(listing, exchange.asked_at),
    )


def with_words(exchange: Exchange, row: Row, today: date) -> Exchange:
    """Add what was said and agreed, how it went, and the thank-yous."""
    return replace(
        exchange,
        messages=tuple(
            Message(author, body, moment(today, away, clock))
            for author, away, clock, body in row["messages"]
        ),
        agreement=make_agreement(row["agreement"], today) if "agreement" in row else None,
        proposal=make_agreement(row["proposal"], today) if "proposal" in row else None,
        follow_ups=tuple(make_follow_up(said, today) for said in row.get("follow_ups", ())),
        thanks=tuple(make_thanks(said, exchange, today) for said in row.get("thanks", ())),
    )


def make_follow_up(row: Row, today: date) -> FollowUp:
    """Make what one side said afterwards."""
    return FollowUp(
        author=row["by"],
        happened=row.get("happened", True),
        worked=row.get("worked", ""),
        did_not=row.get("did_not", ""),
        at=moment(today, *row["at"]),
    )


def make_thanks(row: Row, exchange: Exchange, today: date) -> Thanks:
    """Make a thank-you to the other side."""
    giver = row["by"]
    giver_shows, receiver_shows = row["shows"]
    return Thanks(
        giver=giver,
        receiver=exchange.receiver if giver == exchange.provider else exchange.provider,
        words=row["words"],
        giver_shows=giver_shows,
        receiver_shows=receiver_shows,
        at=moment(today, *row["at"]),
    )


def make_agreement(row: Row, today: date) -> Agreement:
    """Make the terms somebody wrote down."""
    first_day, last_day = period(today, row["days"])
    return Agreement(
        proposed_by=row["by"],
        proposed_at=moment(today, *row["at"]),
        what=row["what"],
        hours=number_of(row.get("hours")) or Decimal(0),
        first_day=first_day,
        last_day=last_day,
        where=row.get("where", ""),
        outcome=row["outcome"],
        lines=lines(row.get("lines", ())),
    )


def make_practice(row: Row, number: int, stage: Stage) -> Practice:
    """Make a practice, perhaps about an exchange."""
    words = ("context", "tried", "worked", "did_not", "would_reuse")
    about = stage.exchanges[row["exchange"]].number if "exchange" in row else None
    draft = "published" not in row
    written_at = moment(stage.today, row.get("published", -2), "19:20")
    return Practice(
        number=number,
        language=row["language"],
        title=row["title"],
        artefacts=tuple(Artefact(*pair) for pair in row.get("artefacts", ())),
        skills=tuple(row["skills"]),
        countries=tuple(row["countries"]),
        author=row["author"],
        affiliate=row.get("affiliate"),
        exchange=about,
        state="draft" if draft else "published",
        written_at=written_at,
        published_at=None if draft else written_at + timedelta(minutes=45),
        **{name: row.get(name, "") for name in words},
    )


def make_report(row: Row, stage: Stage) -> Report:
    """Make a report, and what was decided about it."""
    return Report(
        reporter=row["by"],
        reason=row["reason"],
        words=row["words"],
        at=moment(stage.today, *row["at"]),
        listing=stage.listings[row["listing"]].number if "listing" in row else None,
        person=row.get("person"),
        practice=stage.practices[row["practice"]].number if "practice" in row else None,
        decided_at=at(stage.today, row.get("decided")),
        decision=row.get("decision", ""),
    )


def lines(rows: Any) -> tuple[Line, ...]:
    """Make sums."""
    return tuple(Line(*row) for row in rows)


def number_of(value: float | None) -> Decimal | None:
    """Read a number of hours."""
    return None if value is None else Decimal(str(value))


def period(today: date, days: list[int]) -> tuple[date, date]:
    """Give the first and the last day."""
    first, last = days
    return today + timedelta(days=first), today + timedelta(days=last)


def at(today: date, pair: list[Any] | None) -> datetime | None:
    """Give a moment, where there is one."""
    return moment(today, *pair) if pair else None


def moment(today: date, away: int, clock: str) -> datetime:
    """Give a moment of the day that is so many days from today."""
    return datetime.combine(today + timedelta(days=away), time.fromisoformat(clock), UTC)
