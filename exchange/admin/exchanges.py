"""Exchanges and what happened in them; what two people say to each other is theirs."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from capx.desk import Reading, ReadingInline, found
from exchange.models import Event, Exchange, Listing
from volunteers.models import Person


class EventsOf(ReadingInline):
    """What happened, by whom, when; without their words."""

    model = Event
    readonly_fields = ["at", "verb", "person", "version"]
    fields = [*readonly_fields]
    ordering = ["at", "pk"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Event]:
        """Read who did it in the same query."""
        return super().get_queryset(request).select_related("person")


@admin.register(Exchange)
class ExchangeAdmin(Reading[Exchange]):
    """Find an exchange, and see how it stands."""

    list_display = [
        "number",
        "listing",
        "provider",
        "receiver",
        "state",
        "asked_at",
        "ended_at",
    ]
    list_display_links = ["number", "listing"]
    list_filter = ["state", "unconfirmed"]
    list_select_related = ["listing", "provider", "receiver"]
    search_fields = ["listing"]
    search_help_text = _("Words of the title of the listing, or the whole username of one side")
    ordering = ["-pk"]
    sortable_by = ("number",)
    inlines = [EventsOf]
    fieldsets = [
        (
            None,
            {"fields": ["listing", "provider", "receiver", "counterpart", "state"]},
        ),
        (
            _("When"),
            {
                "fields": [
                    *("asked_at", "answered_at", "agreed_at", "starts_day", "ends_day"),
                    *("done_at", "ended_at", "ended_by", "unconfirmed", "place"),
                ]
            },
        ),
    ]

    @admin.display(description=_("number"), ordering="pk")
    def number(self, exchange: Exchange) -> str:
        """Give its number, as it stands in its address."""
        return str(exchange.pk)

    def get_search_results(
        self, _request: HttpRequest, queryset: models.QuerySet[Exchange], search_term: str
    ) -> tuple[models.QuerySet[Exchange], bool]:
        """Search the listings' titles and the sides' usernames."""
        if not search_term.strip():
            return queryset, False
        name = search_term.replace("\0", "").strip()
        sides = list(Person.objects.filter(username__iexact=name).values_list("pk", flat=True))
        titled = Listing.objects.filter(found(search_term, ["title__icontains"]))
        of_sides = Exchange.objects.filter(
            models.Q(provider__in=sides) | models.Q(receiver__in=sides)
        )
        of_titles = Exchange.objects.filter(listing__in=titled)
        either = of_sides.values("pk").union(of_titles.values("pk"))
        return queryset.filter(pk__in=either), False
