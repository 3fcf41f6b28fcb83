"""What the two sides of an exchange say, write down, and thank for."""

import random
from datetime import date, datetime, timedelta

from capx.sample.listings import line
from capx.sample.material import pools, talk
from capx.sample.people import moment
from capx.sample.records import Agreement, FollowUp, Line, Listing, Message, Thanks
from capx.sample.stories import Pair, Story, takes_seats, terms_of

# Which of the reasons in the files keeps people from meeting at all.
ILLNESS = 2


def messages(rng: random.Random, pair: Pair, story: Story) -> tuple[Message, ...]:
    """Write what the two said to each other; who takes a seat need not say anything."""
    if takes_seats(pair.listing):
        return ()
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
    if takes_seats(pair.listing):
        return terms_of(pair.listing, story.asked_at)
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


def follow_ups(rng: random.Random, pair: Pair, story: Story) -> tuple[FollowUp, ...]:
    """Ask both sides how it went; where one is silent there is one answer."""
    at = story.done_at or story.ended_at
    if story.state not in ("done", "closed", "not_done") or at is None or not story.last_day:
        return ()
    first = at - timedelta(hours=rng.randint(2, 11))
    if story.alone:
        return (went_well(rng, pair, pair.receiver, moment(rng, after(story.last_day))),)
    if story.state == "not_done":
        why = talk(pair.listing.language)["did_not"][ILLNESS]
        return (
            FollowUp(pair.receiver, happened=False, worked="", did_not=why, at=first),
            FollowUp(pair.provider, happened=False, worked="", did_not="", at=at),
        )
    return (
        went_well(rng, pair, pair.receiver, first),
        went_well(rng, pair, pair.provider, at),
    )


def after(day: date) -> date:
    """Give the next day."""
    return day + timedelta(days=1)


def went_well(rng: random.Random, pair: Pair, author: str, at: datetime) -> FollowUp:
    """Say that it happened, and how it was."""
    words = talk(pair.listing.language)
    worked, did_not = rng.choice(words["worked"]), rng.choice(words["did_not"])
    return FollowUp(
        author=author,
        happened=True,
        worked=worked,
        did_not=did_not if rng.random() < 0.4 else "",  # noqa: PLR2004  # a share
        at=at,
    )


def thanks(rng: random.Random, pair: Pair, story: Story) -> tuple[Thanks, ...]:
    """Say thanks until it is closed; the receiver always, the helper often."""
    if story.state != "closed" or story.ended_at is None or story.done_at is None:
        return ()
    words = rng.sample(talk(pair.listing.language)["thanks"], 2)
    soon = story.done_at + (story.ended_at - story.done_at) / 2
    there = [(pair.receiver, pair.provider, words[0], soon)]
    if rng.random() < 0.6:  # noqa: PLR2004  # a share
        there.append((pair.provider, pair.receiver, words[1], story.ended_at))
    return tuple(
        Thanks(
            giver=giver,
            receiver=receiver,
            words=text,
            giver_shows=rng.random() < 0.5,  # noqa: PLR2004  # a share
            receiver_shows=rng.random() < 0.5,  # noqa: PLR2004  # a share
            at=at,
        )
        for giver, receiver, text, at in there
    )
