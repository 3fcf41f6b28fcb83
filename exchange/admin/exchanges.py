"""Exchanges and what happened in them; what two people say to each other is theirs."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from capx.desk import Reading, ReadingInline, found
from exchange.models import Event, Exchange, Listing
from volunteers.models import Person

State = Exchange.State
TOLD = [State.ASKED, State.AGREED, State.DONE, State.CLOSED, State.NOT_DONE]
OVER = "over"


class EventsOf(ReadingInline):
    """What happened, by whom, when; without their words."""

    model = Event
    readonly_fields = ["at", "verb", "person", "version"]
    fields = [*readonly_fields]
    ordering = ["at", "pk"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Event]:
        """Read who did it in the same query."""
        return super().get_queryset(request).select_related("person")


class Standing(admin.SimpleListFilter):
    """How far it has come; who said no to whom is in no list and no count."""

    title = _("how it stands")
    parameter_name = "standing"

    def lookups(
        self, _request: HttpRequest, _model_admin: admin.ModelAdmin[Exchange]
    ) -> list[tuple[str, Any]]:
        """Name the ways an exchange can stand."""
        return [*((one.value, one.label) for one in TOLD), (OVER, _("Ended"))]

    def queryset(
        self, _request: HttpRequest, queryset: models.QuerySet[Exchange]
    ) -> models.QuerySet[Exchange]:
        """Keep those that stand so."""
        if self.value() == OVER:
            return queryset.exclude(state__in=TOLD)
        return queryset.filter(state=self.value()) if self.value() in TOLD else queryset


@admin.register(Exchange)
class ExchangeAdmin(Reading[Exchange]):
    """Find an exchange, and see how it stands."""

    list_display = [
        "number",
        "listing",
        "provider",
        "receiver",
        "standing",
        "asked_at",
        "ended_at",
    ]
    list_display_links = ["number", "listing"]
    list_filter = [Standing, "unconfirmed"]
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

    @admin.display(description=_("how it stands"))
    def standing(self, exchange: Exchange) -> str:
        """Say how far it has come; of what came to nothing not why."""
        told = exchange.state in TOLD
        return str(exchange.get_state_display() if told else _("Ended"))

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
