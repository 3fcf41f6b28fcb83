"""Countries, languages, currencies and zones that are at home here: lists begin with them."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from babel.core import get_global
from babel.numbers import get_territory_currencies
from django.conf import settings
from django.utils import timezone

from volunteers.models.affiliates import Affiliate

AN_HOUR = 3600


@dataclass(frozen=True)
class Familiar:
    """Codes that people here are likely to choose."""

    countries: frozenset[str]
    languages: frozenset[str]
    currencies: frozenset[str]
    zones: frozenset[str]


def familiar() -> Familiar:
    """Give what the affiliates of this site make familiar; read once an hour."""
    return _in_hour(int(timezone.now().timestamp()) // AN_HOUR)


@lru_cache(maxsize=1)
def _in_hour(_hour: int) -> Familiar:
    """Read where the affiliates are and what they speak; all else follows from it."""
    rows = list(Affiliate.objects.values_list("countries", "languages"))
    countries = frozenset(chain.from_iterable(row[0] for row in rows))
    spoken = chain.from_iterable(row[1] for row in rows)
    money = chain.from_iterable(get_territory_currencies(code) for code in countries)
    where = get_global("zone_territories")
    return Familiar(
        countries=countries,
        languages=frozenset(spoken) | {code for code, _name in settings.LANGUAGES},
        currencies=frozenset(money),
        zones=frozenset(zone for zone, country in where.items() if country in countries),
    )


def forget_familiar() -> None:
    """Read it anew at the next look."""
    _in_hour.cache_clear()
