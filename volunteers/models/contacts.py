"""Who stands for the contacts of an affiliate's system, and who is in no file of it."""

from typing import Self

from django.db import models

from volunteers.models.affiliates import Affiliate, Membership
from volunteers.models.people import Person, PersonQuerySet

# How a contact without a number of its own is remembered (`volunteers/imports/lines.py`).
MARK = "^#[0-9a-f]{32}$"


class ImportRefusalQuerySet(models.QuerySet["ImportRefusal"]):
    """Reads of who takes no hours from which files."""

    def takers(self, affiliate: int, viewer: Person) -> PersonQuerySet:
        """Give whom files of an affiliate may be about as one of its stewards sees: in and out.

        One rule for what is brought and what is taken out, or their difference would tell who
        has blocked the steward; so those who refuse are in neither, too.
        """
        members = Membership.objects.confirmed().filter(affiliate=affiliate)
        met = Person.objects.visible_to(viewer).unblocked_by(viewer)
        met = met.exclude(blocks__blocked=viewer).filter(pk__in=members.values("person"))
        taking: PersonQuerySet = met.exclude(
            pk__in=self.filter(affiliate=affiliate).values("person")
        )
        return taking


class ImportRefusal(models.Model):
    """Somebody takes no hours from the files of an affiliate."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="import_refusals")
    affiliate = models.ForeignKey(Affiliate, models.CASCADE, related_name="import_refusals")

    objects = ImportRefusalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="import_refusal_one_per_pair", fields=["person", "affiliate"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} takes none from {self.affiliate}"


class ImportMatchQuerySet(models.QuerySet["ImportMatch"]):
    """Reads of who stands for which contact."""

    def of_affiliate(self, affiliate: Affiliate, viewer: Person) -> Self:
        """Keep the numbers of its system that a steward may take out: of whom files may be."""
        seen = ImportRefusal.objects.takers(affiliate.pk, viewer)
        numbered = self.filter(affiliate=affiliate).exclude(contact__regex=MARK)
        return numbered.filter(person__in=seen)


class ImportMatch(models.Model):
    """Who stands for a contact of an affiliate's system: the next file knows it."""

    affiliate = models.ForeignKey(Affiliate, models.CASCADE, related_name="import_matches")
    contact = models.CharField(max_length=60)
    person = models.ForeignKey(Person, models.CASCADE, related_name="import_matches")

    objects = ImportMatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="import_match_one_per_contact", fields=["affiliate", "contact"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} is {self.person}"
