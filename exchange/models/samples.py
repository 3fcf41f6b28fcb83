"""How much of what fits is looked at: all of it, or one part in so many; pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from exchange.search import either, facet, quote

EXACT = 1500  # so many are ranked and counted one by one
BOUND = 2 * EXACT  # never more, whatever the estimate said
SAMPLE = 800
FEWEST = 60  # a sample smaller than this says too little
SHARES = [4, 16, 64, 256, 1024]  # of which a sample may be one part


@dataclass(frozen=True, slots=True)
class Sample:
    """Documents that were found, by where their rows lie; one in so many of all there are."""

    tids: str
    share: int

    @property
    def seen(self) -> int:
        """Give how many were found."""
        return self.tids.count("(")

    @property
    def total(self) -> int:
        """Give how many there are."""
        return self.seen * self.share


def rounded(number: int, share: int) -> int:
    """Give a number that comes of a sample no more digits than it deserves."""
    return number if share == 1 else round(number, 2 - len(str(number)))


def share_for(rows: int) -> int:
    """Say that one in so many is few enough to look at; 1 where all of them are."""
    if rows <= EXACT:
        return 1
    return next((share for share in SHARES if rows <= share * SAMPLE), SHARES[-1])


def mended(share: int, seen: int) -> int:
    """Give a better share where a sample turned out much too large or too small."""
    if seen >= BOUND:
        return min(share * 4, SHARES[-1])
    return share_for(seen * share) if seen < FEWEST else share


def slot(share: int, turn: int) -> str:
    """Give the condition of belonging to one part in so many."""
    return quote(facet(f"of{share}", turn % share)) if share > 1 else ""


def windows(until: date) -> list[str]:
    """Give conditions for longer and longer times before a day: four weeks to four years."""
    weeks = [(until - timedelta(weeks=n)).isocalendar() for n in range(4)]
    months = [until.year * 12 + until.month - 1 - n for n in range(4)]
    quarters = [until.year * 4 + (until.month - 1) // 3 - n for n in range(4)]
    return [
        either(quote(facet("week", f"{week.year}-{week.week:02}")) for week in weeks),
        either(quote(facet("month", f"{m // 12}-{m % 12 + 1:02}")) for m in months),
        either(quote(facet("quarter", f"{q // 4}-{q % 4 + 1}")) for q in quarters),
        either(quote(facet("year", until.year - n)) for n in range(4)),
    ]
