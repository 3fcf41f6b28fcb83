"""People: who they are, what they wish to show, and whom they do not wish to meet."""

import secrets
import unicodedata
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, PermissionsMixin, UserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from capx.folding import fold
from volunteers.models.abilities import PersonLanguage, PersonSkill
from volunteers.models.folded import Folded
from volunteers.models.places import Place
from volunteers.models.skills import Skill

if TYPE_CHECKING:
    from volunteers.models.affiliates import Affiliate


def check_username(name: str) -> None:
    """Refuse what a wiki refuses, what looks like an address, and what cannot be seen."""
    if any(letter in "/#<>[]|{}@:\\" for letter in name):
        raise ValidationError(_("A username has none of / \\ # < > [ ] | { } @ :"))
    unseen = any(unicodedata.category(letter).startswith("C") for letter in name)
    if unseen or name != name.strip() or not any(letter.isalnum() for letter in name):
        raise ValidationError(_("A username has letters or digits, and nothing invisible."))


class PersonQuerySet(models.QuerySet["Person"]):
    """Reads of people; the only place that decides who is shown to whom."""

    def here(self) -> Self:
        """Keep those who have an account that works and an address that is theirs."""
        return self.filter(is_active=True, unconfirmed=False)

    def organisers(self) -> Self:
        """Keep those who decide about reports."""
        may_enter = self.here().filter(is_staff=True)
        return may_enter.filter(Q(is_superuser=True) | Q(groups__name="Organisers")).distinct()

    def keepers(self) -> Self:
        """Keep those who run the whole site, and can make somebody an organiser."""
        return self.here().filter(is_staff=True, is_superuser=True)

    def visible_to(self, viewer: "Person | AnonymousUser") -> Self:
        """Keep those who wish to be seen by this viewer, and the viewer."""
        if isinstance(viewer, AnonymousUser):
            return self.shown_to_members().filter(visibility=Person.Visibility.PUBLIC)
        return self.shown_to_members() | self.filter(pk=viewer.pk)

    def shown_to_members(self) -> Self:
        """Keep those whom everybody sees who is signed in."""
        return self.here().filter(~Q(visibility=Person.Visibility.HIDDEN), hidden_at=None)

    def counted(self) -> Self:
        """Keep those whose hours may be part of sums about skills."""
        return self.shown_to_members().filter(counted_at__isnull=False)

    def wishing_to_be_hidden(self) -> Self:
        """Keep those who wish to be seen by nobody."""
        return self.here().filter(visibility=Person.Visibility.HIDDEN, hidden_at=None)

    def who_left(self) -> Self:
        """Keep those who are forgotten; what an organiser hid does not come back by leaving."""
        return self.filter(forgotten_at__isnull=False, hidden_at=None)

    def told_in_sums(self) -> Self:
        """Keep those whose hours are in sums that all read: seen by everybody, or forgotten."""
        return self.visible_to(AnonymousUser()) | self.who_left()

    def called(self, words: str) -> Self:
        """Keep those whose name or username has words that begin so, or look much like it."""
        key = fold(words)
        if not key:
            return self
        begins = Q(folded__startswith=key) | Q(folded__contains=f" {key}")
        found = self.filter(begins)
        return found if found.exists() else self.filter(folded__trigram_word_similar=key)

    def doing(self, skills: "models.QuerySet[Skill] | list[Skill]") -> Self:
        """Keep those who have or teach one of these skills, or one below them."""
        able = PersonSkill.objects.able().filter(skill__in=Skill.objects.within(skills))
        return self.filter(pk__in=able.values("person"))

    def belonging_to(self, affiliate: "Affiliate") -> Self:
        """Keep those whose membership of an affiliate is confirmed."""
        return self.filter(pk__in=affiliate.memberships.confirmed().values("person"))

    def in_turn(self, asker: "Person") -> Self:
        """Put the least recently asked first; of those alike, who shares a language first."""
        shared = PersonLanguage.objects.filter(
            person=OuterRef("pk"), language__in=asker.languages.values("language")
        )
        turn = F("last_asked_at").asc(nulls_first=True)
        return self.order_by(turn, Exists(shared).desc(), "pk")

    def could_be_asked(self, day: date) -> Self:
        """Keep those who take requests, do not rest about a day, and have not all they take."""
        around = DateRange(day - timedelta(days=1), day + timedelta(days=2))
        waiting = Count("asks", filter=Q(asks__answered_at=None, asks__invited=False))
        there = self.filter(may_be_asked=True).exclude(rests__period__contains=around)
        return there.alias(waiting=waiting).filter(waiting__lt=F("open_asks"))

    def wanting(self, skills: "models.QuerySet[Skill] | list[Skill]") -> Self:
        """Keep those who want to learn one of these skills, or one below them."""
        wanting = PersonSkill.objects.filter(how=PersonSkill.How.WANTS)
        wanting = wanting.filter(skill__in=Skill.objects.within(skills))
        return self.filter(pk__in=wanting.values("person"))

    def speaking(self, language: str) -> Self:
        """Keep those who speak this language."""
        return self.filter(
            pk__in=PersonLanguage.objects.filter(language=language).values("person")
        )

    def unblocked_by(self, person: "Person") -> Self:
        """Keep everybody this person has not blocked."""
        return self.exclude(pk__in=person.blocks.values("blocked"))

    def met_by(self, person: "Person") -> Self:
        """Keep the others that this person sees, or has had to do with."""
        asked = Q(pk__in=person.asks_made.values("person"))
        met = self.here().filter(asked | Q(pk__in=person.asks.values("asker")))
        return (self.visible_to(person) | met).exclude(pk=person.pk)

    def stewards_of(self, affiliate: "Affiliate") -> Self:
        """Keep those who look after the people of an affiliate."""
        return self.filter(pk__in=affiliate.memberships.stewards().values("person"))

    def sharing_with(self, affiliate: "Affiliate", day: date) -> Self:
        """Keep those who let the stewards of an affiliate see something of theirs."""
        return self.here().filter(
            pk__in=affiliate.steward_access.in_force(day).values("person")
        )

    def stewards_allowed_by(self, person: "Person", day: date) -> Self:
        """Keep the stewards who may see this person's weeks; not those they cannot meet."""
        stewards = person.steward_access.in_force(day).showing_weeks().stewards()
        allowed = self.here().filter(pk__in=stewards.values("person")).exclude(pk=person.pk)
        return allowed.unblocked_by(person).exclude(blocks__blocked=person)

    def with_card(self) -> Self:
        """Fetch what a card shows: place, languages, and the skills with their labels."""
        skills = PersonSkill.objects.able().once_each().labelled()
        return self.select_related("place").prefetch_related(
            "languages", models.Prefetch("person_skills", skills, to_attr="able_skills")
        )

    def free_username(self, wanted: str) -> str:
        """Give this username, or one like it that nobody has."""
        try:
            check_username(wanted)
        except ValidationError:
            wanted = ""
        if wanted and not self.filter(username__iexact=wanted).exists():
            return wanted
        return f"{wanted[:240] or 'Somebody'} {secrets.token_hex(3)}"


class PersonManager(UserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]  # made at run time
    """Makes accounts, and asks the reads above."""


class Person(AbstractBaseUser, PermissionsMixin):
    """A person of the movement; also the account they sign in with."""

    class Visibility(models.TextChoices):
        """Who sees this person and what they post."""

        PUBLIC = "public", _("Everybody")
        MEMBERS = "members", _("People who are signed in")
        HIDDEN = "hidden", _("Nobody")

    class Way(models.TextChoices):
        """Ways of contributing; nobody has to like them all."""

        ALONE = "alone", _("On my own")
        TOGETHER = "together", _("With others")
        WRITING = "writing", _("Writing")
        DOCUMENTING = "documenting", _("Documenting")
        TEACHING = "teaching", _("Teaching")
        ORGANISING = "organising", _("Organising")
        BUILDING = "building", _("Building")
        LISTENING = "listening", _("Listening and mediating")
        TRANSLATING = "translating", _("Translating")
        PICTURING = "picturing", _("Taking pictures and recording")

    class Contact(models.TextChoices):
        """How a person likes to be reached once something is agreed."""

        HERE = "here", _("Messages on this site")
        MAIL = "mail", _("E-mail")
        CALL = "call", _("A call")
        WIKI = "wiki", _("My talk page")

    username = models.CharField(
        _("username"),
        max_length=255,
        unique=True,
        validators=[check_username],
    )
    # What Wikimedia calls the account that was connected; it follows renames.
    wiki_name = models.CharField(_("Wikimedia account"), max_length=255, blank=True)
    name = models.CharField(_("name to show"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    about = models.TextField(_("about me"), max_length=4000, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, verbose_name=_("city")
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    language = models.CharField(
        _("language of the site and its mail"), max_length=8, default="en"
    )
    ways = ArrayField(
        models.CharField(max_length=12, choices=Way),
        verbose_name=_("ways of contributing"),
        default=list,
        blank=True,
    )
    contact = models.CharField(
        _("how to reach me"), max_length=8, choices=Contact, default=Contact.HERE
    )
    visibility = models.CharField(
        _("who sees me and what I post"),
        max_length=8,
        choices=Visibility,
        default=Visibility.PUBLIC,
    )
    may_be_asked = models.BooleanField(_("people may ask me"), default=True)
    open_asks = models.PositiveSmallIntegerField(
        _("how many asks may wait for me at once"), default=3
    )
    skills = models.ManyToManyField(Skill, through="PersonSkill", related_name="people")
    is_staff = models.BooleanField(_("may enter the desk of organisers"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    # Signed up, and has not shown yet that the address is theirs.
    unconfirmed = models.BooleanField(default=False, editable=False)
    # When the gate last let an ask through: those who waited longest are suggested first.
    last_asked_at = models.DateTimeField(null=True, editable=False)
    # Hidden by an organiser, after a report.
    hidden_at = models.DateTimeField(_("hidden"), null=True, editable=False)
    forgotten_at = models.DateTimeField(_("left"), null=True, editable=False)
    # Since when they let their hours count in the sums about skills; None: they do not.
    counted_at = models.DateTimeField(null=True, editable=False)
    # What the directory is searched in and ordered by.
    folded = models.GeneratedField(
        expression=Folded(Concat("name", Value(" "), "username")),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="person_forgotten_is_gone",
                condition=Q(forgotten_at=None)
                | Q(is_active=False, email="", name="", wiki_name=""),
            ),
            models.CheckConstraint(
                name="person_open_asks_1_to_20",
                condition=Q(open_asks__range=(1, 20)),
                violation_error_message=_("Between 1 and 20 asks may wait at once."),
            ),
        ]
        indexes = [
            models.Index(Upper("username"), name="person_username_upper"),
            GinIndex(OpClass("folded", "gin_trgm_ops"), name="person_folded"),
            GinIndex(OpClass(Upper("email"), "gin_trgm_ops"), name="person_email_trigrams"),
            models.Index(name="person_by_name", fields=["folded", "id"]),
            models.Index(name="person_at_the_desk", fields=["id"], condition=Q(is_staff=True)),
            models.Index(
                name="person_counted", fields=["id"], condition=Q(counted_at__isnull=False)
            ),
            models.Index(
                F("last_asked_at").asc(nulls_first=True), "id", name="person_by_last_asked"
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Give the name to show, else the username; nobody, for somebody who left."""
        if self.forgotten_at:
            return str(_("somebody who left"))
        return self.name or self.username

    def get_short_name(self) -> str:
        """Give the same name; we do not guess which part of it is the first."""
        return self.get_full_name()

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Say whether they may do something; who may not enter the desk may nothing there.

        So it takes no statement for everybody else.
        """
        return self.is_staff and super().has_perm(perm, obj)

    @property
    def zone(self) -> ZoneInfo:
        """Give the time zone in which this person lives."""
        return ZoneInfo(self.time_zone)

    def get_absolute_url(self) -> str:
        """Give the address of the profile; nowhere, for somebody who left."""
        if self.forgotten_at:
            return ""
        return reverse("person", args=[self.username])
