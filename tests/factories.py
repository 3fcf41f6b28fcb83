"""Rows for tests; each factory makes something complete and true."""

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from volunteers.imports import place_vector
from volunteers.models import (
    Affiliate,
    Membership,
    Notice,
    Person,
    PersonSkill,
    Place,
    Skill,
    SkillLabel,
)
from volunteers.models.notices import NoticeKind


class PersonFactory(DjangoModelFactory):
    username = factory.Sequence(lambda n: f"person-{n}")
    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.LazyAttribute(lambda p: f"{p.username}@example.org")

    class Meta:
        model = Person


class PlaceFactory(DjangoModelFactory):
    id = factory.Sequence(lambda n: 900_000 + n)
    name = "Gdynia"
    country = "PL"
    latitude = 54.52
    longitude = 18.53
    population = 240_000
    names = factory.LazyAttribute(lambda p: place_vector(p.country, [p.name]))

    class Meta:
        model = Place


class SkillFactory(DjangoModelFactory):
    """A skill; `label` is what it is called in English."""

    slug = factory.Sequence(lambda n: f"skill-{n}")

    class Meta:
        model = Skill
        skip_postgeneration_save = True

    @factory.post_generation
    def label(self, _create, extracted, **others):
        """Give it its English label, and those named `label__de="…"`."""
        labels = {"en": extracted or self.slug.replace("-", " "), **others}
        for language, label in labels.items():
            SkillLabel.objects.create(skill=self, language=language, label=label)


class PersonSkillFactory(DjangoModelFactory):
    person = factory.SubFactory(PersonFactory)
    skill = factory.SubFactory(SkillFactory)
    how = PersonSkill.How.HAS

    class Meta:
        model = PersonSkill


class AffiliateFactory(DjangoModelFactory):
    kind = Affiliate.Kind.CHAPTER
    name = factory.Sequence(lambda n: f"Wikimedia Number {n}")
    slug = factory.Sequence(lambda n: f"wikimedia-number-{n}")
    countries = ["PL"]
    languages = ["pl"]

    class Meta:
        model = Affiliate


class MembershipFactory(DjangoModelFactory):
    person = factory.SubFactory(PersonFactory)
    affiliate = factory.SubFactory(AffiliateFactory)
    confirmed_at = factory.LazyFunction(timezone.now)

    class Meta:
        model = Membership


class NoticeFactory(DjangoModelFactory):
    recipient = factory.SubFactory(PersonFactory)
    key = factory.Sequence(lambda n: f"notice:{n}")
    kind = NoticeKind.ANSWER
    subject = "Hello"
    body = "Good day."
    link = "/"

    class Meta:
        model = Notice
