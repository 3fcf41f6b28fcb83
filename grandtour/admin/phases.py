"""Phases of an edition at the desk: who reads blind opens no eyes, least of all their own."""

from typing import Any, ClassVar

from django.contrib import admin
from django.forms import BaseInlineFormSet, ModelForm, ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from grandtour.models import Edition, Phase, Reviewer

# What a phase shows to whoever reads: names, and what others think.
OPENING = ("names_shown", "others")


class Phases(BaseInlineFormSet[Phase, Edition, "ModelForm[Phase]"]):
    """The phases of an edition as one person may change them."""

    person: ClassVar[Any] = None

    def clean(self) -> None:
        """Refuse to change by hand what has been in force, where somebody would see by it."""
        super().clean()
        asked = Reviewer.objects.filter(edition_id=self.instance.pk)
        asked = asked.exclude(state=Reviewer.State.DECLINED)
        people = set(asked.values_list("person", flat=True))
        for form in self.forms:
            if form.has_changed() or form in self.deleted_forms:
                self._check(form, reads=self.person.pk in people, read=bool(people))

    def _check(self, form: "ModelForm[Phase]", *, reads: bool, read: bool) -> None:
        """Refuse one; `reads`: whoever asks reads here. `read`: somebody does."""
        days = [form.initial.get("first_day"), form.cleaned_data.get("first_day")]
        begun = any(day and day <= timezone.localdate() for day in days)
        if reads and begun:
            words = _(
                "You were asked to read or to decide here, so a phase that has begun is "
                "changed by somebody else."
            )
            if form in self.deleted_forms:  # whose own faults are not looked at
                raise ValidationError(words)
            form.add_error(None, words)
        elif reads and form not in self.deleted_forms:
            for name in self._opens(form):
                words = _("You were asked to read or to decide here, so others set this.")
                form.add_error(name, words)
        elif read and begun and self._shows(form):
            form.add_error(
                "names_shown",
                _("Names are shown only from a phase on that has not begun yet."),
            )

    def _opens(self, form: "ModelForm[Phase]") -> list[str]:
        """Name what was changed of what a phase shows, or of a phase that shows it."""
        said, was = form.cleaned_data, form.initial
        shows = any(
            one.get("names_shown") or one.get("others") == Phase.Others.ALWAYS
            for one in (said, was)
        )
        return [name for name in form.changed_data if shows or name in OPENING]

    def _shows(self, form: "ModelForm[Phase]") -> bool:
        """Say whether names would be shown that were not."""
        shown = form.cleaned_data.get("names_shown")
        return bool(shown and {"names_shown", "first_day", "last_day"} & {*form.changed_data})


class PhaseInline(admin.TabularInline[Phase, Edition]):
    """When applications are read, and what may be seen and done then."""

    model = Phase
    extra = 0
    ordering = ["first_day"]
    formset = Phases

    def get_formset(
        self, request: HttpRequest, obj: Edition | None = None, **kwargs: Any
    ) -> Any:
        """Tell the formset who asks."""
        made = super().get_formset(request, obj, **kwargs)
        return type("PhasesOfOne", (made,), {"person": request.user})
