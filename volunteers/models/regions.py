"""Regions: groups of countries by which sums are made; data, not code."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class RegionQuerySet(models.QuerySet["Region"]):
    """Reads of regions."""

    def holding(self, country: str) -> Self:
        """Keep those this country belongs to."""
        return self.filter(countries__contains=[country])


class Region(models.Model):
    """A part of the world as the movement or geographers draw it; regions may overlap."""

    slug = models.SlugField(_("part of its address"), unique=True)
    names = models.JSONField(_("names by language"), default=dict)
    countries = ArrayField(
        models.CharField(max_length=2), verbose_name=_("countries"), default=list
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [
            models.CheckConstraint(
                name="region_has_an_english_name",
                condition=models.Q(names__has_key="en"),
                violation_error_message=_("A region has a name in English at least."),
            )
        ]

    def __str__(self) -> str:
        code = (get_language() or "en").split("-")[0]
        return str(self.names.get(code) or self.names["en"])
