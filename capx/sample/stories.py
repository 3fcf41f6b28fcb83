"""The moments of an exchange: from the ask to where it stands."""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from capx.sample.people import moment
from capx.sample.records import Agreement, Listing

# How many days ago the ask was: at least, at most.
AGO = {
    "asked": (1, 6),
    "agreed": (6, 40),
    "done": (18, 33),
    "closed": (40, 240),
    "declined": (9, 200),
    "withdrawn": (9, 150),
    "expired": (8, 200),
    "not_done": (40, 160),
}
MET = ("agreed", "done", "closed", "not_done")
# After so many days one side's word is enough; and so long ago that all of it is over.
SILENCE = 22
LONG_AGO = 70


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
    # Whether the other side never said that it happened.
    alone: bool = False


def takes_seats(listing: Listing) -> bool:
    """Tell a training, in which a seat is taken, from what has to be agreed on."""
    return listing.of == "training" and listing.kind == "offer"


def tell(rng: random.Random, today: date, state: str, listing: Listing) -> Story:
    """Choose the moments of an exchange so that they follow one another."""
    least, most = AGO[state]
    known = (today - (listing.published_at or moment(rng, today)).date()).days
    asked = today - timedelta(days=rng.randint(least, min(most, known - 1)))
    story = Story(state, moment(rng, asked))
    if takes_seats(listing):
        return seated(story, listing)
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
    return Story(state, story.asked_at, ended_at=ended)


def seated(story: Story, listing: Listing) -> Story:
    """Take a seat of a training: its terms stand in the listing, and hold at once."""
    return replace(
        story,
        answered_at=story.asked_at,
        agreed_at=story.asked_at,
        first_day=listing.first_day,
        last_day=listing.last_day,
    )


def carry_on(
    rng: random.Random, today: date, story: Story, asked: date, listing: Listing
) -> Story:
    """Go on from the ask to the agreement, and to what came of it."""
    agreed = asked + timedelta(days=rng.randint(3, 5))
    first, last = days_of(rng, today, story.state, agreed, listing)
    alone = (
        story.state == "closed" and (today - asked).days > LONG_AGO and rng.random() < 0.15  # noqa: PLR2004  # a share
    )
    done = last + timedelta(days=SILENCE if alone else rng.randint(1, 2))
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
        alone=alone,
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


def terms_of(listing: Listing, at: datetime) -> Agreement:
    """Take the terms of a training from its listing."""
    return Agreement(
        proposed_by=listing.author,
        proposed_at=at,
        what="\n".join(part for part in (listing.title, listing.times) if part),
        hours=listing.hours,
        first_day=listing.first_day or at.date(),
        last_day=listing.last_day or at.date(),
        where="" if listing.mode == "remote" else listing.city.name,
        outcome=listing.takeaway,
        lines=listing.budget,
    )
