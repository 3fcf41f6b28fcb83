"""Does it help? Two years of asking in a movement of 20,000 people, in three worlds.

- (a) *most known first*, as without the product: who needs help asks whom they have heard of
- (b) *a catalogue without the gate*: some ask whom they know, the others look through its list
- (c) *the product*: the same, and each ask goes through the gate

The order of the list is `exchange.models.finding.find`, the gate is `volunteers.gate` (`admit`,
`others`, `overfull`, `settle`), who has room in the list is noted by
`exchange.actions.documents.note_room`, and weeks are measured by `volunteers.load.Calendar`:
the product's own code on a PostgreSQL database of its own, with a clock that is moved. Nothing
of it is written here again.

The same people need the same things at the same moments in all three worlds, and whoever is
asked behaves the same way: each ask draws its luck from the number of the need and of the try.

What is assumed, of people and not of the product (all are fields of `Assumptions`):

| what | how much | why |
|---|---|---|
| fame | the n-th best known is 1/n as well known (Zipf) | so are edits and followers |
| heard of | whom one asks by name is drawn by fame among all able | not always the first |
| skills | one to three of the leaves of the taxonomy, by Zipf | a few are common |
| hours | 1 to 15 a week, mostly 2 to 6, whatever the fame | people feel best with 2 to 15 |
| tell | half tell the site hours, rests and own work, the others none | many will not |
| rests | half of all rest two weeks a year | a holiday |
| own work | at most two pieces of 4 to 10 weeks a year, 20 to 60 % of hours | it comes first |
| needs | 5 a week in 1,000 people: 2 to 40 hours over 2 to 8 weeks | a guess: see the sweep |
| has a name | half know whom to ask first, in (b) and (c) too | a list changes no memory |
| picks a name | of a list half take whom they know best, half an upper one | a guess |
| insists | where there is little room half ask the same all the same | a guess: see the sweep |
| no answer | 10 % for no reason, more with asks waiting, full weeks, rest | mail drowns |
| delay | 2 days on average, longer with asks waiting and full weeks | the same |
| yes | 75 % with room, 50 % above 0.8 full, 25 % over capacity | it is hard to say no |
| patience | 7 days for an answer, four people, four weeks for a need | as asks expire |

Everybody speaks one language and lives in one time zone. Nobody learns, leaves, or becomes
better known by helping. Open calls and 'tell me when this changes' are left out: who finds
nobody tries again a week later.

`make bench ONLY=fair_asking` runs a tenth of the people for half a year; `FAIR_ASKING=full` the
whole, and `FAIR_ASKING=sweep` half a year of all people, with one assumption after the other
changed; `FAIR_ASKING="small sweep"` the same with a tenth of the people.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from psycopg import sql

from benchmarks.catalogue import connect
from benchmarks.figures import Figure
from benchmarks.gate import manage

WORLDS = {
    "known": "(a) most known first",
    "listed": "(b) a catalogue without the gate",
    "gated": "(c) the product",
}


@dataclass(frozen=True)
class Assumptions:
    """What is taken to be so; see the table above."""

    people: int = 20_000
    weeks: int = 104
    seed: int = 20
    fame: float = 1.0
    tell: float = 0.5
    rest: float = 0.5
    needs_a_week: float = 5.0  # among 1,000 people
    has_a_name: float = 0.5
    picks_a_name: float = 0.5
    insists: float = 0.5
    answers: float = 0.9
    one_more_waits: float = 0.85
    when_full: float = 0.8
    when_over: float = 0.6
    at_rest: float = 0.3
    delay_days: float = 2.0
    yes: float = 0.75
    yes_if_full: float = 0.5
    yes_if_over: float = 0.25
    tries: int = 4
    strictly_known: bool = False  # the very best known who was not asked yet, always


QUICK = Assumptions(people=2_000, weeks=26)
FULL = Assumptions()
SHORT = replace(FULL, weeks=26)
OTHERS = {
    "as assumed": SHORT,
    "half the needs": replace(SHORT, needs_a_week=SHORT.needs_a_week / 2),
    "twice the needs": replace(SHORT, needs_a_week=SHORT.needs_a_week * 2),
    "nobody says no": replace(SHORT, yes=1, yes_if_full=1, yes_if_over=1),
    "nobody tells the site": replace(SHORT, tell=0),
    "all insist": replace(SHORT, insists=1),
    "always the very best known": replace(SHORT, strictly_known=True),
    "everybody tells the site": replace(SHORT, tell=1),
    "all have a name": replace(SHORT, has_a_name=1),
    "nobody has a name": replace(SHORT, has_a_name=0),
    "another seed": replace(SHORT, seed=21),
}
SMALL = {name: replace(assumed, people=QUICK.people) for name, assumed in OTHERS.items()}
SIZES = {"quick": {"": QUICK}, "full": {"": FULL}, "sweep": OTHERS, "small sweep": SMALL}


def measure() -> Iterator[Figure]:
    """Give the figures of the three worlds, under each set of assumptions."""
    for name, assumed in SIZES[os.environ.get("FAIR_ASKING", "quick")].items():
        yield from _figures(name, assumed)


def _figures(name: str, assumed: Assumptions) -> Iterator[Figure]:
    """Let each world have a database as it was filled, and no other."""
    filled = _filled(assumed)
    for world, title in WORLDS.items():
        env = _database(f"{filled}_{world}", template=filled)
        call = f"from benchmarks import asking; asking.run({world!r}, {asdict(assumed)!r})"
        said = manage(env, "shell", "-v", "0", "-c", call)
        _drop(f"{filled}_{world}")
        size = f"{assumed.people} people, {assumed.weeks} weeks"
        about = f"{title}, {size}{', ' if name else ''}{name}"
        for what, (value, unit) in json.loads(said).items():
            yield Figure(f"fair asking: {about}: {what}", value, unit)
    _drop(filled)


def _filled(assumed: Assumptions) -> str:
    """Fill a database with the movement, and give its name."""
    name = f"{os.environ['DATABASE_URL'].rpartition('/')[2]}_fair_asking"
    env = _database(name)
    manage(env, "migrate")
    call = f"from benchmarks import asking; asking.prepare({asdict(assumed)!r})"
    manage(env, "shell", "-v", "0", "-c", call)
    return name


def _database(name: str, template: str = "template0") -> dict[str, str]:
    """Make a database anew, like another; return the environment."""
    _drop(name)
    site = os.environ["DATABASE_URL"]
    before, _slash, _own = site.rpartition("/")
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with connect(site, autocommit=True) as connection:
        connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
    return {**os.environ, "DATABASE_URL": f"{before}/{name}"}


def _drop(name: str) -> None:
    """Remove a database of ours."""
    with connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(drop.format(sql.Identifier(name)))


if __name__ == "__main__":
    for figure in measure():
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()
