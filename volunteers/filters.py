"""By what lists of people and affiliates can be narrowed."""

from typing import Any

import django_filters as df
from django import forms
from django.utils.translation import gettext_lazy as _

from capx.names import country_choices, country_name, language_codes, language_name
from volunteers.forms import SkillsField
from volunteers.models import Affiliate, Person, PersonLanguage, Skill
from volunteers.models.affiliates import AffiliateQuerySet
from volunteers.models.people import PersonQuerySet

SEARCH = forms.TextInput(attrs={"type": "search", "dir": "auto", "autocomplete": "off"})


class SkillsFilter(df.Filter):
    """Skills by slug or by any of their names."""

    field_class = SkillsField


class PersonFilter(df.FilterSet):
    """By what the directory of people can be narrowed."""

    q = df.CharFilter(label=_("Name"), method="named", widget=SEARCH, max_length=80)
    skill = SkillsFilter(label=_("Can do or teach"), method="able", most=5)
    wants = SkillsFilter(label=_("Wants to learn"), method="wanting", most=5)
    country = df.ChoiceFilter(label=_("Country"), empty_label=_("Any"))
    language = df.ChoiceFilter(label=_("Speaks"), method="speaking", empty_label=_("Any"))
    way = df.ChoiceFilter(
        label=_("Likes to contribute"),
        choices=Person.Way,
        method="contributing",
        empty_label=_("Any"),
    )

    class Meta:
        model = Person
        fields = ["q", "skill", "wants", "country", "language", "way"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the languages that these people speak."""
        super().__init__(*args, **kwargs)
        self.filters["country"].extra["choices"] = country_choices()
        spoken = {*PersonLanguage.objects.spoken_by(self.queryset)}
        spoken |= language_codes() & {self.data.get("language")}  # of a shared address
        languages = sorted(((c, language_name(c)) for c in spoken), key=lambda pair: pair[1])
        self.filters["language"].extra["choices"] = languages
        self.form.unmarked = True

    def named(self, people: PersonQuerySet, _field: str, words: str) -> PersonQuerySet:
        """Keep those who are called so."""
        return people.called(words)

    def able(self, people: PersonQuerySet, _field: str, skills: list[Skill]) -> PersonQuerySet:
        """Keep those who have each of these skills, or one below it."""
        for skill in skills:
            people = people.doing([skill])
        return people

    def wanting(
        self, people: PersonQuerySet, _field: str, skills: list[Skill]
    ) -> PersonQuerySet:
        """Keep those who want to learn each of these skills, or something below it."""
        for skill in skills:
            people = people.wanting([skill])
        return people

    def speaking(self, people: PersonQuerySet, _field: str, code: str) -> PersonQuerySet:
        """Keep those who speak this language."""
        return people.speaking(code)

    def contributing(self, people: PersonQuerySet, _field: str, way: str) -> PersonQuerySet:
        """Keep those who like to contribute this way."""
        return people.filter(ways__contains=[way])


class AffiliateFilter(df.FilterSet):
    """By what the list of affiliates can be narrowed."""

    q = df.CharFilter(label=_("Name or city"), method="named", widget=SEARCH, max_length=80)
    kind = df.ChoiceFilter(label=_("Kind"), choices=Affiliate.Kind, empty_label=_("Any"))
    country = df.ChoiceFilter(label=_("Country"), method="of_country", empty_label=_("Any"))

    class Meta:
        model = Affiliate
        fields = ["q", "kind", "country"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the countries that have an affiliate."""
        super().__init__(*args, **kwargs)
        codes = Affiliate.objects.countries()
        countries = sorted(((c, country_name(c)) for c in codes), key=lambda pair: pair[1])
        self.filters["country"].extra["choices"] = countries
        self.form.unmarked = True

    def named(
        self, affiliates: AffiliateQuerySet, _field: str, words: str
    ) -> AffiliateQuerySet:
        """Keep those with these words in their name or city."""
        return affiliates.called(words)

    def of_country(
        self, affiliates: AffiliateQuerySet, _field: str, code: str
    ) -> AffiliateQuerySet:
        """Keep those of this country."""
        return affiliates.filter(countries__contains=[code])
