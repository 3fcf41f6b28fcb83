"""Places of the world, from GeoNames."""

import re
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from capx.folding import fold
from capx.names import city_name, country_name, listed


def words_of(text: str) -> list[str]:
    """Take a name apart into the words it is found by."""
    return [word[:60] for word in re.findall(r"\w+", fold(text))]


def whole_name(name: str) -> str:
    """Make one word of a name, marked so that nobody can type it."""
    return joined(words_of(name))


def joined(words: list[str]) -> str:
    """Make one word of the words of a name, marked likewise."""
    return "^" + "".join(words)


class Lexemes(SearchQuery):
    """A query of lexemes just as they stand; a parser would drop the marks in them."""

    def __init__(self, query: str) -> None:
        """Take a query in PostgreSQL's own writing."""
        super().__init__(query, search_type="raw")
        self.template = "%(expressions)s::tsquery"


class PlaceQuerySet(models.QuerySet["Place"]):
    """Reads of places."""

    def named(self, text: str) -> Self:
        """Keep the places with names that begin so; a name that is just this comes first.

        Words after the first may name the country: `berlin germany`.
        """
        first, *rest = words_of(text)[:6] or [""]
        if not first or (len(first) == 1 and first.isascii() and not rest):
            return self.none()  # half of the world begins with one letter or another
        more = "".join(f" & ('{word}':* | '={word}':*)" for word in rest)
        whole = "".join(f" & ('{word}' | '={word}')" for word in rest)
        town, comma, _country = text.replace("،", ",").partition(",")
        name = whole_name(town)
        fit = models.Case(
            models.When(names=Lexemes(f"'{name}'{more if comma else ''}"), then=0),
            models.When(names=Lexemes(f"'{first}'{whole}"), then=1),
            models.When(names=Lexemes(f"'{name}':*"), then=2),
            default=3,
        )
        found = self.filter(names=Lexemes(f"'{first}':*{more}"))
        return found.annotate(fit=fit).order_by("fit", "-population", "pk")


class Place(models.Model):
    """A town or city; its key is its GeoNames number."""

    id = models.IntegerField(_("number in GeoNames"), primary_key=True)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    population = models.PositiveIntegerField(_("population"))
    # Words of its names, whole names after ^, words of its country's names after =.
    names = SearchVectorField(help_text="All its names, without accents.")

    fit: int  # of named()

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        indexes = [GinIndex(name="place_names", fields=["names"])]

    def __str__(self) -> str:
        return listed([city_name(self.name, self.country), country_name(self.country)])
