"""What people said half a year later, for organisers to read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from capx.desk import Reading
from grandtour.models import LookBackAnswer


@admin.register(LookBackAnswer)
class LookBackAnswerAdmin(Reading[LookBackAnswer]):
    """Read what stuck, in the words of those who said it, with the names that were given."""

    list_display = ["edition", "side", "signed", "stuck", "action", "words"]
    list_display_links = None
    sortable_by = ("edition",)
    list_filter = ["edition", "side", "stuck"]
    list_select_related = ["edition", "person", "stop__host__affiliate"]
    # Keys are drawn by lot: the order tells nothing about when somebody answered.
    ordering = ["-edition", "pk"]

    @admin.display(description=gettext_lazy("who"))
    def signed(self, answer: LookBackAnswer) -> str:
        """Name who gave their name, and a host's affiliate."""
        host = str(answer.stop.host.affiliate) if answer.stop else ""
        return " · ".join(filter(None, [str(answer.person or ""), host]))
