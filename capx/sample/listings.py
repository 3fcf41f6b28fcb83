"""Writes the listings of the sample from seeds."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle

from capx.sample.material import LANGUAGES, Pools, Seed, Where, affiliates, dice, pools
from capx.sample.people import home, moment
from capx.sample.records import Line, Listing, Membership, Person

OFFERS = 75
REQUESTS = 50
STATES = ("open", "paused", "taken", "expired", "withdrawn", "draft")
SHARES = (85, 4, 4, 3, 2, 2)
# What one hundred units of the smallest unit of the euro are, roughly, in other currencies.
RATES = {
    "PL": ("PLN", 4),
    "CZ": ("CZK", 25),
    "SE": ("SEK", 11),
    "NO": ("NOK", 11),
    "DK": ("DKK", 7),
    "UA": ("UAH", 45),
    "HU": ("HUF", 400),
    "GB": ("GBP", 1),
    "CH": ("CHF", 1),
}


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes a listing, where, and for whom they may speak."""

    person: Person
    where: Where
    affiliates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The words of a listing, before its dates."""

    title: str
    body: str
    when: str
    number: int


def make_listings(
    seed: int,
    today: date,
    people: tuple[Person, ...],
    memberships: tuple[Membership, ...],
) -> tuple[Listing, ...]:
    """Write 125 listings in each language, three offers to two requests."""
    result: list[Listing] = []
    for language in LANGUAGES:
        rng = dice(seed, f"listings {language}")
        authors = cycle(mixed(rng, authors_in(rng, language, people, memberships)))
        titles: set[str] = set()
        for index, plan in planned(language):
            author, draft = write(rng, language, index, plan, authors, titles)
            result.append(
                make_listing(rng, today, len(result) + 1, language, plan, author, draft)
            )
    return tuple(result)


def mixed(rng: random.Random, authors: list[Author]) -> list[Author]:
    """Put authors in any order, each as often as the others."""
    rng.shuffle(authors)
    return authors


def authors_in(
    rng: random.Random,
    language: str,
    people: tuple[Person, ...],
    memberships: tuple[Membership, ...],
) -> list[Author]:
    """Find those who can write in a language and be asked about it."""
    speaking: dict[str, list[str]] = {}
    for one in memberships:
        if one.role != "member":
            speaking.setdefault(one.username, []).append(one.affiliate)
    found = []
    for person in people:
        where = place_of(rng, language, person)
        if where and person.may_be_asked and writes(person, language):
            found.append(Author(person, where, tuple(speaking.get(person.username, ()))))
    return found


def writes(person: Person, language: str) -> bool:
    """Tell whether a person posts in a language; English is for those with no other here."""
    if language != "en":
        return person.speaks(language, "N4")
    first = person.languages[0].language
    return person.speaks("en", "N34") and (first == "en" or first not in LANGUAGES)


def place_of(rng: random.Random, language: str, person: Person) -> Where | None:
    """Find the words for a person's own city, or for another in their country."""
    places = pools(language).places
    own = [one for one in places if one.city == person.city]
    near = [one for one in places if home(one.city) == home(person.city)]
    return rng.choice(own or near) if near else None


def planned(language: str) -> Iterator[tuple[int, Seed]]:
    """Give each seed in turn, with the number of its turn, until there is enough."""
    for kind, count in (("offer", OFFERS), ("request", REQUESTS)):
        seeds = [one for one in pools(language).seeds if one.kind == kind]
        for index in range(count):
            turn, which = divmod(index, len(seeds))
            yield turn, seeds[which]


def write(  # noqa: PLR0913, PLR0917  # each is one part of a sentence
    rng: random.Random,
    language: str,
    turn: int,
    seed: Seed,
    authors: Iterator[Author],
    titles: set[str],
) -> tuple[Author, Draft]:
    """Fill the gaps of a seed until its title is new."""
    while True:
        author = next(authors)
        if gives_money(seed) and not author.affiliates:
            continue
        draft = fill(rng, pools(language), turn, seed, author)
        if draft.title not in titles:
            titles.add(draft.title)
            return author, draft


def gives_money(seed: Seed) -> bool:
    """Tell whether an offer can only be an affiliate's."""
    return seed.kind == "offer" and seed.resource in ("funding", "travel")


def fill(rng: random.Random, words: Pools, turn: int, seed: Seed, author: Author) -> Draft:
    """Fill the gaps of a seed once."""
    number = rng.choice(words.numbers)
    when = rng.choice(words.when)
    gaps = {
        "x": seed.x[turn % len(seed.x)] if seed.x else "",
        "theme": rng.choice(words.themes),
        "when": when,
        "number": number,
        "city": author.where.name,
        "there": author.where.there,
    }
    gaps["x"] = str(gaps["x"]).format_map(gaps)
    key = f"{seed.kind}_resource" if seed.resource else seed.kind
    endings = [*words.closings[key], ""]
    ending = dice(0, seed.key).sample(endings, len(endings))[turn % len(endings)]
    body = f"{opening(words, turn, seed)} {seed.body.format_map(gaps)} {ending}".strip()
    return Draft(seed.title.format_map(gaps), body, when, number)


def opening(words: Pools, turn: int, seed: Seed) -> str:
    """Begin each listing of a seed in its own way; one of them comes to the point at once."""
    of = seed.resource or "any"
    openings = ["", *words.openings.get(f"{seed.kind}_{of}", ())]
    return dice(0, f"{seed.key} opening").sample(openings, len(openings))[turn % len(openings)]


def make_listing(  # noqa: PLR0913, PLR0917  # a listing has many sides
    rng: random.Random,
    today: date,
    number: int,
    language: str,
    seed: Seed,
    author: Author,
    draft: Draft,
) -> Listing:
    """Give a listing its words, days and sums."""
    state = rng.choices(STATES, SHARES)[0]
    first_day, last_day = period(rng, today, seed, state)
    written_at, published_at, confirmed_at = since(rng, today, state)
    listing = worded(rng, number, language, seed, author, draft)
    return replace(
        listing,
        first_day=first_day,
        last_day=last_day,
        seats=seats(seed, draft),
        budget=budget(rng, seed, listing),
        state=state,
        written_at=written_at,
        published_at=published_at,
        confirmed_at=confirmed_at,
    )


def worded(  # noqa: PLR0913, PLR0917  # a listing has many sides
    rng: random.Random, number: int, language: str, seed: Seed, author: Author, draft: Draft
) -> Listing:
    """Put the words of a listing together with who says them, and where."""
    listing = Listing(
        number=number,
        kind=seed.kind,
        of=seed.of,
        resource=seed.resource,
        language=language,
        title=draft.title,
        body=draft.body,
        takeaway=takeaway(rng, language, seed),
        skills=seed.skills,
        author=author.person.username,
        affiliate=speaks_for(rng, seed, author),
        countries=(author.where.city.country,) if seed.mode == "on_site" else (),
        city=author.where.city,
        mode=seed.mode,
        times=draft.when if "{when}" in seed.title else "",
    )
    return measured(rng, seed, listing)


def measured(rng: random.Random, seed: Seed, listing: Listing) -> Listing:
    """Say how many hours it takes, and of a sum how much it is."""
    return replace(
        listing,
        hours=varied(rng, seed.hours),
        preparation_hours=varied(rng, seed.preparation_hours),
        wants_help_to_share=seed.kind == "offer" and rng.random() < 0.05,  # noqa: PLR2004  # a share
        amount=None if seed.amount is None else seed.amount * rng.choice((2, 3, 4, 5, 6)) // 4,
        currency=seed.currency,
        covers=seed.covers,
        decided_by=seed.decided_by,
    )


def speaks_for(rng: random.Random, seed: Seed, author: Author) -> str | None:
    """Let those who may speak for an affiliate do so, most of the time."""
    if author.affiliates and (gives_money(seed) or rng.random() < 0.9):  # noqa: PLR2004  # a share
        return rng.choice(author.affiliates)
    return None


def since(
    rng: random.Random, today: date, state: str
) -> tuple[datetime, datetime | None, datetime | None]:
    """Say when a listing was written, published, and last said to be true by its author."""
    ago = rng.randint(8, 300)
    published = moment(rng, today - timedelta(days=ago))
    written = published - timedelta(minutes=rng.randint(2, 50))
    if state == "draft":
        return written, None, None
    confirmed = moment(rng, today - timedelta(days=rng.randint(1, min(ago, 80))))
    return written, published, max(published, confirmed)


def period(
    rng: random.Random, today: date, seed: Seed, state: str
) -> tuple[date | None, date | None]:
    """Choose the days of trainings, and the last day of some others."""
    if state == "expired":
        last = today - timedelta(days=rng.randint(3, 60))
        first = last - timedelta(days=rng.randint(0, 14))
        return (first, last) if seed.of == "training" else (None, last)
    if seed.of == "training" and seed.kind == "offer":
        first = today + timedelta(days=rng.randint(12, 130))
        one_day = seed.mode != "remote" or seed.hours < 2  # noqa: PLR2004  # hours of one evening
        length = 0 if one_day else 7 * rng.randint(1, 3)
        return first, first + timedelta(days=length)
    if seed.resource in ("funding", "travel") or rng.random() < 0.25:  # noqa: PLR2004  # a share
        return None, today + timedelta(days=rng.randint(25, 220))
    return None, None


def varied(rng: random.Random, hours: float) -> Decimal:
    """Vary hours a little, in halves."""
    halves = round(hours * 2 * rng.choice((1, 1, 1, 1.5, 0.75)))
    return Decimal(max(halves, 1 if hours else 0)) / 2


def takeaway(rng: random.Random, language: str, seed: Seed) -> str:
    """Name what one takes away from most offers."""
    texts = pools(language).takeaways[seed.of]
    fits = seed.kind == "offer" and seed.resource in ("", "equipment", "materials")
    return rng.choice(texts) if fits and rng.random() < 0.7 else ""  # noqa: PLR2004  # a share


def seats(seed: Seed, draft: Draft) -> int | None:
    """Give a training as many seats as its words say."""
    if seed.seats is None:
        return None
    return draft.number if "{number}" in seed.title + seed.body else seed.seats


def budget(rng: random.Random, seed: Seed, listing: Listing) -> tuple[Line, ...]:
    """Add a sum for one side or both to some listings."""
    if seed.resource or rng.random() > 0.16:  # noqa: PLR2004  # a share
        return ()
    payer = next((one.name for one in affiliates() if one.slug == listing.affiliate), "")
    sides = rng.choice((("receiver",), ("provider",), ("provider", "receiver")))
    costs = rng.sample(pools(listing.language).costs, len(sides))
    return tuple(
        line(rng, side, listing.city.country, cost, payer)
        for side, cost in zip(sides, costs, strict=True)
    )


def line(rng: random.Random, side: str, country: str, what_for: str, payer: str) -> Line:
    """Make a sum in the currency of a country."""
    currency, rate = RATES.get(country, ("EUR", 1))
    amount = rng.choice((20, 35, 50, 80, 120, 160)) * rate * 100
    return Line(side, amount, currency, what_for, payer)
