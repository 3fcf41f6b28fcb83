"""Editions, as organisers write them, announce them and take them on."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from capx.desk import Titled, ask
from capx.states import IllegalMove
from capx.templatetags.wording import money as written
from grandtour.actions import editions as actions
from grandtour.actions.apart import must_organise
from grandtour.admin.beginning import Beginning
from grandtour.admin.compensation import CompensationInline
from grandtour.admin.own import explained
from grandtour.admin.phases import PhaseInline
from grandtour.admin.review import application, letters, overview, readers
from grandtour.admin.review.screens import View, routes
from grandtour.admin.training import RequiredTrainingInline
from grandtour.forms.editions import EditionForm, planned
from grandtour.models import Criterion, Edition, Measure, Question, applied_to
from grandtour.models.organising import unorganised
from grandtour.models.questions import MOST_QUESTIONS
from grandtour.planning.support import EURO
from grandtour.plans import budget
from volunteers.models import Person

# What going on to a state means, asked before it is done: there is no way back.
MEANS = {
    Edition.State.OPEN: gettext_lazy(
        "Everybody can read the edition from now on; people can apply and affiliates can "
        "offer to host in its days. Its rules stand for all to read."
    ),
    Edition.State.REVIEWING: gettext_lazy("Nobody can apply any more. Reviewers read."),
    Edition.State.MATCHING: gettext_lazy("Reviews are over. Journeys are planned."),
    Edition.State.DECIDED: gettext_lazy("The plan stands, and letters can go out."),
    Edition.State.TRAVELLING: gettext_lazy("The first people are on their way."),
    Edition.State.EVALUATING: gettext_lazy("Everybody is home. What stuck is asked."),
    Edition.State.CLOSED: gettext_lazy("All is told. Nothing changes any more."),
}


# How organisers have applications read, and decide.
READING: dict[str, tuple[str, View]] = {
    "review": ("review/", overview.applications),
    "recap": ("review/recap/", overview.recap),
    "compare": ("review/compare/", overview.compare),
    "export": ("review/export/", overview.export),
    "readers": ("review/readers/", readers.readers),
    "letters": ("review/letters/", letters.letters),
    "letter": ("review/letters/<int:key>/", letters.letter),
    "application": ("review/applications/<int:key>/", application.application),
}
# What nobody changes once everybody can read it.
STANDS = (
    *("kind", "slug", "purposes"),
    *("smallest_group", "largest_group", "fewest_stops", "most_stops"),
    *("fewest_nights", "most_nights", "daily_hours", "least_first_time", "carbon_budget"),
    *("least_new_countries", "least_without_office", "one_language", "night_cost"),
    *("weight_review", "weight_fit", "weight_first_time"),
    *("weight_fairness", "weight_carbon", "weight_cost"),
)


def _told(fields: Any) -> Any:
    """Name the cost of a night by what is only read."""
    if isinstance(fields, str):
        return "a_night" if fields == "night_cost" else fields
    return [*map(_told, fields)]


class GoOnForm(forms.Form):
    """The state that an organiser read about before they pressed."""

    to = forms.ChoiceField(choices=Edition.State, widget=forms.HiddenInput)


def _over(edition: Edition | None) -> bool:
    """Tell whether people have travelled in it."""
    late = {Edition.State.TRAVELLING, Edition.State.EVALUATING, Edition.State.CLOSED}
    return edition is not None and edition.state in late


class CriterionForm(forms.ModelForm[Criterion]):
    """What reviewers look for, in a few lines."""

    class Meta:
        model = Criterion
        fields = ["number", "name", "meaning", "weight", "lowest", "highest"]
        widgets = {"meaning": forms.Textarea({"rows": 2, "cols": 40, "dir": "auto"})}


class Announced(admin.TabularInline[Any, Edition]):
    """Rows that stand as they are once everybody can read them."""

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        """Let them be changed before the edition is announced."""
        return planned(obj) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        """Let some be added before the edition is announced."""
        return planned(obj) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        """Let some go before the edition is announced."""
        return planned(obj) and super().has_delete_permission(request, obj)


class CriterionInline(Announced):
    """What reviewers look for."""

    model = Criterion
    form = CriterionForm
    extra = 1
    ordering = ["number"]


class QuestionInline(Announced):
    """What applicants may answer instead of writing a letter."""

    model = Question
    extra = 1
    max_num = MOST_QUESTIONS
    ordering = ["number"]


class MeasureInline(Announced):
    """What would be a success; when the journeys are over, what happened."""

    model = Measure
    extra = 1
    ordering = ["number"]

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        """Let what happened be written down, whatever is announced."""
        may = admin.TabularInline.has_change_permission(self, request, obj)
        return may and (planned(obj) or _over(obj))

    def get_readonly_fields(self, _request: HttpRequest, obj: Edition | None = None) -> Any:
        """Keep what was stated before as it was; and before, what nobody knows yet."""
        if _over(obj):
            return ["number", "name", "target", "unit", "least", "figure"]
        return ["reached"]


@admin.register(Edition)
class EditionAdmin(Beginning, Titled[Edition]):
    """Write an edition; what moves it on has a page of its own."""

    form = EditionForm
    list_display = ["name", "kind", "state", "applications_last_day", "travel_first_day"]
    list_filter = ["state", "kind"]
    search_fields = ["name", "theme"]
    ordering = ["-travel_first_day", "-pk"]
    list_per_page = 50
    show_full_result_count = False
    inlines = [
        *(CriterionInline, QuestionInline, MeasureInline, PhaseInline),
        RequiredTrainingInline,
        CompensationInline,
    ]
    actions = None
    view_on_site = False  # its page stands among its screens
    change_form_template = "admin/grandtour/edition/change_form.html"
    change_list_template = "admin/grandtour/edition/change_list.html"
    fieldsets = [
        (None, {"fields": ["state", "kind", "name", "slug", "theme", "skills", "region"]}),
        (
            gettext_lazy("Words"),
            {"fields": ["about", "how_chosen", "success", "purposes"]},
        ),
        (
            gettext_lazy("Days"),
            {
                "fields": [
                    ("applications_first_day", "applications_last_day"),
                    ("travel_first_day", "travel_last_day"),
                ]
            },
        ),
        (
            gettext_lazy("Rules"),
            {
                "fields": [
                    ("smallest_group", "largest_group"),
                    ("fewest_stops", "most_stops"),
                    ("fewest_nights", "most_nights", "daily_hours"),
                    ("least_first_time", "least_new_countries", "least_without_office"),
                    "one_language",
                    ("carbon_budget", "night_cost"),
                ]
            },
        ),
        (
            gettext_lazy("What the plan weighs"),
            {
                "fields": [
                    ("weight_review", "weight_fit", "weight_first_time"),
                    ("weight_fairness", "weight_carbon", "weight_cost"),
                ]
            },
        ),
    ]

    def get_readonly_fields(
        self, _request: HttpRequest, obj: Edition | None = None
    ) -> list[str]:
        """Let rules and the address stand as everybody has read them."""
        return ["state", "a_night"] if planned(obj) else ["state", "a_night", *STANDS]

    def get_fieldsets(self, request: HttpRequest, obj: Edition | None = None) -> Any:
        """Write what a night costs as people do also where nobody changes it."""
        if planned(obj) and (not obj or self.has_change_permission(request, obj)):
            return self.fieldsets
        return [
            (title, {**about, "fields": _told(about["fields"])})
            for title, about in self.fieldsets or ()
        ]

    @admin.display(description=gettext_lazy("What a night costs, in euros"))
    def a_night(self, edition: Edition) -> str:
        """Write what a night of a traveller costs."""
        return written(edition.night_cost, EURO) if edition.night_cost else ""

    def get_prepopulated_fields(
        self, _request: HttpRequest, obj: Edition | None = None
    ) -> dict[str, Sequence[str]]:
        """Make the address of the name while it can still be chosen."""
        return {"slug": ["name"]} if planned(obj) else {}

    def waiting(self, request: HttpRequest) -> list[dict[str, str]]:
        """Say how many applications wait for a look, and where somebody has to organise."""
        reading: models.QuerySet[Any] = Edition.objects.filter(state=Edition.State.REVIEWING)
        reading = reading.exclude(pk__in=applied_to(cast("Person", request.user)))
        new = models.Count("applications", filter=models.Q(applications__state="submitted"))
        return [
            {
                "words": ngettext(
                    "%(edition)s: %(number)s application to look at",
                    "%(edition)s: %(number)s applications to look at",
                    edition.new,
                )
                % {"edition": edition, "number": edition.new},
                "href": reverse("admin:grandtour_edition_review", args=[edition.pk])
                + "?stage=new",
            }
            for edition in reading.annotate(new=new).filter(new__gt=0).order_by("pk")
        ] + [
            {
                "words": _("Nobody organises it who does not travel: %(edition)s")
                % {"edition": edition},
                "href": reverse("admin:volunteers_person_changelist"),
            }
            for edition in unorganised().order_by("pk")
        ]

    def has_change_permission(self, request: HttpRequest, obj: Edition | None = None) -> bool:
        """Let nothing change any more in an edition that is closed."""
        closed = obj is not None and obj.state == Edition.State.CLOSED
        return not closed and super().has_change_permission(request, obj)

    def has_delete_permission(self, _request: HttpRequest, obj: Edition | None = None) -> bool:
        """Let nobody delete one by hand."""
        del obj
        return False

    @explained()
    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Let everybody change one who does not wish to travel in it."""
        self._must_organise(request, object_id)
        answer: HttpResponse = super().change_view(request, object_id, *args, **kwargs)
        return answer

    @explained()
    def history_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Tell what was done to one to everybody who does not wish to travel in it."""
        self._must_organise(request, object_id)
        answer: HttpResponse = super().history_view(request, object_id, *args, **kwargs)
        return answer

    def _must_organise(self, request: HttpRequest, object_id: str) -> None:
        """Stop whoever wishes to travel in an edition; raises Travels."""
        found = self.get_object(request, unquote(object_id))
        if found is not None and self.has_view_permission(request, found):
            must_organise(found, cast("Person", request.user))

    def get_urls(self) -> list[URLPattern]:
        """Give moving on, copying and templates a page of their own."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/go-on/", view(self.go_on), name="grandtour_edition_go_on"),
            path("<int:pk>/copy/", view(self.copy), name="grandtour_edition_copy"),
            path("begin/", view(self.begin), name="grandtour_edition_begin"),
            *routes(self, READING),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show what is left of carbon and money above the form."""
        edition = kwargs.get("obj")
        context["show_save_and_add_another"] = False  # an edition begins from a template
        if edition is not None and not planned(edition):
            context |= {"carbon": budget.carbon(edition), "money": budget.money(edition)}
        return super().render_change_form(request, context, *args, **kwargs)

    @explained()
    def go_on(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take an edition to its next state, after a look at what that means."""
        edition = self._found(request, pk)
        must_organise(edition, cast("Person", request.user))
        onwards = Edition.MOVES[Edition.State(edition.state)]
        if not onwards:
            messages.info(request, _("This edition is closed."))
            return redirect("admin:grandtour_edition_change", pk)
        to = Edition.State(next(iter(onwards)))
        form = GoOnForm(request.POST or None, initial={"to": to})
        if form.is_valid():
            self._go(request, edition, form.cleaned_data["to"])
            return redirect("admin:grandtour_edition_change", pk)
        title = _("From “%(here)s” to “%(there)s”")
        names = {"here": edition.get_state_display(), "there": to.label}
        press = _("Go on to “%(there)s”") % names
        question = {"form": form, "title": title % names, "advice": MEANS[to], "press": press}
        return ask(request, self, question | self._back(pk))

    def _go(self, request: HttpRequest, edition: Edition, to: str) -> None:
        """Move it on; or say why that cannot be."""
        by: Any = request.user
        try:
            with transaction.atomic():
                actions.go_on(edition, to, by)
        except IntegrityError:
            messages.error(
                request,
                _(
                    "Before it opens, say what it is about, how travellers are chosen and "
                    "what success means."
                ),
            )
        except IllegalMove:
            messages.warning(request, _("Somebody else has done so already."))
        else:
            self.log_change(request, edition, f"state: {to}")
            messages.success(request, _("Done."))

    def _found(self, request: HttpRequest, pk: int) -> Edition:
        """Find an edition; as if there were none for whoever may not."""
        if not self.has_change_permission(request) or pk >= 2**63:
            raise Http404
        return get_object_or_404(Edition, pk=pk)

    def _back(self, pk: int) -> dict[str, str]:
        """Say where a page leads back to."""
        return {"back": reverse("admin:grandtour_edition_change", args=[pk])}
