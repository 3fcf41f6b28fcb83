"""Rows for tests; each factory makes something complete and true."""

from datetime import date

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from factory.django import DjangoModelFactory

from exchange.models import BudgetLine, Exchange, Listing, Message, Practice, Report
from volunteers.actions.organisers import organisers
from volunteers.imports import place_vector
from volunteers.models import (
    Affiliate,
    Ask,
    Membership,
    Notice,
    Person,
    PersonSkill,
    Place,
    Skill,
    SkillLabel,
    StewardAccess,
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


class StewardAccessFactory(DjangoModelFactory):
    """A member lets the stewards of an affiliate see their weeks, from May 2026 on."""

    person = factory.SubFactory(PersonFactory)
    affiliate = factory.SubFactory(AffiliateFactory)
    period = DateRange(date(2026, 5, 1), None)
    granted_at = factory.LazyAttribute(
        lambda a: MembershipFactory(person=a.person, affiliate=a.affiliate).confirmed_at
    )

    class Meta:
        model = StewardAccess


class NoticeFactory(DjangoModelFactory):
    recipient = factory.SubFactory(PersonFactory)
    key = factory.Sequence(lambda n: f"notice:{n}")
    kind = NoticeKind.ANSWER
    subject = "Hello"
    body = "Good day."
    link = "/"

    class Meta:
        model = Notice


class ListingFactory(DjangoModelFactory):
    """An open offer of a skill; `skills=[…]` gives it skills."""

    state = Listing.State.OPEN
    kind = Listing.Kind.OFFER
    of = Listing.Of.SKILL
    author = factory.SubFactory(PersonFactory)
    title = factory.Sequence(lambda n: f"Help with video editing {n}")
    body = "I cut your recordings, and show you how."
    language = "en"
    published_at = factory.LazyFunction(timezone.now)
    confirmed_at = factory.SelfAttribute("published_at")

    class Meta:
        model = Listing
        skip_postgeneration_save = True

    @factory.post_generation
    def skills(self, _create, extracted, **_others):
        if extracted:
            self.skills.set(extracted)


class BudgetLineFactory(DjangoModelFactory):
    listing = factory.SubFactory(ListingFactory)
    side = "provider"
    amount = 4000
    currency = "EUR"
    what_for = "Train"

    class Meta:
        model = BudgetLine


class ExchangeFactory(DjangoModelFactory):
    """An ask about an offer that nobody has answered; `counterpart` asked, or offers help."""

    listing = factory.SubFactory(ListingFactory)
    counterpart = factory.SubFactory(PersonFactory)
    asked_at = factory.LazyFunction(timezone.now)
    provider = factory.LazyAttribute(
        lambda e: e.listing.author if e.listing.is_offer else e.counterpart
    )
    receiver = factory.LazyAttribute(
        lambda e: e.counterpart if e.listing.is_offer else e.listing.author
    )
    ask = factory.LazyAttribute(
        lambda e: Ask.objects.create(
            person=e.listing.author, asker=e.counterpart, asked_at=e.asked_at
        )
    )

    class Meta:
        model = Exchange


class PracticeFactory(DjangoModelFactory):
    state = Practice.State.PUBLISHED
    author = factory.SubFactory(PersonFactory)
    title = factory.Sequence(lambda n: f"How we taught {n}")
    tried = "A short training."
    worked = "Meeting in a library."
    language = "en"
    published_at = factory.LazyFunction(timezone.now)

    class Meta:
        model = Practice


class MessageFactory(DjangoModelFactory):
    """What the counterpart of an exchange wrote."""

    exchange = factory.SubFactory(ExchangeFactory)
    author = factory.SelfAttribute("exchange.counterpart")
    body = "Good day, I have a question."
    created_at = factory.LazyFunction(timezone.now)

    class Meta:
        model = Message


class OrganiserFactory(PersonFactory):
    """Somebody who may enter the desk, with the permissions of the group."""

    username = factory.Sequence(lambda n: f"organiser-{n}")
    is_staff = True

    class Meta:
        model = Person
        skip_postgeneration_save = True

    @factory.post_generation
    def group(self, _create, _extracted, **_others):
        self.groups.add(organisers())


class ReportFactory(DjangoModelFactory):
    """Somebody's report about a listing that waits for a decision."""

    reporter = factory.SubFactory(PersonFactory)
    listing = factory.SubFactory(ListingFactory)
    reason = Report.Reason.SPAM
    created_at = factory.LazyFunction(timezone.now)

    class Meta:
        model = Report
