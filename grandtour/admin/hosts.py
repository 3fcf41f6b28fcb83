"""Hosts, as organisers read and answer them."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.desk import Reading, ReadingInline, ask
from capx.states import IllegalMove
from capx.templatetags.dates import period
from capx.templatetags.wording import languages
from capx.templatetags.wording import money as written
from grandtour.actions import hosts as actions
from grandtour.actions.apart import must_know_nobody
from grandtour.admin.own import explained
from grandtour.models import Host, Stay
from volunteers.models import Person


class AnswerForm(forms.Form):
    """Whether an offer is accepted."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[
            (Host.State.ACCEPTED, gettext_lazy("Accept with pleasure")),
            (Host.State.DECLINED, gettext_lazy("Decline this time")),
        ],
        widget=forms.RadioSelect,
    )


class StayInline(ReadingInline):
    """On which days they can take people."""

    model = Stay
    readonly_fields = ["days"]
    fields = [*readonly_fields]
    ordering = ["period"]

    @admin.display(description=gettext_lazy("days"))
    def days(self, stay: Stay) -> str:
        """Write the first day and the last."""
        last: Any = stay.last_day
        return period(stay.period.lower, last)


@admin.register(Host)
class HostAdmin(Reading[Host]):
    """Find a host, read what it offers, and answer."""

    list_display = ["affiliate", "edition", "place", "most_guests", "groups", "state"]
    list_filter = ["state", "edition"]
    list_select_related = ["affiliate", "edition", "place"]
    search_fields = ["affiliate__name"]
    ordering = ["-pk"]
    inlines = [StayInline]
    change_form_template = "admin/grandtour/host/change_form.html"
    readonly_fields = ["rent", "spoken"]
    view_on_site = False  # its page stands among what one can do
    fields = [
        *("affiliate", "edition", "state", "place", "most_guests", "groups", "spoken"),
        *("programme", "venue", "venue_words", "rent", "step_free", "access", "bears"),
        "offered_at",
    ]

    @admin.display(description=gettext_lazy("rent of the venue"))
    def rent(self, host: Host) -> str:
        """Write what a venue to be rented costs."""
        return written(host.venue_cost, host.venue_currency) if host.venue_cost else "-"

    @admin.display(description=gettext_lazy("languages"))
    def spoken(self, host: Host) -> str:
        """Name the languages in which they welcome people."""
        return languages(host.languages)

    def get_search_results(
        self, _request: HttpRequest, queryset: models.QuerySet[Host], search_term: str
    ) -> tuple[models.QuerySet[Host], bool]:
        """Search the affiliates' names."""
        term = search_term.replace("\0", "").strip()
        return queryset.filter(affiliate__name__icontains=term), False

    def get_urls(self) -> list[URLPattern]:
        """Give the answer a page of its own."""
        page = self.admin_site.admin_view(self.answer)
        own = [path("<int:pk>/answer/", page, name="grandtour_host_answer")]
        return [*own, *super().get_urls()]

    @explained()
    def answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Accept an offer, or decline it; they hear of it by mail."""
        if not self.may_act(request) or pk >= 2**63:
            raise Http404
        host = get_object_or_404(Host.objects.select_related("affiliate", "edition"), pk=pk)
        by = cast("Person", request.user)
        must_know_nobody(by, host.edition, (), [host.pk])
        back = reverse("admin:grandtour_host_change", args=[pk])
        form = AnswerForm(request.POST or None)
        if form.is_valid():
            try:
                actions.decide(host, form.cleaned_data["answer"], by, at=timezone.now())
            except IllegalMove:
                messages.warning(request, _("It has changed meanwhile: nothing was done."))
            else:
                self.log_change(request, host, f"state: {host.state}")
                messages.success(request, _("Done. They have been told."))
            return redirect(back)
        title = _("Answer %(affiliate)s") % {"affiliate": host.affiliate}
        advice = _("Those who speak for it get a mail.")
        if host.venue_cost:
            asks = _("For the venue they ask for %(sum)s for each group.")
            advice = f"{asks % {'sum': self.rent(host)}} {advice}"
        return ask(
            request, self, {"form": form, "title": title, "advice": advice, "back": back}
        )
