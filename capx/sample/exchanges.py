"""Lets people answer listings, agree, meet, and thank one another."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from capx.sample.listings import line
from capx.sample.material import dice, pools, talk
from capx.sample.people import home, moment
from capx.sample.records import (
    Agreement,
    Exchange,
    FollowUp,
    Line,
    Listing,
    Membership,
    Message,
    Person,
    Thanks,
)

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
# How many days ago the ask was: at least, at most.
AGO = {
    "asked": (0, 6),
    "agreed": (6, 40),
    "done": (18, 45),
    "closed": (40, 240),
    "declined": (9, 200),
    "withdrawn": (9, 150),
    "expired": (8, 200),
    "not_done": (40, 160),
}
LIVE = ("asked", "agreed")
MET = ("agreed", "done", "closed", "not_done")
SEATED = ("agreed", "done", "closed")
TWO = 2
# Which of the reasons in the files keeps people from meeting at all.
ILLNESS = 2


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


@dataclass(frozen=True, slots=True)
class Pair:
    """A listing, who wrote it, and who answered it."""

    listing: Listing
    counterpart: str

    @property
    def provider(self) -> str:
        """Give the side that helps."""
        return self.listing.author if self.listing.kind == "offer" else self.counterpart

    @property
    def receiver(self) -> str:
        """Give the side that is helped."""
        return self.counterpart if self.listing.kind == "offer" else self.listing.author


@dataclass(frozen=True, slots=True)
class Story:
    """The moments of an exchange, as far as it came."""

    state: str
    asked_at: datetime
    answered_at: datetime | None = None
    agreed_at: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    done_at: datetime | None = None
    ended_at: datetime | None = None


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
        and not (state in MET and state != "agreed" and listing.first_day)
        and person.may_be_asked
        and person.speaks(listing.language, "N43")
        and (listing.mode != "on_site" or home(person.city) == home(listing.city))
    )


def has_room(town: Town, pair: Pair, state: str) -> bool:
    """Tell whether both sides and the listing have room for one more exchange."""
    listing = pair.listing
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
    training = pair.listing.seats is not None and state in SEATED
    exchange = Exchange(
        number=number,
        listing=pair.listing.number,
        provider=pair.provider,
        receiver=pair.receiver,
        counterpart=pair.counterpart,
        counterpart_affiliate=town.speaking.get(pair.counterpart) if for_affiliate else None,
        state=state,
        asked_at=story.asked_at,
        seat=town.seats[pair.listing.number] if training else None,
    )
    return with_words(rng, pair, story, exchange)


def with_words(rng: random.Random, pair: Pair, story: Story, exchange: Exchange) -> Exchange:
    """Add when things happened, and what the two said."""
    unconfirmed = story.state in ("done", "closed") and rng.random() < 0.1  # noqa: PLR2004  # a share
    return replace(
        exchange,
        answered_at=story.answered_at,
        agreed_at=story.agreed_at,
        done_at=story.done_at,
        ended_at=story.ended_at,
        ended_by=ended_by(story.state, pair),
        unconfirmed=unconfirmed,
        messages=messages(rng, pair, story),
        agreement=agreement(rng, pair, story),
        follow_ups=follow_ups(rng, pair, story, alone=unconfirmed),
        thanks=thanks(rng, pair, story),
    )


def ended_by(state: str, pair: Pair) -> str | None:
    """Say who ended it, where one side did."""
    if state == "declined":
        return pair.listing.author
    return pair.counterpart if state == "withdrawn" else None


def tell(rng: random.Random, today: date, state: str, listing: Listing) -> Story:
    """Choose the moments of an exchange so that they follow one another."""
    least, most = AGO[state]
    known = (today - (listing.published_at or moment(rng, today)).date()).days
    asked = today - timedelta(days=rng.randint(least, min(most, known - 1)))
    story = Story(state, moment(rng, asked))
    if state in MET:
        return carry_on(rng, today, story, asked, listing)
    if state == "asked":
        waits = asked == today or rng.random() < 0.5  # noqa: PLR2004  # a share
        answered = moment(rng, asked + timedelta(days=1))
        late = waits or answered.date() >= today
        return story if late else Story(state, story.asked_at, answered_at=answered)
    if state == "expired":
        return Story(state, story.asked_at, ended_at=story.asked_at + timedelta(days=7))
    ended = moment(rng, asked + timedelta(days=rng.randint(1, 6)))
    answered_at = ended if state == "declined" else None
    return Story(state, story.asked_at, answered_at=answered_at, ended_at=ended)


def carry_on(
    rng: random.Random, today: date, story: Story, asked: date, listing: Listing
) -> Story:
    """Go on from the ask to the agreement, and to what came of it."""
    agreed = asked + timedelta(days=rng.randint(3, 5))
    first, last = days_of(rng, today, story.state, agreed, listing)
    done = last + timedelta(days=rng.randint(1, 2))
    ended = done + timedelta(days=rng.randint(3, 9))
    over = story.state in ("closed", "not_done")
    return Story(
        story.state,
        story.asked_at,
        answered_at=moment(rng, asked + timedelta(days=1)),
        agreed_at=moment(rng, agreed),
        first_day=first,
        last_day=last,
        done_at=moment(rng, done) if story.state in ("done", "closed") else None,
        ended_at=moment(rng, ended) if over else None,
    )


def days_of(
    rng: random.Random, today: date, state: str, agreed: date, listing: Listing
) -> tuple[date, date]:
    """Choose the days on which two people meet."""
    if state == "agreed":
        if listing.first_day and listing.last_day:
            return listing.first_day, listing.last_day
        first = today + timedelta(days=rng.randint(1, 24))
        last = first + timedelta(days=rng.randint(0, 40))
        return first, max(first, min(last, listing.last_day or last))
    first = agreed + timedelta(days=rng.randint(1, 6))
    return first, first + timedelta(days=rng.randint(0, 4 if state == "done" else 12))


def messages(rng: random.Random, pair: Pair, story: Story) -> tuple[Message, ...]:
    """Write what the two said to each other."""
    words = talk(pair.listing.language)
    key = f"ask_{pair.listing.kind}{'_resource' if pair.listing.resource else ''}"
    ask = rng.choice(words[key]).format(title=pair.listing.title)
    said = [Message(pair.counterpart, ask, story.asked_at)]
    if story.state == "declined" and story.ended_at:
        said.append(Message(pair.listing.author, rng.choice(words["decline"]), story.ended_at))
    elif story.answered_at:
        said.append(
            Message(pair.listing.author, rng.choice(words["answer"]), story.answered_at)
        )
    if story.state == "withdrawn" and story.ended_at:
        said.append(Message(pair.counterpart, rng.choice(words["withdraw"]), story.ended_at))
    return tuple(said)


def agreement(rng: random.Random, pair: Pair, story: Story) -> Agreement | None:
    """Write down what was agreed."""
    if not (story.agreed_at and story.first_day and story.last_day):
        return None
    words = talk(pair.listing.language)
    return Agreement(
        proposed_by=rng.choice((pair.provider, pair.receiver)),
        proposed_at=story.agreed_at - timedelta(hours=rng.randint(3, 30)),
        what=fitting(rng, pair.listing, words["what"]),
        hours=pair.listing.hours,
        first_day=story.first_day,
        last_day=story.last_day,
        where="" if pair.listing.mode == "remote" else pair.listing.city.name,
        outcome=rng.choice(words["outcome"]),
        lines=costs(rng, pair.listing),
    )


def fitting(rng: random.Random, listing: Listing, texts: tuple[str, ...]) -> str:
    """Choose words that fit: a visit, a loan, or talks; the files keep this order."""
    talks_only, visit, draft, afternoon, loan, short = texts
    if listing.resource in ("equipment", "venue"):
        return loan if listing.resource == "equipment" else visit
    if listing.mode == "on_site":
        return rng.choice((visit, afternoon))
    return rng.choice((talks_only, draft, afternoon, short))


def costs(rng: random.Random, listing: Listing) -> tuple[Line, ...]:
    """Take over the sums of the listing, or add one now and then."""
    if listing.budget or rng.random() > 0.15:  # noqa: PLR2004  # a share
        return listing.budget
    what_for = rng.choice(pools(listing.language).costs)
    return (
        line(rng, rng.choice(("provider", "receiver")), listing.city.country, what_for, ""),
    )


def follow_ups(
    rng: random.Random, pair: Pair, story: Story, *, alone: bool
) -> tuple[FollowUp, ...]:
    """Ask both sides how it went; where one is silent there is one answer."""
    at = story.done_at or story.ended_at
    if story.state not in ("done", "closed", "not_done") or at is None:
        return ()
    words = talk(pair.listing.language)
    if story.state == "not_done":
        why = words["did_not"][ILLNESS]
        return tuple(
            FollowUp(side, happened=False, worked="", did_not=text, at=at)
            for side, text in ((pair.receiver, why), (pair.provider, ""))
        )
    sides = (pair.receiver,) if alone else (pair.receiver, pair.provider)
    return tuple(
        FollowUp(
            author=side,
            happened=True,
            worked=rng.choice(words["worked"]),
            did_not=rng.choice(words["did_not"]) if rng.random() < 0.4 else "",  # noqa: PLR2004  # a share
            at=at,
        )
        for side in sides
    )


def thanks(rng: random.Random, pair: Pair, story: Story) -> tuple[Thanks, ...]:
    """Say thanks after it is closed; the receiver always, the helper often."""
    if story.state != "closed" or story.ended_at is None:
        return ()
    words = rng.sample(talk(pair.listing.language)["thanks"], 2)
    there = [(pair.receiver, pair.provider, words[0])]
    if rng.random() < 0.6:  # noqa: PLR2004  # a share
        there.append((pair.provider, pair.receiver, words[1]))
    return tuple(
        Thanks(
            giver=giver,
            receiver=receiver,
            words=text,
            giver_shows=rng.random() < 0.5,  # noqa: PLR2004  # a share
            receiver_shows=rng.random() < 0.5,  # noqa: PLR2004  # a share
            at=story.ended_at,
        )
        for giver, receiver, text in there
    )
