"""Snapshots of bottlenecks and the regions they are made by, as organisers see them."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from capx.desk import Reading
from capx.names import country_name
from volunteers.models import BottleneckSnapshot, Region
from volunteers.models.bottlenecks import BottleneckSnapshotQuerySet


@admin.register(BottleneckSnapshot)
class BottleneckSnapshotAdmin(Reading[BottleneckSnapshot]):
    """Read what was written on each night; nobody changes it."""

    list_display = ["day", "where", "skill", "level", "band", "score"]
    exclude = ["scope"]
    readonly_fields = ["where"]
    list_filter = ["level", "band"]
    list_select_related = ["skill"]
    search_fields = ["=scope", "=skill__slug"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[BottleneckSnapshot]:
        """Read with each row what its scope is called."""
        rows: BottleneckSnapshotQuerySet = super().get_queryset(request)  # type: ignore[assignment]  # the model's own
        return rows.with_place()

    @admin.display(description=_("where"))
    def where(self, row: BottleneckSnapshot) -> str:
        """Name the scope as the page of bottlenecks does."""
        kind, _colon, key = row.scope.partition(":")
        if kind == "country":
            return country_name(key)
        if kind == "region":
            return str(Region(names=row.names or {"en": key}))
        return row.affiliate or (key and row.scope) or gettext("The whole movement")


@admin.register(Region)
class RegionAdmin(Reading[Region]):
    """Read which countries belong together; they come from volunteers/data/regions.toml."""

    list_display = ["__str__", "slug", "countries"]
    search_fields = ["slug"]
    ordering = ["pk"]
