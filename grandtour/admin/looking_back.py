"""What people said half a year later, for organisers to read."""

from typing import cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from capx.desk import Reading
from grandtour.models import LookBackAnswer, applied_to
from volunteers.models import Person


@admin.register(LookBackAnswer)
class LookBackAnswerAdmin(Reading[LookBackAnswer]):
    """Read what stuck, in the words of those who said it, with the names that were given.

    What few said without a name is counted among all, and read by nobody.
    """

    list_display = ["edition", "side", "signed", "stuck", "action", "words"]
    list_display_links = None
    sortable_by = ("edition",)
    list_filter = ["edition", "side", "stuck"]
    list_select_related = ["edition", "person", "stop__host__affiliate"]
    # Keys are drawn by lot: the order tells nothing about when somebody answered.
    ordering = ["-edition", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LookBackAnswer]:
        """Leave out what so few said that one would know who, and where one travelled."""
        told, by = LookBackAnswer.objects.told(), cast("Person", request.user)
        rows = super().get_queryset(request).filter(pk__in=told.values("pk"))
        return rows.exclude(edition__in=applied_to(by))

    @admin.display(description=gettext_lazy("who"))
    def signed(self, answer: LookBackAnswer) -> str:
        """Name who gave their name, and a host's affiliate."""
        host = str(answer.stop.host.affiliate) if answer.stop else ""
        return " · ".join(filter(None, [str(answer.person or ""), host]))
