"""Makes the whole sample: the same seed and day give the same people and the same words."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from capx.sample.cast import join_in
from capx.sample.exchanges import make_exchanges
from capx.sample.listings import make_listings, writes
from capx.sample.material import LANGUAGES, Note, affiliates, dice, notes
from capx.sample.people import make_memberships, make_people, moment, with_skills
from capx.sample.records import Exchange, Listing, Membership, Person, Practice, Sample


def make_sample(today: date, seed: int = 1) -> Sample:
    """Make everything at once."""
    people = make_people(seed, today)
    memberships = make_memberships(seed, today, people)
    listings = make_listings(seed, today, people, memberships)
    exchanges = make_exchanges(seed, today, people, memberships, listings)
    practices = make_practices(seed, today, people, memberships, (listings, exchanges))
    people = with_skills(people, skills_shown(listings, exchanges))
    crowd = Sample(
        affiliates(),
        people,
        memberships,
        tuple(settled(listings, exchanges)),
        exchanges,
        practices,
    )
    return join_in(crowd, today)


def settled(
    listings: tuple[Listing, ...], exchanges: tuple[Exchange, ...]
) -> Iterator[Listing]:
    """Take requests out of the catalogue when somebody helps with them."""
    helped = {one.listing for one in exchanges if one.seat}
    for one in listings:
        taken = one.kind == "request" and one.number in helped
        yield replace(one, state="taken", seats=1) if taken else one


def skills_shown(
    listings: tuple[Listing, ...], exchanges: tuple[Exchange, ...]
) -> dict[str, set[str]]:
    """Collect the skills with which people help: by what they offer and by what they did."""
    by_number = {one.number: one for one in listings}
    helping = [(one.author, one) for one in listings if one.kind == "offer"]
    helping += [(one.provider, by_number[one.listing]) for one in exchanges]
    result: dict[str, set[str]] = {}
    for username, listing in helping:
        if not listing.resource:
            result.setdefault(username, set()).update(listing.skills)
    return result


def make_practices(
    seed: int,
    today: date,
    people: tuple[Person, ...],
    memberships: tuple[Membership, ...],
    past: tuple[tuple[Listing, ...], tuple[Exchange, ...]],
) -> tuple[Practice, ...]:
    """Give each note an author; one in each language grew out of an exchange."""
    rng = dice(seed, "practices")
    speaking = {one.username: one.affiliate for one in memberships if one.role != "member"}
    by_name = {person.username: person for person in people}
    result: list[Practice] = []
    for language in LANGUAGES:
        authors = [one for one in people if one.may_be_asked and writes(one, language)]
        closed = closed_in(language, *past)
        for note, author in zip(notes(language), rng.sample(authors, 5), strict=True):
            exchange = closed.pop(0) if closed and note is notes(language)[0] else None
            who = by_name[exchange.provider] if exchange else author
            affiliate = speaking.get(who.username)
            result.append(
                make_practice(rng, today, len(result) + 1, note, (who, affiliate, exchange))
            )
    return tuple(result)


def closed_in(
    language: str, listings: tuple[Listing, ...], exchanges: tuple[Exchange, ...]
) -> list[Exchange]:
    """Find the finished exchanges about listings in a language."""
    theirs = {one.number for one in listings if one.language == language}
    return [one for one in exchanges if one.state == "closed" and one.listing in theirs]


def make_practice(
    rng: random.Random,
    today: date,
    number: int,
    note: Note,
    by: tuple[Person, str | None, Exchange | None],
) -> Practice:
    """Make a practice of a note, by somebody, perhaps about an exchange."""
    author, affiliate, exchange = by
    newest = (today - exchange.ended_at.date()).days if exchange and exchange.ended_at else 290
    state = "draft" if number % 31 == 0 else "archived" if number % 47 == 0 else "published"
    written = moment(rng, today - timedelta(days=rng.randint(1, max(1, newest - 1))))
    return replace(
        worded(number, note, author),
        affiliate=affiliate,
        exchange=exchange.number if exchange else None,
        state=state,
        written_at=written,
        published_at=None if state == "draft" else written + timedelta(minutes=35),
    )


def worded(number: int, note: Note, author: Person) -> Practice:
    """Put a note into its author's mouth."""
    return Practice(
        number=number,
        language=note.language,
        title=note.title,
        context=note.context,
        tried=note.tried,
        worked=note.worked,
        did_not=note.did_not,
        would_reuse=note.would_reuse,
        artefacts=note.artefacts,
        skills=note.skills,
        countries=(author.city.country,),
        author=author.username,
        source=note.source,
    )
