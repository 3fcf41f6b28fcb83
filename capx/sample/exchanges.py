"""Lets people answer listings, agree, meet, and thank one another."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date

from capx.sample.material import dice
from capx.sample.people import home
from capx.sample.records import Exchange, Listing, Membership, Person
from capx.sample.spoken import agreement, follow_ups, messages, thanks
from capx.sample.stories import AGO, MET, Pair, Story, takes_seats, tell

PLAN = {
    "asked": 34,
    "agreed": 36,
    "done": 18,
    "closed": 78,
    "declined": 18,
    "withdrawn": 12,
    "expired": 14,
    "not_done": 10,
}
SEATED = ("agreed", "done", "closed")
TWO = 2


@dataclass(slots=True)
class Town:
    """Who is there, and what is already going on."""

    people: tuple[Person, ...]
    listings: tuple[Listing, ...]
    speaking: dict[str, str]
    met: set[tuple[int, str]] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)
    seats: Counter[int] = field(default_factory=Counter)
    busy: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked: set[int] = field(default_factory=set)


def make_exchanges(
    seed: int,
    today: date,
    people: tuple[Person, ...],
    memberships: tuple[Membership, ...],
    listings: tuple[Listing, ...],
) -> tuple[Exchange, ...]:
    """Make exchanges in every state."""
    rng = dice(seed, "exchanges")
    speaking = {one.username: one.affiliate for one in memberships if one.role != "member"}
    town = Town(people, listings, speaking)
    result: list[Exchange] = []
    for state, count in PLAN.items():
        for _ in range(count):
            pair = find_pair(rng, today, town, state)
            result.append(make_exchange(rng, today, town, len(result) + 1, state, pair))
    return tuple(result)


def find_pair(rng: random.Random, today: date, town: Town, state: str) -> Pair:
    """Find a listing and somebody who can answer it, and note that they met."""
    while True:
        listing = rng.choice(town.listings)
        person = rng.choice(town.people)
        pair = Pair(listing, person.username)
        if could_meet(today, listing, person, state) and has_room(town, pair, state):
            break
    town.met.add((listing.number, person.username))
    town.answers[listing.number] += 1
    town.seats[listing.number] += state in SEATED
    if state == "asked":
        town.asked.add(listing.number)
    town.busy[pair.provider, state] += 1
    town.busy[pair.receiver, state] += 1
    return pair


def could_meet(today: date, listing: Listing, person: Person, state: str) -> bool:
    """Tell whether a person could have answered a listing, and so come to a state."""
    if listing.published_at is None or listing.author == person.username:
        return False
    days = (today - listing.published_at.date()).days
    return (
        days > AGO[state][0]
        and listing.state in (("open",) if state == "asked" else ("open", "taken"))
        and listing.resource not in ("funding", "travel")
        and (state == "agreed" or not takes_seats(listing))
        and not (state in MET and state != "agreed" and listing.first_day)
        and person.may_be_asked
        and person.speaks(listing.language, "N43")
        and (listing.mode != "on_site" or home(person.city) == home(listing.city))
    )


def has_room(town: Town, pair: Pair, state: str) -> bool:
    """Tell whether both sides and the listing have room for one more exchange."""
    listing = pair.listing
    helped = town.seats[listing.number] or listing.number in town.asked
    if listing.kind == "request" and state in SEATED and helped:
        return False  # one person helps with a request, and then nobody else is kept waiting
    most = min(listing.seats, 5) if listing.seats else TWO
    return (
        (listing.number, pair.counterpart) not in town.met
        and town.answers[listing.number] < most
        and town.busy[pair.provider, state] < TWO
        and town.busy[pair.receiver, state] < TWO
    )


def make_exchange(  # noqa: PLR0913, PLR0917  # each is one side of the story
    rng: random.Random, today: date, town: Town, number: int, state: str, pair: Pair
) -> Exchange:
    """Tell an exchange from the ask to where it stands."""
    story = tell(rng, today, state, pair.listing)
    for_affiliate = rng.random() < 0.4  # noqa: PLR2004  # a share
    numbered = pair.listing.seats is not None or pair.listing.kind == "request"
    exchange = Exchange(
        number=number,
        listing=pair.listing.number,
        provider=pair.provider,
        receiver=pair.receiver,
        counterpart=pair.counterpart,
        counterpart_affiliate=town.speaking.get(pair.counterpart) if for_affiliate else None,
        state=state,
        asked_at=story.asked_at,
        seat=town.seats[pair.listing.number] if numbered and state in SEATED else None,
    )
    return with_words(rng, pair, story, exchange)


def with_words(rng: random.Random, pair: Pair, story: Story, exchange: Exchange) -> Exchange:
    """Add when things happened, and what the two said."""
    return replace(
        exchange,
        answered_at=story.answered_at,
        agreed_at=story.agreed_at,
        done_at=story.done_at,
        ended_at=story.ended_at,
        ended_by=ended_by(story.state, pair),
        unconfirmed=story.alone,
        messages=messages(rng, pair, story),
        agreement=agreement(rng, pair, story),
        follow_ups=follow_ups(rng, pair, story),
        thanks=thanks(rng, pair, story),
    )


def ended_by(state: str, pair: Pair) -> str | None:
    """Say who ended it, where one side did."""
    if state == "declined":
        return pair.listing.author
    return pair.counterpart if state == "withdrawn" else None
