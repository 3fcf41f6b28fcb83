"""Places, as organisers find them; they come from GeoNames and are changed there."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from capx.desk import Reading
from volunteers.models import Place


@admin.register(Place)
class PlaceAdmin(Reading[Place]):
    """Find a place by any of its names."""

    list_display = ["name", "country", "population"]
    fields = ["id", "name", "country", "latitude", "longitude", "population"]
    search_fields = ["names"]
    search_help_text = _("The beginning of any of its names, then its country: berlin germany")
    ordering = ["pk"]

    def get_search_results(
        self, _request: HttpRequest, queryset: models.QuerySet[Place], search_term: str
    ) -> tuple[models.QuerySet[Place], bool]:
        """Search as the place picker does."""
        if not search_term.strip():
            return queryset, False
        return Place.objects.named(search_term), False
