"""Snapshots of bottlenecks and the regions they are made by, as organisers see them."""

from django.contrib import admin

from capx.desk import Reading
from volunteers.models import BottleneckSnapshot, Region


@admin.register(BottleneckSnapshot)
class BottleneckSnapshotAdmin(Reading[BottleneckSnapshot]):
    """Read what was written on each night; nobody changes it."""

    list_display = ["day", "scope", "skill", "level", "band", "score"]
    list_filter = ["level", "band"]
    list_select_related = ["skill"]
    search_fields = ["=scope", "=skill__slug"]
    ordering = ["-pk"]


@admin.register(Region)
class RegionAdmin(Reading[Region]):
    """Read which countries belong together; they come from volunteers/data/regions.toml."""

    list_display = ["__str__", "slug", "countries"]
    search_fields = ["slug"]
    ordering = ["pk"]
