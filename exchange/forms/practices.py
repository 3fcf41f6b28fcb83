"""What people write down for others to learn from."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from capx.names import Choice, Group, language_choices, often_first
from exchange.actions.practices import Written
from exchange.forms.exchanges import offer_affiliates, text
from exchange.forms.fields import CountriesField
from exchange.models import Artefact, Practice
from volunteers.forms import SkillsField
from volunteers.models import Person
from volunteers.models.familiar import familiar

MOST_ARTEFACTS = 12
QUESTIONS = ("tried", "worked")
MORE = ("skills", "context", "affiliate", "countries", "source", "source_url")


def _languages() -> list[Choice | Group]:
    """List languages, first those of the site and its affiliates."""
    return often_first(language_choices(), familiar().languages)


class PracticeForm(forms.ModelForm[Practice]):
    """Three questions, and what helps others to find the answers."""

    skills = SkillsField(
        label=_("Skills"),
        required=False,
        help_text=_("What it is about, so that people find it."),
    )
    countries = CountriesField(
        label=_("Countries"), required=False, help_text=_("Where it was tried.")
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=_languages)
    source_url = forms.URLField(
        label=_("Address of the source"), required=False, max_length=500, assume_scheme="https"
    )

    class Meta:
        model = Practice
        fields = [
            *("title", "tried", "worked", "did_not", "would_reuse", "context", "skills"),
            *("language", "affiliate", "countries", "source", "source_url"),
        ]
        labels = {
            "title": _("Title"),
            "tried": _("What did you try?"),
            "worked": _("What worked?"),
            "did_not": _("What did not?"),
            "would_reuse": _("What would you use again?"),
            "context": _("In which situation?"),
            "affiliate": _("On behalf of"),
            "source": _("Source outside the movement"),
        }
        help_texts = {
            "title": _("Say what one can learn from it."),
            "did_not": _("Others learn from this most."),
            "source": _("Whose idea was it? A library, a museum, another movement …"),
        }
        widgets = {
            "title": forms.TextInput({"dir": "auto"}),
            "tried": text(4),
            "worked": text(4),
            "did_not": text(3),
            "would_reuse": text(3),
            "context": text(3),
            "source": forms.TextInput({"dir": "auto"}),
        }

    def __init__(self, *args: Any, person: Person, draft: bool = False, **kwargs: Any) -> None:
        """Let a draft be unfinished; show only affiliates for which this person may speak."""
        super().__init__(*args, **kwargs)
        offer_affiliates(self, person)
        for name in QUESTIONS:
            self.fields[name].required = not draft
        if self.instance.pk:
            self.initial["skills"] = list(self.instance.skills.all())

    def has_more(self, artefacts: Any) -> bool:
        """Say whether something stands, or is wrong, beyond the title and the questions."""
        if not self.is_bound and not self.instance.pk:
            return False
        wrong = self.is_bound and not artefacts.is_valid()
        written = any(self[name].value() for name in MORE if name in self.fields)
        return wrong or written or bool(artefacts.initial) or "language" in self.errors

    def written(self, artefacts: Any) -> Written:
        """Give what was written, for the action."""
        things = [
            Artefact(name=form.cleaned_data["name"], url=form.cleaned_data["url"])
            for form in artefacts.forms
            if form.has_changed() and not form.cleaned_data.get("DELETE")
        ]
        return Written(self.instance, self.cleaned_data["skills"], things)


class ArtefactForm(forms.Form):
    """Something one can take away."""

    unmarked = True

    name = forms.CharField(
        label=_("What it is"), max_length=120, widget=forms.TextInput({"dir": "auto"})
    )
    url = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")

    def has_changed(self) -> bool:
        """Count a line only when something was typed into it."""
        return any(self[name].data for name in ("name", "url"))


class Artefacts(forms.BaseFormSet[ArtefactForm]):
    """The things one can take away; a line that is emptied is gone."""

    def add_fields(self, form: ArtefactForm, index: int | None) -> None:
        """Let any line stay empty, also one that was filled in before."""
        super().add_fields(form, index)
        form.empty_permitted = True


ArtefactFormSet = forms.formset_factory(
    ArtefactForm,
    formset=Artefacts,
    extra=2,
    max_num=MOST_ARTEFACTS,
    absolute_max=MOST_ARTEFACTS + 1,
    validate_max=True,
)


class PracticeSearch(forms.Form):
    """What a visitor looks for among the practices."""

    unmarked = True

    q = forms.CharField(label=_("Search"), max_length=200, required=False)
    skill = SkillsField(label=_("Skill"), required=False, most=5)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, languages: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer only languages in which something is written."""
        super().__init__(*args, **kwargs)
        choice = self.fields["language"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", _("Any language")), *languages]
