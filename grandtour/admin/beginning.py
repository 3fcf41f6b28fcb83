"""How an edition begins at the desk: from an earlier one, or from a template."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.desk import ask
from grandtour.actions import editions as actions
from grandtour.actions import templates
from grandtour.models import Edition


def day() -> forms.DateField:
    """Make a field for a day."""
    return forms.DateField(widget=forms.DateInput({"type": "date"}))


class BeginForm(forms.Form):
    """What a new edition is called, and where its page is."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    slug = forms.SlugField(label=gettext_lazy("Part of its address"), max_length=120)


class CopyForm(BeginForm):
    """What a new edition that begins from another is called, and when it is."""

    applications_first_day = day()
    applications_last_day = day()
    travel_first_day = day()
    travel_last_day = day()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Call the days as the edition calls them."""
        super().__init__(*args, **kwargs)
        for name in actions.Days.__dataclass_fields__:
            field: Any = Edition._meta.get_field(name)
            self.fields[name].label = field.verbose_name

    def days(self) -> actions.Days:
        """Give the days that were chosen."""
        return actions.Days(
            **{name: self.cleaned_data[name] for name in actions.Days.__dataclass_fields__}
        )


class TemplateForm(BeginForm):
    """Which template a new edition begins from, and on which day."""

    kind = forms.ChoiceField(label=gettext_lazy("Template"), widget=forms.RadioSelect)
    first_day = forms.DateField(
        label=gettext_lazy("Applications from"),
        help_text=gettext_lazy(
            "The other days follow from it. You can change all of them before it opens."
        ),
        widget=forms.DateInput({"type": "date"}),
    )
    field_order = ("kind", "name", "slug", "first_day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the templates there are, each with what it means."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [
            (kind, format_html("<strong>{}</strong><br>{}", one.name, one.means))
            for kind, one in templates.TEMPLATES.items()
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a first day after which the others would be in no calendar."""
        cleaned = super().clean() or self.cleaned_data
        if (first := cleaned.get("first_day")) and (kind := cleaned.get("kind")):
            try:
                cleaned["days"] = templates.TEMPLATES[kind].days(first)
            except OverflowError:
                self.add_error("first_day", _("This day is too far away."))
        return cleaned


class Beginning(admin.ModelAdmin[Edition]):
    """The pages on which an edition begins."""

    def copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin a new edition with all the rules and words of this one."""
        edition = self._found(request, pk)  # type: ignore[attr-defined]  # of EditionAdmin
        form = CopyForm(request.POST or None)
        if form.is_valid():
            said = form.cleaned_data
            try:
                with transaction.atomic():
                    made = actions.copy(edition, said["name"], said["slug"], form.days())
            except IntegrityError as refusal:
                form.add_error(None, _refused(refusal))
            else:
                self.log_addition(request, made, f"copied from {edition.slug}")
                return redirect("admin:grandtour_edition_change", made.pk)
        advice = _(
            "It brings rules, weights, criteria, measures, questions, phases of reading, "
            "trainings and words; of money the sources and what is asked of them. Nothing is "
            "granted or promised before you write it, and hosts offer anew."
        )
        title = _("Begin a new edition from this one")
        question = {"form": form, "title": title, "advice": advice}
        back = reverse("admin:grandtour_edition_change", args=[pk])
        return ask(request, self, question | {"back": back})

    def begin(self, request: HttpRequest) -> HttpResponse:
        """Begin a new edition from a template, in the language of this page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TemplateForm(request.POST or None)
        if form.is_valid():
            said = form.cleaned_data
            chosen = templates.TEMPLATES[said["kind"]]
            try:
                with transaction.atomic():
                    made = templates.begin(
                        chosen, said["kind"], said["name"], said["slug"], said["days"]
                    )
            except IntegrityError as refusal:
                form.add_error(None, _refused(refusal))
            else:
                self.log_addition(request, made, f"begun from the template {said['kind']}")
                return redirect("admin:grandtour_edition_change", made.pk)
        advice = _(
            "It brings days, rules, weights, criteria, measures, phases of reading and words, "
            "written in the language of this page. Nobody sees them before the edition opens, "
            "and until then you can change everything."
        )
        question = {"form": form, "title": _("New edition from a template"), "advice": advice}
        back = reverse("admin:grandtour_edition_changelist")
        return ask(request, self, question | {"back": back})


def _refused(refusal: IntegrityError) -> str:
    """Say in a sentence what the database refused."""
    if "edition_days_in_order" in str(refusal):
        return _(
            "Applications end before anybody travels, and each last day follows its first."
        )
    return _("Another edition is called so already, or has this address.")
