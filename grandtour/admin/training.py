"""Trainings at the desk: write a draft, publish it, begin the next version."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.desk import Titled, ask
from grandtour.actions import training as actions
from grandtour.forms.lines import LinesField
from grandtour.models import Exercise, Lesson, RequiredTraining, Training, TrainingVersion

MOST_CHOICES = 8
RIGHT = "*"


class ChoicesField(LinesField):
    """Choices, one in each line; a star stands before what is right."""

    def to_python(self, value: Any) -> Any:
        """Read each once, and none that is but a star."""
        lines = super().to_python(value)
        return list(dict.fromkeys(line for line in lines if line.lstrip(f"{RIGHT} ")))

    def validate(self, value: Any) -> None:
        """Refuse what is too much to read or cannot be answered."""
        super().validate(value)
        right = [line for line in value if line.startswith(RIGHT)]
        if value and (len(value) < 2 or not right):  # noqa: PLR2004 -- something to choose from
            raise forms.ValidationError(_("Two choices or more, at least one of them right."))
        if len(value) > MOST_CHOICES:
            raise forms.ValidationError(_("At most 8 choices."))
        if any(len(line) > 300 for line in value):  # noqa: PLR2004 -- as the database keeps
            raise forms.ValidationError(_("A choice has at most 300 characters."))


class ExerciseForm(forms.ModelForm[Exercise]):
    """A question with its choices, or one to think about."""

    lines = ChoicesField(
        label=gettext_lazy("Choices"),
        help_text=gettext_lazy(
            "One in each line, with a star before what is right. Without any, people write in "
            "their own words."
        ),
        required=False,
    )

    class Meta:
        model = Exercise
        fields = ["number", "question", "lines", "explanation"]
        widgets = {"explanation": forms.Textarea({"rows": 3, "cols": 60, "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Write the choices line by line, as they are typed."""
        super().__init__(*args, **kwargs)
        one = self.instance
        self.initial["lines"] = "\n".join(
            f"{RIGHT} {words}" if words in one.right else words for words in one.choices
        )

    def clean(self) -> dict[str, Any]:
        """Take the star off what is right."""
        cleaned = super().clean() or self.cleaned_data
        lines = cleaned.get("lines") or []
        bare = {line: line.lstrip(f"{RIGHT} ") for line in lines}
        self.instance.choices = list(dict.fromkeys(bare.values()))
        right = [words for line, words in bare.items() if line.startswith(RIGHT)]
        self.instance.right = list(dict.fromkeys(right))
        return cleaned


def is_draft(version: TrainingVersion | None) -> bool:
    """Say whether a version can still be changed."""
    return version is None or version.published_at is None


class InADraft:
    """An inline that can be changed while the version it belongs to is a draft."""

    def version(self, obj: Any) -> TrainingVersion | None:
        """Find the version of the row on the page."""
        version: TrainingVersion | None = obj
        return version

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let rows of a draft be changed."""
        return is_draft(self.version(obj)) and super().has_change_permission(request, obj)  # type: ignore[misc]  # of the inline

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let a draft get more rows."""
        return is_draft(self.version(obj)) and super().has_add_permission(request, obj)  # type: ignore[misc]  # of the inline

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let rows of a draft go."""
        return is_draft(self.version(obj)) and super().has_delete_permission(request, obj)  # type: ignore[misc]  # of the inline


class LessonInline(InADraft, admin.StackedInline[Lesson, TrainingVersion]):
    """The lessons of a version; each has a page for its exercises."""

    model = Lesson
    extra = 0
    ordering = ["number"]
    show_change_link = True


class ExerciseInline(InADraft, admin.StackedInline[Exercise, Lesson]):
    """The exercises of a lesson."""

    model = Exercise
    form = ExerciseForm
    extra = 0
    ordering = ["number"]

    def version(self, obj: Any) -> TrainingVersion | None:
        """Find the version that the lesson belongs to."""
        return obj.version if obj else None


class RequiredTrainingInline(admin.TabularInline[RequiredTraining, Any]):
    """Which trainings an edition asks of whom."""

    model = RequiredTraining
    extra = 0

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer what can be done."""
        if db_field.name == "training":
            kwargs["queryset"] = Training.objects.published().order_by("name")
            kwargs["label"] = gettext_lazy("Training")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class Kept(Titled[Any]):
    """Rows that nobody deletes by hand."""

    actions: Any = None
    list_per_page = 50
    show_full_result_count = False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Let nobody delete one by hand."""
        return False


@admin.register(Training)
class TrainingAdmin(Kept):
    """Begin a training; its versions are written on pages of their own."""

    list_display = ["name", "slug", "standing"]
    ordering = ["name"]
    fields = ["name", "slug", "standing"]
    readonly_fields = ["standing"]
    prepopulated_fields = {"slug": ["name"]}
    change_form_template = "admin/grandtour/training/change_form.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Training]:
        """Read the versions along."""
        newest = TrainingVersion.objects.newest_first()
        rows: models.QuerySet[Training] = super().get_queryset(request)
        return rows.prefetch_related(models.Prefetch("versions", newest))

    @admin.display(description=gettext_lazy("versions"))
    def standing(self, training: Training) -> SafeString | str:
        """Lead to each version."""
        if training.pk is None:
            return "–"  # noqa: RUF001 -- nothing yet
        rows = (
            (
                reverse("admin:grandtour_trainingversion_change", args=[one.pk]),
                one.number,
                _("published") if one.published_at else _("draft"),
            )
            for one in training.versions.all()
        )
        return format_html_join(", ", '<a href="{}">{} ({})</a>', rows)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's own signature
        """Begin the first version with the training."""
        super().save_model(request, obj, form, change)
        if not change:
            actions.draft(obj)

    def get_urls(self) -> list[URLPattern]:
        """Give beginning a version a page of its own."""
        page = self.admin_site.admin_view(self.write)
        own = [path("<int:pk>/write/", page, name="grandtour_training_write")]
        return [*own, *super().get_urls()]

    def write(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin a new version, or go on with the draft there is."""
        if not self.has_change_permission(request) or pk >= 2**63:
            raise Http404
        training, form = get_object_or_404(Training, pk=pk), forms.Form(request.POST or None)
        back = reverse("admin:grandtour_training_change", args=[pk])
        if form.is_valid():
            version = actions.draft(training)
            return redirect("admin:grandtour_trainingversion_change", version.pk)
        title = _("Write a new version of “%(training)s”") % {"training": training}
        advice = _(
            "It begins as a copy of the newest one. Who has passed an older version keeps that "
            "until its last day."
        )
        question = {"form": form, "title": title, "advice": advice, "back": back}
        return ask(request, self, question)


@admin.register(TrainingVersion)
class TrainingVersionAdmin(Kept):
    """Write a draft; what is published is read."""

    list_display = ["training", "number", "audience", "months", "published_at"]
    list_display_links = ["training", "number"]
    list_select_related = ["training"]
    ordering = ["-pk"]
    fields = ["training", "number", "about", "audience", "months", "published_at"]
    readonly_fields = ["training", "number", "published_at"]
    inlines = [LessonInline]
    change_form_template = "admin/grandtour/trainingversion/change_form.html"

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Let a version begin on the page of its training."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let a draft be changed."""
        return is_draft(obj) and super().has_change_permission(request, obj)

    def get_urls(self) -> list[URLPattern]:
        """Give publishing a page of its own."""
        page = self.admin_site.admin_view(self.publish)
        own = [path("<int:pk>/publish/", page, name="grandtour_trainingversion_publish")]
        return [*own, *super().get_urls()]

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish a draft, after a look at what that means."""
        if not self.has_change_permission(request) or pk >= 2**63:
            raise Http404
        rows = TrainingVersion.objects.select_related("training")
        version, form = get_object_or_404(rows, pk=pk), forms.Form(request.POST or None)
        back = reverse("admin:grandtour_trainingversion_change", args=[pk])
        if form.is_valid():
            try:
                actions.publish(version, at=timezone.now())
            except actions.NotADraft:
                messages.warning(request, _("Somebody else has done so already."))
            except actions.Empty:
                messages.error(request, _("Say what it is about, and write a lesson first."))
            else:
                self.log_change(request, version, "published")
                messages.success(request, _("Published."))
            return redirect(back)
        title = _("Publish “%(version)s”") % {"version": version}
        advice = _("From then on it stays as it is; a change is a new version.")
        question = {"form": form, "title": title, "advice": advice, "back": back}
        return ask(request, self, question)


@admin.register(Lesson)
class LessonAdmin(Kept):
    """Write a lesson and its exercises."""

    list_display = ["title", "number", "version", "minutes"]
    list_select_related = ["version__training"]
    ordering = ["-version", "number"]
    fields = ["version", "number", "title", "words", "minutes"]
    readonly_fields = ["version"]
    inlines = [ExerciseInline]

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Let a lesson begin on the page of its version."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let a lesson of a draft be changed."""
        return is_draft(obj.version if obj else None) and super().has_change_permission(
            request, obj
        )
