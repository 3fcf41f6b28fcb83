"""Places of the world, from GeoNames."""

import re
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from capx.folding import fold
from capx.names import country_name


def words_of(text: str) -> list[str]:
    """Take a name apart into the words it is found by."""
    return [word[:60] for word in re.findall(r"\w+", fold(text))]


class PlaceQuerySet(models.QuerySet["Place"]):
    """Reads of places."""

    def named(self, text: str) -> Self:
        """Keep the places that have words which begin so; whole words first, then the largest.

        Words after the first may name the country: `berlin germany`.
        """
        first, *rest = words_of(text)[:6] or [""]
        if not first:
            return self.none()
        more = [f"('{word}':* | '={word}':*)" for word in rest]
        whole = [f"('{word}' | '={word}')" for word in rest]
        found = self.filter(names=raw(" & ".join([f"'{first}':*", *more])))
        exact = models.Case(
            models.When(names=raw(" & ".join([f"'{first}'", *whole])), then=0), default=1
        )
        return found.order_by(exact, "-population", "pk")


def raw(query: str) -> models.Func:
    """Make a query of lexemes as they are; the words in it hold no quotes."""
    return models.Func(
        models.Value(query), template="%(expressions)s::tsquery", output_field=SearchQueryField()
    )


class Place(models.Model):
    """A town or city; its key is its GeoNames number."""

    id = models.IntegerField(primary_key=True)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.PositiveIntegerField()
    # Its words and, with = before each, those of its country.
    names = SearchVectorField(
        help_text="All its names, without accents."
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(name="place_names", fields=["names"])]

    def __str__(self) -> str:
        return f"{self.name}, {country_name(self.country)}"
