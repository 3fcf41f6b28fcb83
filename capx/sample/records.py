"""What the sample is made of; each record names the others by username, slug or number."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class City:
    """A place by its GeoNames name and its country."""

    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Affiliate:
    """A body of the movement, or a partner; without countries it is everywhere."""

    slug: str
    name: str
    kind: str
    countries: tuple[str, ...]
    city: City | None
    languages: tuple[str, ...]
    website: str
    has_office: bool
    about: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language somebody speaks; the level is 1 to 4, or N for a first language."""

    language: str
    level: str


@dataclass(frozen=True, slots=True)
class Ability:
    """A skill somebody has, teaches, or wants."""

    skill: str
    how: str


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person; hours a week are None where nothing was said."""

    username: str
    name: str
    pronouns: str
    about: str
    language: str
    city: City
    languages: tuple[Spoken, ...]
    joined_at: datetime
    ways: tuple[str, ...] = ()
    abilities: tuple[Ability, ...] = ()
    contact: str = "here"
    visibility: str = "public"
    may_be_asked: bool = True
    weekly_hours: Decimal | None = None
    rest: tuple[date, date] | None = None

    def speaks(self, language: str, levels: str) -> bool:
        """Tell whether this person speaks a language at one of these levels."""
        return any(
            spoken.language == language and spoken.level in levels for spoken in self.languages
        )


@dataclass(frozen=True, slots=True)
class Membership:
    """A person in an affiliate: member, editor or steward."""

    username: str
    affiliate: str
    role: str
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """A sum for one side, in the smallest unit of its currency."""

    side: str
    amount: int
    currency: str
    what_for: str
    payer: str


@dataclass(frozen=True, slots=True)
class Listing:
    """An offer or a request; the amount is in the smallest unit of its currency."""

    number: int
    kind: str
    of: str
    resource: str
    language: str
    title: str
    body: str
    takeaway: str
    skills: tuple[str, ...]
    author: str
    affiliate: str | None
    countries: tuple[str, ...]
    city: City
    mode: str
    first_day: date | None = None
    last_day: date | None = None
    times: str = ""
    hours: Decimal = Decimal(0)
    preparation_hours: Decimal = Decimal(0)
    wants_help_to_share: bool = False
    seats: int | None = None
    amount: int | None = None
    currency: str = ""
    covers: str = ""
    decided_by: str = ""
    budget: tuple[Line, ...] = ()
    state: str = "draft"
    written_at: datetime | None = None
    published_at: datetime | None = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """What one side wrote to the other."""

    author: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two sides agreed on."""

    proposed_by: str
    proposed_at: datetime
    what: str
    hours: Decimal
    first_day: date
    last_day: date
    where: str
    outcome: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What one side says afterwards."""

    author: str
    happened: bool
    worked: str
    did_not: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Thanks:
    """A thank-you from one side to the other."""

    giver: str
    receiver: str
    words: str
    giver_shows: bool
    receiver_shows: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """What came of an answer to a listing; a proposal waits for the other side's yes."""

    number: int
    listing: int
    provider: str
    receiver: str
    counterpart: str
    counterpart_affiliate: str | None
    state: str
    asked_at: datetime
    answered_at: datetime | None = None
    agreed_at: datetime | None = None
    done_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    unconfirmed: bool = False
    seat: int | None = None
    messages: tuple[Message, ...] = ()
    agreement: Agreement | None = None
    proposal: Agreement | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    thanks: tuple[Thanks, ...] = ()


@dataclass(frozen=True, slots=True)
class Artefact:
    """Something one can take away."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Practice:
    """A note on what was tried, what worked and what did not."""

    number: int
    language: str
    title: str
    context: str
    tried: str
    worked: str
    did_not: str
    would_reuse: str
    artefacts: tuple[Artefact, ...]
    skills: tuple[str, ...]
    countries: tuple[str, ...]
    author: str
    affiliate: str | None = None
    source: str = ""
    exchange: int | None = None
    state: str = "draft"
    written_at: datetime | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody says that a listing, a person or a practice should not stand here."""

    reporter: str
    reason: str
    words: str
    at: datetime
    listing: int | None = None
    person: str | None = None
    practice: int | None = None
    decided_at: datetime | None = None
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything at once."""

    affiliates: tuple[Affiliate, ...]
    people: tuple[Person, ...]
    memberships: tuple[Membership, ...]
    listings: tuple[Listing, ...]
    exchanges: tuple[Exchange, ...]
    practices: tuple[Practice, ...]
    reports: tuple[Report, ...] = ()
