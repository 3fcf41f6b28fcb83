"""Invents people and puts them into affiliates."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from capx.sample.material import Crowd, Group, affiliates, crowd, dice
from capx.sample.records import Ability, Affiliate, City, Membership, Person, Spoken

# Letters that do not come apart into a Latin letter and a mark.
LATIN = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "Þ": "Th"}
    | {
        "æ": "ae",
        "Æ": "Ae",
        "ß": "ss",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ə": "e",
        "œ": "oe",
        "ŋ": "n",
    }
)
HOURS = (None, None, "2", "3", "4", "4", "5", "6", "8", "10")


def make_people(seed: int, today: date) -> tuple[Person, ...]:
    """Invent four hundred people, the same for the same seed and day."""
    names: set[str] = set()
    taken: set[str] = set()
    return tuple(
        make_person(dice(seed, f"person {index}"), group, names, taken, today)
        for index, group in enumerate(every_place(crowd()))
    )


def every_place(people: Crowd) -> Iterator[Group]:
    """Give each group as often as it has people."""
    for group in people.groups:
        for _ in range(group.people):
            yield group


def make_person(
    rng: random.Random, group: Group, names: set[str], taken: set[str], today: date
) -> Person:
    """Invent one person whose name nobody here has yet."""
    which = rng.randrange(2)
    name, in_latin = new_name(rng, group, which, names)
    languages = spoken_by(rng, group)
    language = languages[0].language
    language = language if language in crowd().words else "en"
    person = Person(
        username=new_username(rng, in_latin, taken),
        name=name,
        pronouns=pronouns(rng, language, which),
        about=about(rng, language),
        language=language,
        city=rng.choice(group.cities),
        languages=languages,
        joined_at=moment(rng, today - timedelta(days=rng.randint(310, 420))),
    )
    return with_wishes(rng, person, today)


def with_wishes(rng: random.Random, person: Person, today: date) -> Person:
    """Say what a person can do and how they wish to be met."""
    visibility = rng.choices(("public", "members", "hidden"), (80, 15, 5))[0]
    return replace(
        person,
        ways=tuple(sorted(rng.sample(crowd().ways, rng.randint(1, 4)))),
        abilities=abilities(rng),
        contact=rng.choice(crowd().contacts),
        visibility=visibility,
        may_be_asked=visibility != "hidden" and rng.random() < 0.92,  # noqa: PLR2004  # a share
        weekly_hours=hours(rng),
        rest=rest(rng, today),
    )


def new_name(
    rng: random.Random, group: Group, which: int, names: set[str]
) -> tuple[str, tuple[str, str]]:
    """Choose a name that is still free, as it is shown and in Latin letters."""
    own = group.names[which]
    free = [
        (given, family)
        for given in own.given
        for family in own.family
        if f"{shown(given)} {shown(family)}" not in names
    ]
    given, family = rng.choice(free)
    name = f"{shown(given)} {shown(family)}"
    names.add(name)
    return name, (latin(given), latin(family))


def shown(name: str) -> str:
    """Give a name in its own script."""
    return name.partition("/")[0]


def latin(name: str) -> str:
    """Give a name in plain Latin letters."""
    own, _, other = name.partition("/")
    apart = unicodedata.normalize("NFKD", (other or own).translate(LATIN))
    return "".join(letter for letter in apart if letter.isascii() and letter.isalpha())


def new_username(rng: random.Random, parts: tuple[str, str], taken: set[str]) -> str:
    """Choose a username the way people do, and one that is still free."""
    given, family = parts
    ways = [
        f"{given}{family}",
        f"{given}.{family}".lower(),
        f"{family}-{given}",
        f"{given}_{family[:4]}",
        f"{given}{family[0]}",
        f"{given[:3]}{family}",
    ]
    rng.shuffle(ways)
    username = next(way for way in ways if way not in taken)
    taken.add(username)
    return username


def spoken_by(rng: random.Random, group: Group) -> tuple[Spoken, ...]:
    """Vary the languages of a group a little; the first ones stay."""
    certain = [one for one in group.languages if one.level in "N4"]
    others = [
        Spoken(one.language, str(max(1, int(one.level) + rng.choice((-1, 0, 0, 1)))))
        for one in group.languages
        if one not in certain
    ]
    return (*certain, *others)


def pronouns(rng: random.Random, language: str, which: int) -> str:
    """Give pronouns to about half of all people."""
    chance = rng.random()
    choices = crowd().words[language]["pronouns"]
    if chance < 0.04:  # noqa: PLR2004  # a share
        return choices[2]
    return choices[which] if chance < 0.5 else ""  # noqa: PLR2004  # a share


def about(rng: random.Random, language: str) -> str:
    """Write two or three sentences about a person."""
    words = crowd().words[language]
    texts = [rng.choice(words[part]) for part in ("open", "do", "want")]
    if rng.random() < 0.4:  # noqa: PLR2004  # a share
        del texts[rng.randrange(3)]
    return " ".join(texts)


def abilities(rng: random.Random) -> tuple[Ability, ...]:
    """Choose what a person can do, teaches and wants to learn."""
    skills = rng.sample(crowd().skills, rng.randint(3, 6))
    wanted = rng.randint(1, 2)
    can = skills[wanted:]
    teaches = can[: rng.randint(0, 2)]
    return (
        *(Ability(skill, "has") for skill in can),
        *(Ability(skill, "teaches") for skill in teaches),
        *(Ability(skill, "wants") for skill in skills[:wanted]),
    )


def hours(rng: random.Random) -> Decimal | None:
    """Say how many hours a week a person can give, where they said so."""
    said = rng.choice(HOURS)
    return None if said is None else Decimal(said)


def rest(rng: random.Random, today: date) -> tuple[date, date] | None:
    """Let some people rest now or soon."""
    if rng.random() > 0.12:  # noqa: PLR2004  # a share
        return None
    first = today + timedelta(days=rng.randint(-12, 40))
    return first, first + timedelta(days=rng.randint(6, 27))


def moment(rng: random.Random, day: date) -> datetime:
    """Choose a moment of a day, when people are awake."""
    return datetime.combine(day, time(rng.randint(7, 20), rng.randrange(60)), UTC)


def make_memberships(
    seed: int, today: date, people: tuple[Person, ...]
) -> tuple[Membership, ...]:
    """Put people into affiliates, so that each affiliate has a steward."""
    rng = dice(seed, "memberships")
    found: dict[tuple[str, str], Membership] = {}
    for person in people:
        for affiliate in chosen(rng, person):
            role = rng.choices(("member", "editor", "steward"), (35, 45, 20))[0]
            add(found, rng, today, Membership(person.username, affiliate.slug, role, None))
    for affiliate in affiliates():
        give_steward(found, rng, today, affiliate, people)
    return tuple(found.values())


def add(
    found: dict[tuple[str, str], Membership],
    rng: random.Random,
    today: date,
    membership: Membership,
) -> None:
    """Add a membership, confirmed unless it is new."""
    if membership.role != "member" or rng.random() < 0.85:  # noqa: PLR2004  # a share
        day = today - timedelta(days=rng.randint(301, 309))
        membership = replace(membership, confirmed_at=moment(rng, day))
    found[membership.username, membership.affiliate] = membership


def chosen(rng: random.Random, person: Person) -> list[Affiliate]:
    """Choose the affiliates of a person: one near them, sometimes one for the whole world."""
    near = [one for one in affiliates() if fits(one, person) and one.countries]
    everywhere = [one for one in affiliates() if fits(one, person) and not one.countries]
    result = []
    if near and rng.random() < 0.8:  # noqa: PLR2004  # a share
        kinds = [1 if one.kind in ("partner", "hub", "informal") else 3 for one in near]
        result += rng.choices(near, kinds)
    if everywhere and rng.random() < 0.12:  # noqa: PLR2004  # a share
        result.append(rng.choice(everywhere))
    return result


def fits(affiliate: Affiliate, person: Person) -> bool:
    """Tell whether a person may belong to an affiliate: country and language agree."""
    here = not affiliate.countries or home(person.city) in affiliate.countries
    return here and any(
        spoken.language in affiliate.languages and spoken.level in "34N"
        for spoken in person.languages
    )


def home(city: City) -> str:
    """Give the country of a city; Åland belongs with Finland here."""
    return "FI" if city.country == "AX" else city.country


def give_steward(
    found: dict[tuple[str, str], Membership],
    rng: random.Random,
    today: date,
    affiliate: Affiliate,
    people: tuple[Person, ...],
) -> None:
    """Make sure that somebody looks after an affiliate's people."""
    own = [one for one in found.values() if one.affiliate == affiliate.slug]
    if any(one.role == "steward" for one in own):
        return
    near = [one for one in people if one.visibility == "public" and fits(affiliate, one)]
    near = near or [one for one in people if one.visibility == "public" and one.may_be_asked]
    username = own[0].username if own else rng.choice(near).username
    add(found, rng, today, Membership(username, affiliate.slug, "steward", None))


def with_skills(people: tuple[Person, ...], shown: dict[str, set[str]]) -> tuple[Person, ...]:
    """Let people have the skills with which they help others."""
    return tuple(
        replace(
            person,
            abilities=(
                *(
                    one
                    for one in person.abilities
                    if one.skill not in can or one.how != "wants"
                ),
                *(Ability(skill, "has") for skill in sorted(can - has(person))),
            ),
        )
        for person in people
        for can in [shown.get(person.username, set())]
    )


def has(person: Person) -> set[str]:
    """Give the skills a person has."""
    return {one.skill for one in person.abilities if one.how == "has"}
