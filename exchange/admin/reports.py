"""The queue of reports: what waits longest first, each decided on a page of its own."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capx.desk import Reading, WhyForm, ask
from capx.states import IllegalMove
from exchange.actions import reports as actions
from exchange.models import Listing, Message, Practice, Report
from exchange.models.reports import TARGETS, Target, author_of, kind_of
from volunteers.models import Person

State = Report.State
TAKEN_AS = {"hide": actions.hide, "leave": actions.leave, "restore": actions.restore}
CONTEXT = 5  # messages before and after the one that was reported


class StateFilter(admin.SimpleListFilter):
    """What waits, unless somebody asks for the rest."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(
        self, _request: HttpRequest, _model_admin: admin.ModelAdmin[Report]
    ) -> list[tuple[str, Any]]:
        """Name the states; what waits is shown without asking."""
        rest = [choice for choice in State.choices if choice[0] != State.WAITING]
        return [(value, label) for value, label in rest] + [("all", gettext_lazy("All"))]

    def choices(self, changelist: Any) -> Any:
        """Call the first choice by what it shows."""
        first, *rest = super().choices(changelist)
        return [{**first, "display": State.WAITING.label}, *rest]

    def queryset(
        self, _request: HttpRequest, queryset: models.QuerySet[Report]
    ) -> models.QuerySet[Report]:
        """Keep the reports of the chosen state."""
        chosen = self.value() or State.WAITING
        return queryset if chosen == "all" else queryset.filter(state=chosen)


class DecisionForm(WhyForm):
    """What is decided, and why."""

    decision = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**63 - 1)
    field_order = ["decision", "why", "seen"]

    def __init__(
        self, *args: Any, target: Target, reports: list[Report], **kwargs: Any
    ) -> None:
        """Offer only what can be done with this thing now."""
        super().__init__(*args, **kwargs)
        waiting = any(one.state == State.WAITING for one in reports)
        can = {
            "hide": not target.hidden_at and _("Hide it"),
            "leave": waiting
            and (_("Leave it hidden") if target.hidden_at else _("Leave it as it is")),
            "restore": target.hidden_at and _("Let it be seen again"),
        }
        choices = [(value, label) for value, label in can.items() if label]
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["seen"].initial = max((one.pk for one in reports), default=0)


@admin.register(Report)
class ReportAdmin(Reading[Report]):
    """What people reported, and what became of it."""

    list_display = ["what", "reason", "words_short", "reporter", "created_at", "state"]
    list_display_links = None
    list_filter = [StateFilter, "reason"]
    ordering = ["created_at", "pk"]

    def waiting(self, _request: HttpRequest) -> list[dict[str, str]]:
        """Say how many reports wait for a decision."""
        number = Report.objects.filter(state=State.WAITING).count()
        words = ngettext(
            "%(number)s report waits for a decision",
            "%(number)s reports wait for a decision",
            number,
        ) % {"number": number}
        href = reverse("admin:exchange_report_changelist")
        return [{"words": words, "href": href}] if number else []

    def get_queryset(self, _request: HttpRequest) -> models.QuerySet[Report]:
        """Read what was reported in the same query."""
        return Report.objects.in_full()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say in the heading how the queue is ordered."""
        heading = {"title": _("Reports, longest waiting first")}
        return super().changelist_view(request, {**heading, **(extra_context or {})})

    @admin.display(description=gettext_lazy("about"))
    def what(self, report: Report) -> SafeString:
        """Lead to the page where it is decided."""
        return format_html(
            '<a href="{}">{}: <bdi>{}</bdi></a>',
            _address(report.target),
            _kind_word(report.target),
            Truncator(_words_of(report.target)).chars(60),
        )

    @admin.display(description=gettext_lazy("what they say"))
    def words_short(self, report: Report) -> SafeString:
        """Give the first words of the report."""
        return format_html("<bdi>{}</bdi>", Truncator(report.words).chars(80))

    def get_urls(self) -> list[URLPattern]:
        """Give each reported thing a page of its own."""
        page = self.admin_site.admin_view(self.about)
        own = [path("about/<str:what>/<int:pk>/", page, name="exchange_report_about")]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, *_args: Any, **_kwargs: Any
    ) -> HttpResponse:
        """Lead from a report to what it is about."""
        if not self.has_view_permission(request) or not object_id.isdecimal():
            raise Http404
        report = get_object_or_404(Report.objects.in_full(), pk=object_id[:18])
        return redirect(_address(report.target))

    def about(self, request: HttpRequest, what: str, pk: int) -> HttpResponse:
        """Show a thing with all that was said about it, and decide."""
        if not self.may_act(request):
            raise Http404
        target = _target_or_404(what, pk)
        reports = list(
            Report.objects.about(target)
            .select_related("reporter")
            .prefetch_related("decisions__by")
            .order_by("-pk")
        )
        form = DecisionForm(request.POST or None, target=target, reports=reports)
        if request.method == "POST" and form.is_valid():
            self._take(request, target, form)
            return redirect(request.path)
        return ask(request, self, _page(target, reports, form))

    def _take(self, request: HttpRequest, target: Target, form: DecisionForm) -> None:
        """Take a decision; or say why it cannot be."""
        by: Any = request.user
        said = form.cleaned_data
        ruling = actions.Ruling(by, said["why"], timezone.now(), said["seen"])
        try:
            TAKEN_AS[said["decision"]](target, ruling)
        except IllegalMove:
            messages.warning(request, _("Somebody was faster. Nothing was changed."))
        except actions.NotYours:
            messages.error(
                request, _("Only whoever runs the whole site may do this to an organiser.")
            )
        else:
            messages.success(
                request, _("Decided. Those concerned have a notice with the reason.")
            )


def _target_or_404(what: str, pk: int) -> Target:
    """Find what was reported, hidden or not."""
    reads: dict[str, models.QuerySet[Any]] = {
        "listing": Listing.objects.select_related("author", "affiliate", "place"),
        "practice": Practice.objects.select_related("author", "affiliate"),
        "message": Message.objects.select_related("author", "exchange__listing"),
        "person": Person.objects.select_related("place"),
    }
    if what not in TARGETS or pk >= 2**63:
        raise Http404
    target: Target = get_object_or_404(reads[what], pk=pk)
    return target


def _page(target: Target, reports: list[Report], form: DecisionForm) -> dict[str, Any]:
    """Put together what an organiser needs to decide well."""
    author = author_of(target)
    earlier = Report.objects.in_full().exclude(pk__in=[one.pk for one in reports])
    written = models.Q(listing__author=author) | models.Q(practice__author=author)
    written |= models.Q(message__author=author) | models.Q(person=author)
    return {
        "template": "admin/exchange/report/about.html",
        "title": _("%(kind)s: %(words)s")
        % {"kind": _kind_word(target), "words": Truncator(_words_of(target)).chars(60)},
        "form": form,
        "what": kind_of(target),
        "target": target,
        "author": author,
        "reports": reports,
        "nearby": _nearby(target),
        "others": [
            {"report": one, "words": _words_of(one.target), "address": _address(one.target)}
            for one in earlier.filter(written).order_by("-pk")[:10]
        ],
    }


def _nearby(target: Target) -> list[Message]:
    """Read what was said just before and after a message; nothing more of a conversation."""
    if not isinstance(target, Message):
        return []
    talk = Message.objects.filter(exchange=target.exchange).select_related("author")
    before = talk.filter(pk__lte=target.pk).order_by("-pk")[: CONTEXT + 1]
    after = talk.filter(pk__gt=target.pk).order_by("pk")[:CONTEXT]
    return [*reversed(before), *after]


def _address(target: Target) -> str:
    """Give the page where something is decided about."""
    return reverse("admin:exchange_report_about", args=[kind_of(target), target.pk])


def _kind_word(target: Target) -> str:
    """Say in the reader's language what it is."""
    words = {
        "listing": _("Listing"),
        "practice": _("Practice"),
        "message": _("Message"),
        "person": _("Person"),
    }
    return words[kind_of(target)]


def _words_of(target: Target) -> str:
    """Give the words by which one knows it again."""
    return target.body if isinstance(target, Message) else str(target)
