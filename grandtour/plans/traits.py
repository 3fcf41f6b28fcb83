"""What the shares of an edition count: whom each of them is for, told from what is known.

Nobody is asked for it, and nothing is guessed: a first journey was said by the applicant, where
people came from stands in earlier places, and whether an affiliate has an office in its page.
"""

from collections import Counter
from collections.abc import Mapping

from grandtour.models import Application, Edition, Seat

FIRST_TIME, NEW_COUNTRY, NO_OFFICE = "first_time", "new_country", "no_office"


def shares_of(edition: Edition) -> dict[str, int]:
    """Give the percentages that an edition asks for, by trait."""
    asked = {
        FIRST_TIME: edition.least_first_time,
        NEW_COUNTRY: edition.least_new_countries,
        NO_OFFICE: edition.least_without_office,
    }
    return {trait: percent for trait, percent in asked.items() if percent}


def chosen_before(edition: Edition) -> Counter[str]:
    """Count how many of each country travelled in other editions."""
    elsewhere = Seat.objects.live().exclude(edition=edition)
    return Counter(elsewhere.values_list("country", flat=True))


def traits_of(row: Application, chosen: Mapping[str, int]) -> frozenset[str]:
    """Say which shares count an application, whose affiliate was read with it."""
    held = {
        FIRST_TIME: bool(row.first_time),
        NEW_COUNTRY: not chosen.get(row.country, 0),
        NO_OFFICE: row.affiliate is None or not row.affiliate.has_office,
    }
    return frozenset(trait for trait, holds in held.items() if holds)
