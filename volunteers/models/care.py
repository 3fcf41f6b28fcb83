"""What people let the stewards of an affiliate see, and who of them looked."""

from datetime import date, datetime, timedelta
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from volunteers.models.affiliates import Affiliate, Membership, MembershipQuerySet
from volunteers.models.bandwidth import Lasting, not_empty
from volunteers.models.people import Person


class Suggestion(models.TextChoices):
    """What a steward can suggest to somebody who has much on their plate."""

    REST = "rest", _("Suggest a rest")
    PASS_ON = "pass_on", _("Suggest passing something on")


class StewardAccessQuerySet(models.QuerySet["StewardAccess"]):
    """Reads of who lets which stewards see what; what is taken back is in none but `all`."""

    def live(self) -> Self:
        """Keep what nobody has taken back, whether its days have come or not."""
        return self.filter(revoked_at=None)

    def in_force(self, day: date) -> Self:
        """Keep what holds on this day: the only place that decides what stewards may see."""
        return self.given().filter(period__contains=day)

    def given(self) -> Self:
        """Keep what is live and given by a member, in force today or from a later day on.

        Whoever leaves an affiliate and comes back has to share anew.
        """
        belongs = Membership.objects.filter(
            person=OuterRef("person"),
            affiliate=OuterRef("affiliate"),
            confirmed_at__lte=OuterRef("granted_at"),
        )
        return self.live().filter(Exists(belongs))

    def not_over(self, day: date) -> Self:
        """Keep what has not come to its end."""
        return self.filter(Q(period__upper_inf=True) | Q(period__endswith__gt=day))

    def over(self, day: date) -> Self:
        """Keep what was taken back or has come to its end, the newest first."""
        gone = Q(revoked_at__isnull=False) | Q(period__endswith__lte=day)
        return self.filter(gone).order_by("-granted_at", "-pk")

    def taken_back_since(self, moment: datetime) -> Self:
        """Keep what was taken back after a moment, of each affiliate only the latest."""
        later = self.filter(affiliate=OuterRef("affiliate"), person=OuterRef("person"))
        later = later.filter(pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later), revoked_at__gt=moment)

    def to(self, affiliate: Affiliate) -> Self:
        """Keep what the stewards of this affiliate may see."""
        return self.filter(affiliate=affiliate)

    def seen_by(self, steward: Person) -> Self:
        """Keep those of people whom this steward can meet, by name.

        Who is hidden from everybody is among them: they have chosen to be seen here.
        """
        people = Person.objects.unblocked_by(steward).exclude(blocks__blocked=steward)
        return (
            self.of_people_here()
            .filter(person__in=people)
            .select_related("person")
            .order_by("person__folded", "pk")
        )

    def of_people_here(self) -> Self:
        """Keep those of people who are here, and whom organisers have not hidden."""
        return self.filter(person__in=Person.objects.here().filter(hidden_at=None))

    def showing_weeks(self) -> Self:
        """Keep what lets them see the weeks: capacity, load and rest."""
        return self.filter(weeks=True)

    def stewards(self) -> MembershipQuerySet:
        """Give the memberships of those who look after the people of these affiliates."""
        return Membership.objects.stewards().filter(affiliate__in=self.values("affiliate"))

    def revoke(self, at: datetime) -> int:
        """Take back what is live, at once; say how many."""
        # A clock that is behind must not keep anybody from it.
        return self.live().update(revoked_at=Greatest(F("granted_at"), at))


class StewardAccess(Lasting):
    """A person lets the stewards of one affiliate see how they are loaded.

    A row never changes: whoever shares something else takes it back and gives anew, so that
    the rows are the history, which only the person reads.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="steward_access")
    affiliate = models.ForeignKey(Affiliate, models.CASCADE, related_name="steward_access")
    weeks = models.BooleanField(_("my weeks: hours, load and rest"), default=True)
    check_ins = models.BooleanField(_("what I answer at check-ins"), default=False)
    costs = models.BooleanField(
        _("what I gave for the affiliate, and what it cost me"), default=False, db_default=False
    )
    period = DateRangeField(_("period"))
    granted_at = models.DateTimeField(_("shared"))
    revoked_at = models.DateTimeField(_("taken back"), null=True)

    objects = StewardAccessQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "steward access"
        constraints = [
            models.UniqueConstraint(
                name="steward_access_one_live_per_person_and_affiliate",
                fields=["person", "affiliate"],
                condition=Q(revoked_at=None),
            ),
            not_empty("steward_access_period_not_empty"),
            models.CheckConstraint(
                name="steward_access_shows_something",
                condition=Q(weeks=True) | Q(check_ins=True) | Q(costs=True),
                violation_error_message=_("Choose at least one thing to share."),
            ),
            models.CheckConstraint(
                name="steward_access_revoked_after_granted",
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("granted_at")),
            ),
        ]
        indexes = [
            models.Index(
                name="steward_access_live",
                fields=["affiliate", "person"],
                condition=Q(revoked_at=None),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="steward_access_of_a_member",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                # The affiliate first, as whoever ends a membership locks it.
                func="""
                    PERFORM FROM volunteers_affiliate
                    WHERE id = NEW.affiliate_id FOR KEY SHARE;
                    PERFORM FROM volunteers_membership
                    WHERE person_id = NEW.person_id AND affiliate_id = NEW.affiliate_id
                    AND confirmed_at <= NEW.granted_at FOR SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'steward_access_of_a_member'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="steward_access_stays",
                operation=pgtrigger.UpdateOf(
                    *("person_id", "affiliate_id", "weeks", "check_ins", "costs"),
                    *("period", "granted_at"),
                ),
            ),
            pgtrigger.Protect(
                name="steward_access_revoked_stays_revoked",
                operation=pgtrigger.UpdateOf("revoked_at"),
                condition=pgtrigger.Q(old__revoked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"steward access {self.pk}"


class SharingInvitation(models.Model):
    """A steward asked a member, kindly, to share; what came of it is written nowhere."""

    PAUSE = timedelta(days=90)

    person = models.ForeignKey(Person, models.CASCADE, related_name="sharing_invitations")
    affiliate = models.ForeignKey(Affiliate, models.CASCADE, related_name="+")
    # From the moment it was written until the next one may be.
    quiet = DateTimeRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="sharing_invitation_once_in_a_while",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("quiet", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"sharing invitation {self.pk}"


class LookQuerySet(models.QuerySet["Look"]):
    """Reads of which steward saw whose weeks."""

    def of(self, person: Person, day: date) -> Self:
        """Keep what this person may read about themselves, the newest first."""
        kept = self.filter(person=person, day__gte=day - Look.KEPT)
        return kept.select_related("steward", "affiliate").order_by("-day", "-pk")

    def outdated(self, day: date) -> Self:
        """Keep what is to be forgotten."""
        return self.filter(day__lt=day - Look.KEPT)


class Look(models.Model):
    """A steward saw on this day what a person shares; once a day is enough to know."""

    KEPT = timedelta(days=90)

    person = models.ForeignKey(Person, models.CASCADE, related_name="looks", db_index=False)
    steward = models.ForeignKey(Person, models.CASCADE, related_name="looks_taken")
    affiliate = models.ForeignKey(Affiliate, models.CASCADE, related_name="+")
    day = models.DateField(_("day"), db_index=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="look_once_a_day", fields=["person", "day", "steward", "affiliate"]
            ),
            models.CheckConstraint(
                name="look_at_somebody_else", condition=~Q(person=F("steward"))
            ),
        ]

    def __str__(self) -> str:
        return f"look {self.pk}"
