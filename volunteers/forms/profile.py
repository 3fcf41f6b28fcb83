"""What people may write about themselves, section by section."""

from contextlib import nullcontext
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from capx.names import country_choices, language_choices, language_codes, often_first
from capx.zones import is_zone, zone_choices
from volunteers.actions import bottlenecks
from volunteers.actions import people as actions
from volunteers.forms.fields import PlaceField, SkillsField
from volunteers.models import Person, PersonLanguage, PersonSkill
from volunteers.models.familiar import familiar

ROWS = 6
SPARE_ROWS = 2


class Section(forms.ModelForm[Person]):
    """One section of the profile; it is kept on its own."""

    key: ClassVar[str]
    unmarked = True  # nothing here has to be said
    title: ClassVar[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give its fields ids of their own, for all sections stand on one page."""
        kwargs["auto_id"] = f"{self.key}-%s"
        super().__init__(*args, **kwargs)

    def save(self, commit: bool = True) -> Person:  # noqa: FBT001, FBT002 -- Django's signature
        """Keep its own fields and no others, of somebody who has not left meanwhile.

        What an organiser or another window has changed since the page was read stays.
        """
        person = super().save(commit=False)
        kept = {name: getattr(person, name) for name in self._meta.fields or ()}
        if commit and kept:
            Person.objects.filter(pk=person.pk, forgotten_at=None).update(**kept)
        return person


class AboutForm(Section):
    """Who somebody is, in their own words."""

    key = "about"
    title = _("About me")
    place = PlaceField(label=_("City"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    class Meta:
        model = Person
        fields = ["name", "pronouns", "about", "place", "country", "contact"]
        widgets = {
            "about": forms.Textarea(attrs={"rows": 6, "dir": "auto", "maxlength": 4000}),
            "name": forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
            "pronouns": forms.TextInput(attrs={"dir": "auto"}),
        }
        help_texts = {
            "name": _("As you like to be called here. Empty means your username."),
            "about": _("What you do, what you care about, what people should know."),
            "contact": _("Once something is agreed. Nobody sees an address of yours before."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the countries in the reader's language."""
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        listed = often_first(country_choices(), familiar().countries)
        country.choices = [("", _("Not said")), *listed]  # type: ignore[attr-defined]  # ChoiceField

    def clean(self) -> dict[str, Any]:
        """Take the country from the city where none is named."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("place") and not cleaned.get("country"):
            cleaned["country"] = cleaned["place"].country
        return cleaned


class LanguagesInput(forms.Widget):
    """Rows of a language and how well."""

    template_name = "widgets/languages.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> Any:
        """List the rows, with spare ones at the end."""
        context = super().get_context(name, None, attrs)
        rows = [{"code": code, "level": level} for code, level in value or []]
        spare = max(SPARE_ROWS, ROWS - len(rows))
        context["widget"] |= {
            "rows": [*rows, *[{"code": "", "level": PersonLanguage.Level.GOOD}] * spare],
            "languages": often_first(language_choices(), familiar().languages),
            "levels": PersonLanguage.Level.choices,
        }
        return context

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> list[tuple[str, str]]:
        """Read the rows in which a language is chosen."""
        pairs = zip(data.getlist(name), data.getlist(f"{name}_level"), strict=False)
        return [(code, level) for code, level in pairs if code]

    def value_omitted_from_data(self, data: Any, _files: Any, name: str) -> bool:
        """Look for the first select."""
        return name not in data


class LanguagesField(forms.Field):
    """Languages and how well; gives a dictionary of levels."""

    widget = LanguagesInput

    def to_python(self, value: Any) -> dict[str, str]:
        """Check each row."""
        rows = value or []
        if len(rows) > len(set(dict(rows))):
            raise ValidationError(_("This language is in the list already."))
        if any(code not in language_codes() for code, _level in rows) or any(
            level not in PersonLanguage.Level for _code, level in rows
        ):
            raise ValidationError(_("Choose a language, and how well you speak it."))
        return dict(rows)


class LanguagesForm(Section):
    """What somebody speaks."""

    key = "languages"
    title = _("Languages")
    languages = LanguagesField(label=_("Languages I speak"), required=False)

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start from what is known."""
        super().__init__(*args, **kwargs)
        known = self.instance.languages.order_by("-level", "pk")
        self.initial["languages"] = list(known.values_list("language", "level"))

    def save(self, commit: bool = True) -> Person:  # noqa: FBT001, FBT002 -- Django's signature
        """Keep them."""
        actions.set_languages(self.instance, self.cleaned_data["languages"])
        return super().save(commit)


class SkillsForm(Section):
    """What somebody can do, teaches, and wants to learn."""

    key = "skills"
    title = _("Skills")
    has = SkillsField(label=PersonSkill.How.HAS.label, required=False, most=40)
    teaches = SkillsField(label=PersonSkill.How.TEACHES.label, required=False, most=40)
    wants = SkillsField(label=PersonSkill.How.WANTS.label, required=False, most=40)

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start from what is known."""
        super().__init__(*args, **kwargs)
        for skill, how in self.instance.person_skills.values_list("skill", "how"):
            self.initial.setdefault(how, []).append(skill)

    def save(self, commit: bool = True) -> Person:  # noqa: FBT001, FBT002 -- Django's signature
        """Keep them."""
        hows = PersonSkill.How.values
        actions.set_skills(self.instance, {how: self.cleaned_data[how] for how in hows})
        return super().save(commit)


class WaysForm(Section):
    """How somebody likes to contribute."""

    key = "ways"
    title = _("Ways of contributing")
    ways = forms.MultipleChoiceField(
        label=_("How I like to contribute"),
        choices=Person.Way,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"group": "choices choices--columns"}),
    )

    class Meta:
        model = Person
        fields = ["ways"]


class SeenForm(Section):
    """Who sees somebody, and whether they may be asked."""

    key = "seen"
    title = _("Who sees me, who may ask me")

    class Meta:
        model = Person
        fields = ["visibility", "may_be_asked", "open_asks"]
        widgets = {"visibility": forms.RadioSelect}
        help_texts = {
            "visibility": _(
                "“Nobody” takes you and what you post out of every page, search and suggestion."
            ),
            "may_be_asked": _("Without it you can still ask, offer and post yourself."),
            "open_asks": _("When so many wait, nobody else can ask. Nobody sees this number."),
        }

    def save(self, commit: bool = True) -> Person:  # noqa: FBT001, FBT002 -- Django's signature
        """Keep it; who hides is out of every sum at once."""
        hides = self.instance.visibility == Person.Visibility.HIDDEN
        with bottlenecks.vanishing(self.instance) if hides else nullcontext():
            return super().save(commit)


class SiteForm(Section):
    """The language of the site, and the clock somebody lives by."""

    key = "site"
    title = _("This site")
    language = forms.ChoiceField(
        label=_("Language of the site and its mail"), choices=settings.LANGUAGES
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        widget=forms.Select(
            attrs={
                "data-zone": _("Your browser is in the time zone {zone}."),
                "data-zone-take": _("Take it"),
                "data-zone-leave": _("Leave it as it is"),
            }
        ),
    )

    class Meta:
        model = Person
        fields = ["language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """List the zones."""
        super().__init__(*args, **kwargs)
        listed = often_first(zone_choices(self.instance.time_zone), familiar().zones)
        self.fields["time_zone"].widget.choices = listed

    def clean_time_zone(self) -> str:
        """Keep to zones that this machine knows."""
        zone: str = self.cleaned_data["time_zone"]
        if not is_zone(zone):
            raise ValidationError(_("Choose a time zone."))
        return zone


SECTIONS: dict[str, type[Section]] = {
    form.key: form
    for form in (AboutForm, SkillsForm, LanguagesForm, WaysForm, SeenForm, SiteForm)
}
