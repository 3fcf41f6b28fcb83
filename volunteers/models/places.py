"""Places of the world, from GeoNames."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from capx.folding import fold
from capx.names import country_name


class PlaceQuerySet(models.QuerySet["Place"]):
    """Reads of places."""

    def named(self, words: str) -> Self:
        """Keep the places one of whose names has words that begin so; the largest first."""
        parts = ["".join(c for c in word if c.isalnum()) for word in fold(words).split()]
        starts = " & ".join(f"{part}:*" for part in parts if part)
        if not starts:
            return self.none()
        query = SearchQuery(starts, search_type="raw", config="simple")
        return self.filter(names=query).order_by("-population", "pk")


class Place(models.Model):
    """A town or city; its key is its GeoNames number."""

    id = models.IntegerField(primary_key=True)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.PositiveIntegerField()
    names = SearchVectorField(help_text="All its names, without accents.")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        indexes = [GinIndex(name="place_names", fields=["names"])]

    def __str__(self) -> str:
        return f"{self.name}, {country_name(self.country)}"
