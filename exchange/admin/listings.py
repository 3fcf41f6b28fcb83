"""Listings, as organisers find them; their authors change them."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from capx.desk import Reading, ReadingInline, found
from exchange.models import BudgetLine, Listing, Practice
from volunteers.models import Person


class BudgetOf(ReadingInline):
    """What a listing promises or asks for."""

    model = BudgetLine
    readonly_fields = ["side", "amount", "currency", "what_for", "payer"]
    fields = [*readonly_fields]


def written(
    rows: "models.QuerySet[Any]", search_term: str
) -> "tuple[models.QuerySet[Any], bool]":
    """Search titles, and everything by whoever has exactly this username."""
    if not search_term.strip():
        return rows, False
    name = search_term.replace("\0", "").strip()
    people = list(Person.objects.filter(username__iexact=name).values_list("pk", flat=True))
    return rows.filter(
        found(search_term, ["title__icontains"]) | models.Q(author__in=people)
    ), False


class Written(Reading[Any]):
    """What somebody wrote: found by its title, hidden and restored on a page of its own."""

    change_form_template = "admin/exchange/written/change_form.html"
    view_on_site = False  # what is hidden has no page
    list_select_related = ["author", "affiliate"]
    search_fields = ["title"]
    search_help_text = _("Words of the title, or the whole username of its author")
    ordering = ["-pk"]

    def get_search_results(
        self, _request: HttpRequest, queryset: "models.QuerySet[Any]", search_term: str
    ) -> "tuple[models.QuerySet[Any], bool]":
        """Search titles and usernames."""
        return written(queryset, search_term)


@admin.register(Listing)
class ListingAdmin(Written):
    """Find a listing."""

    list_display = ["title", "kind", "of", "author", "affiliate", "state", "hidden_at"]
    list_filter = ["state", "kind", "of", ("hidden_at", admin.EmptyFieldListFilter)]
    inlines = [BudgetOf]
    fieldsets = [
        (None, {"fields": ["title", "kind", "of", "resource", "author", "affiliate", "body"]}),
        (
            _("How it stands"),
            {"fields": ["state", "hidden_at", "published_at", "confirmed_at", "changed_at"]},
        ),
        (
            _("What it takes"),
            {
                "fields": [
                    *("language", "skills", "mode", "place", "countries"),
                    *("first_day", "last_day", "hours", "seats", "amount", "currency"),
                ]
            },
        ),
    ]


@admin.register(Practice)
class PracticeAdmin(Written):
    """Find a practice."""

    list_display = ["title", "author", "affiliate", "state", "hidden_at", "published_at"]
    list_filter = ["state", ("hidden_at", admin.EmptyFieldListFilter)]
    fieldsets = [
        (None, {"fields": ["title", "author", "affiliate", "language"]}),
        (None, {"fields": ["context", "tried", "worked", "did_not", "would_reuse"]}),
        (_("How it stands"), {"fields": ["state", "hidden_at", "published_at", "changed_at"]}),
        (_("More"), {"fields": ["skills", "countries", "source", "source_url"]}),
    ]
