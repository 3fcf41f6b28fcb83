"""The tree of skills, as organisers grow it; here, because what is found hangs on it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.desk import Choosing, Finding, Titled, ask
from capx.names import language_codes, listed
from exchange.actions import skills as actions
from volunteers.models import Skill, SkillLabel
from volunteers.models.skills import name_key

# The languages in which every skill should have a label.
WANTED = ["en", "de", "fr", "es", "pl", "uk", "ar"]
LEVELS = 6  # deeper than this nothing is indented further
NAMES = 40


class SkillForm(forms.ModelForm[Skill]):
    """A skill and where it stands."""

    class Meta:
        model = Skill
        fields = ["slug", "parent", "wikidata", "technical", "retired"]

    def clean_wikidata(self) -> str | None:
        """Keep nothing as nothing: two skills may be without an id."""
        return self.cleaned_data["wikidata"] or None

    def clean_parent(self) -> Skill | None:
        """Refuse to put a skill below itself."""
        parent: Skill | None = self.cleaned_data["parent"]
        if parent and self.instance.pk in parent.path:
            raise ValidationError(
                _("%(parent)s is this skill, or stands below it. Choose one outside of it."),
                params={"parent": parent},
            )
        return parent


class LabelForm(forms.ModelForm[SkillLabel]):
    """What the skill is called in one language."""

    other_names = SimpleArrayField(
        forms.CharField(max_length=120),
        label=gettext_lazy("other names"),
        required=False,
        max_length=NAMES,
        widget=forms.TextInput({"dir": "auto", "class": "vTextField"}),
        help_text=gettext_lazy("With commas between them"),
    )

    class Meta:
        model = SkillLabel
        fields = ["language", "label", "other_names"]
        widgets = {"label": forms.TextInput({"dir": "auto", "class": "vTextField"})}

    def clean_language(self) -> str:
        """Accept only the code of a language."""
        code: str = self.cleaned_data["language"]
        if code not in language_codes():
            raise ValidationError(_("%(code)s is not the code of a language.") % {"code": code})
        return code


class Labels(BaseInlineFormSet[SkillLabel, Skill, LabelForm]):
    """The labels of one skill, with an empty line for each language that misses one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the languages that are still without a label."""
        skill = kwargs.get("instance")
        there = set()
        if skill and skill.pk:
            there = set(skill.labels.values_list("language", flat=True))
        missing = [code for code in WANTED if code not in there]
        kwargs["initial"] = [{"language": code} for code in missing]
        super().__init__(*args, **kwargs)
        self.extra = len(missing) + 1


class LabelInline(admin.TabularInline[SkillLabel, Skill]):
    """What a skill is called, in every language."""

    model = SkillLabel
    form = LabelForm
    formset = Labels  # type: ignore[assignment]  # the stubs want the class itself
    ordering = ["language", "pk"]


class Branch(admin.SimpleListFilter):
    """One branch of the tree."""

    title = gettext_lazy("branch")
    parameter_name = "branch"

    def lookups(
        self, _request: HttpRequest, _model_admin: admin.ModelAdmin[Skill]
    ) -> list[tuple[str, Any]]:
        """Name the branches."""
        roots = Skill.objects.filter(parent=None).labelled().order_by("label", "pk")  # type: ignore[misc]  # labelled() adds it
        return [(str(root.pk), root.label) for root in roots]

    def queryset(
        self, _request: HttpRequest, queryset: models.QuerySet[Skill]
    ) -> models.QuerySet[Skill]:
        """Keep one branch with all that is below it."""
        value = self.value() or ""
        if not value.isdecimal() or int(value) >= 2**63:
            return queryset
        return queryset.filter(path__contains=[int(value)])


class MergeForm(forms.Form):
    """Which skill stays."""

    kept = forms.ModelChoiceField(
        Skill.objects.all(),
        label=gettext_lazy("Becomes part of"),
        help_text=gettext_lazy("All that had this skill has the other one from now on."),
        widget=Choosing(Skill._meta.get_field("parent"), admin.site),
    )


@admin.register(Skill)
class SkillAdmin(Finding, Titled[Skill]):
    """Grow the tree: labels, other names, moving, merging, retiring."""

    form = SkillForm
    inlines = [LabelInline]
    list_display = ["branch_and_label", "slug", "wikidata", "remarks"]
    list_filter = ["retired", "technical", Branch]
    list_per_page = 100
    show_full_result_count = False
    search_fields = ["slug"]
    search_help_text = gettext_lazy("Any of its names, in any language; its Wikidata id")
    autocomplete_fields = ["parent"]
    ordering = ["path"]
    actions = None
    change_form_template = "admin/volunteers/skill/change_form.html"

    def get_queryset(self, _request: HttpRequest) -> models.QuerySet[Skill]:
        """Read labels and depth in the same query."""
        return Skill.objects.under_labels().annotate(
            depth=models.Func(
                "path", function="cardinality", output_field=models.IntegerField()
            )
        )

    @admin.display(description=gettext_lazy("skill"), ordering="path")
    def branch_and_label(self, skill: Any) -> SafeString:
        """Indent a skill by its depth in the tree."""
        return format_html(
            '<span class="depth depth--{}">{}</span>', min(skill.depth, LEVELS), skill.label
        )

    @admin.display(description=gettext_lazy("remarks"))
    def remarks(self, skill: Skill) -> str:
        """Say in words what is special about it."""
        words = {_("technical"): skill.technical, _("retired"): skill.retired}
        return listed(word for word, holds in words.items() if holds)

    def get_search_results(
        self, _request: HttpRequest, queryset: models.QuerySet[Skill], search_term: str
    ) -> tuple[models.QuerySet[Skill], bool]:
        """Search the names in all languages, without accents."""
        key = name_key(search_term)
        if not key:
            return queryset, False
        called = SkillLabel.objects.filter(folded__contains=key)
        by_code = models.Q(slug__startswith=key) | models.Q(wikidata=key.upper())
        return queryset.filter(by_code | models.Q(pk__in=called.values("skill"))), False

    def has_delete_permission(self, _request: HttpRequest, _obj: Skill | None = None) -> bool:
        """Let nobody delete a skill: it is retired, or merged into another."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Let the search follow what was changed."""
        super().save_related(request, form, formsets, change)
        if change and {"parent", "slug"} & set(form.changed_data):
            actions.follow(form.instance)

    def get_urls(self) -> list[URLPattern]:
        """Give merging a page of its own."""
        page = self.admin_site.admin_view(self.merge)
        own = [path("<int:pk>/merge/", page, name="volunteers_skill_merge")]
        return [*own, *super().get_urls()]

    def merge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make one skill of two."""
        if not self.has_change_permission(request) or pk >= 2**63:
            raise Http404
        gone = get_object_or_404(Skill.objects.labelled(), pk=pk)
        form = MergeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            kept = form.cleaned_data["kept"]
            try:
                actions.merge(gone, kept)
            except actions.Below:
                form.add_error("kept", _("This is the same skill, or one below it."))
            else:
                self.log_change(request, kept, f"merged with {gone.slug}")
                messages.success(request, _("They are one now, and both names find it."))
                return redirect("admin:volunteers_skill_change", kept.pk)
        question = {
            "form": form,
            "title": _("Merge “%(skill)s” into another") % {"skill": gone.label},
            "advice": _(
                "People, listings and practices with this skill get the other one. "
                "It is found by the names of both. This cannot be undone."
            ),
            "back": reverse("admin:volunteers_skill_change", args=[pk]),
        }
        return ask(request, self, question)
