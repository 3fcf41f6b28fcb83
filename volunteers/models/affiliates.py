"""Affiliates of the movement, and who belongs to them."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.folding import fold
from volunteers.models.folded import Folded

if TYPE_CHECKING:
    from volunteers.models.people import Person


class AffiliateQuerySet(models.QuerySet["Affiliate"]):
    """Reads of affiliates."""

    def spoken_for_by(self, person: "Person") -> Self:
        """Keep those for which this person may post."""
        speaking = Membership.objects.speaking().filter(person=person)
        return self.filter(pk__in=speaking.values("affiliate"))

    def cared_for_by(self, person: "Person") -> Self:
        """Keep those whose people this person looks after."""
        caring = Membership.objects.confirmed().filter(
            person=person, role=Membership.Role.STEWARD
        )
        return self.filter(pk__in=caring.values("affiliate"))

    def joined_by(self, person: "Person") -> Self:
        """Keep those this person belongs to."""
        joined = Membership.objects.confirmed().filter(person=person)
        return self.filter(pk__in=joined.values("affiliate"))

    def called(self, words: str) -> Self:
        """Keep those with these words in their name or in the name of their city."""
        key = fold(words)
        named = Q(folded_name__contains=key) | Q(folded_city__contains=key)
        return self.alias(folded_name=Folded("name"), folded_city=Folded("place__name")).filter(
            named
        )

    def countries(self) -> list[str]:
        """List the countries these affiliates belong to."""
        codes = self.annotate(code=Func("countries", function="unnest"))
        return sorted(set(codes.values_list("code", flat=True)))

    def with_no_steward_but(self, person: "Person") -> Self:
        """Keep those that nobody else looks after."""
        others = Membership.objects.stewards().exclude(person=person)
        return self.cared_for_by(person).exclude(pk__in=others.values("affiliate"))


class Affiliate(models.Model):
    """A chapter, a user group or another body of the movement, or a partner of it."""

    class Kind(models.TextChoices):
        """What sort of body it is."""

        CHAPTER = "chapter", _("Chapter")
        USER_GROUP = "user_group", _("User group")
        THEMATIC = "thematic", _("Thematic organisation")
        HUB = "hub", _("Hub")
        INFORMAL = "informal", _("Informal group")
        PARTNER = "partner", _("Partner")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("part of its address"), unique=True, max_length=120)
    about = models.TextField(_("about"), blank=True)
    website = models.URLField(_("website"), blank=True)
    countries = ArrayField(
        models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True
    )
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("languages"), default=list, blank=True
    )
    place = models.ForeignKey(
        "Place", models.PROTECT, null=True, blank=True, verbose_name=_("city")
    )
    has_office = models.BooleanField(_("has an office"), default=False)

    objects = AffiliateQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliate")
        verbose_name_plural = _("affiliates")
        indexes = [
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="affiliate_name_trigrams")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Give the address of the affiliate's page."""
        return reverse("affiliate", args=[self.slug])


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Reads of who belongs where."""

    def confirmed(self) -> Self:
        """Keep those that a steward or an organiser has confirmed."""
        return self.filter(confirmed_at__isnull=False)

    def speaking(self) -> Self:
        """Keep those that may post for their affiliate."""
        return self.confirmed().exclude(role=Membership.Role.MEMBER)

    def stewards(self) -> Self:
        """Keep those who look after the people of their affiliate."""
        return self.confirmed().filter(role=Membership.Role.STEWARD)

    def waiting(self) -> Self:
        """Keep those that nobody has confirmed yet."""
        return self.filter(confirmed_at=None)

    def of(self, people: "models.QuerySet[Person]") -> Self:
        """Keep those of these people."""
        return self.filter(person__in=people)

    def by_affiliate(self) -> Self:
        """Order by the name of the affiliate, which it fetches."""
        return self.select_related("affiliate").order_by("affiliate__name", "pk")

    def by_name(self) -> Self:
        """Order by the name of the person, whom it fetches."""
        return self.select_related("person").order_by("person__folded", "pk")


class Membership(models.Model):
    """One person in one affiliate."""

    class Role(models.TextChoices):
        """What a person may do for the affiliate."""

        MEMBER = "member", _("Member")
        EDITOR = "editor", _("Posts for it")
        STEWARD = "steward", _("Steward")

    person = models.ForeignKey(
        "Person", models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    affiliate = models.ForeignKey(
        Affiliate, models.CASCADE, related_name="memberships", verbose_name=_("affiliate")
    )
    role = models.CharField(_("role"), max_length=8, choices=Role, default=Role.MEMBER)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                name="membership_one_per_pair",
                fields=["person", "affiliate"],
                violation_error_message=_("You belong to this affiliate already."),
            ),
            models.CheckConstraint(
                name="membership_speaks_when_confirmed",
                condition=Q(role="member") | Q(confirmed_at__isnull=False),
                violation_error_message=_("Somebody has to confirm this membership first."),
            ),
        ]

    def __str__(self) -> str:
        names = {"person": self.person, "affiliate": self.affiliate}
        return str(_("%(person)s in %(affiliate)s") % names)
