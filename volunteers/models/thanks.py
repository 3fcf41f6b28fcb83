"""Thank-yous: words from one side of something to the other, never counted."""

from typing import Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from volunteers.models.affiliates import Affiliate
from volunteers.models.people import Person

# In UTC, for an index wants days that are equally long in every zone.
THIRTY_DAYS = (
    "tsrange(timezone('UTC', %(expressions)s), "
    "timezone('UTC', %(expressions)s) + interval '30 days')"
)


class ThanksQuerySet(models.QuerySet["Thanks"]):
    """Reads of thank-yous."""

    def shown(self) -> Self:
        """Keep those that both sides wish to show."""
        return self.filter(giver_shows=True, receiver_shows=True)

    def to_be_read_by(self, viewer: Person | AnonymousUser) -> Self:
        """Keep those of people this viewer sees, or who left, the newest first."""
        return self.seen_on("giver", viewer).newest()

    def received_by(self, person: Person) -> Self:
        """Keep what somebody received and may read, the newest first."""
        return self.filter(receiver=person).to_be_read_by(person)

    def given_by(self, person: Person) -> Self:
        """Keep what somebody wrote to those they see, or who left, the newest first."""
        return self.filter(giver=person).seen_on("receiver", person).newest()

    def seen_on(self, side: str, viewer: Person | AnonymousUser) -> Self:
        """Keep those in which this viewer sees whoever is on a side, or who has left."""
        seen = Q(**{f"{side}__in": Person.objects.visible_to(viewer)})
        return self.filter(seen | Q(**{f"{side}__in": Person.objects.who_left()}))

    def between(self, person: Person) -> Self:
        """Keep those that somebody received or gave."""
        return self.filter(Q(receiver=person) | Q(giver=person))

    def newest(self) -> Self:
        """Put the newest first, with those whom a page names."""
        rows = self.select_related("giver", "receiver", "affiliate")
        return rows.order_by("-created_at", "-pk")

    def last_heard(self) -> Subquery:
        """Say, in a query of people, when each last heard a thank-you; null for never.

        `Person.objects.annotate(last_heard_at=Thanks.objects.last_heard())`
        """
        heard = self.filter(receiver=OuterRef("pk")).order_by("-created_at")
        return Subquery(heard.values("created_at")[:1])


class Thanks(models.Model):
    """One thank-you about one exchange or journey, or on behalf of an affiliate."""

    giver = models.ForeignKey(Person, models.CASCADE, related_name="thanks_given")
    receiver = models.ForeignKey(Person, models.CASCADE, related_name="thanks_received")
    # For whom its giver speaks: a steward may thank on behalf of an affiliate.
    affiliate = models.ForeignKey(
        Affiliate,
        models.PROTECT,
        null=True,
        related_name="thanks",
        verbose_name=_("on behalf of"),
    )
    key = models.CharField(max_length=100, help_text="What it is about, such as exchange:12.")
    about = models.CharField(max_length=200, blank=True)
    words = models.TextField(_("words"), max_length=2000)
    giver_shows = models.BooleanField(_("this may be shown on their page"), default=False)
    receiver_shows = models.BooleanField(_("show this on my page"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ThanksQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "thanks"
        constraints = [
            models.UniqueConstraint(name="thanks_one_per_side", fields=["giver", "key"]),
            models.CheckConstraint(
                name="thanks_to_somebody_else", condition=~Q(giver=F("receiver"))
            ),
            ExclusionConstraint(
                name="thanks_for_an_affiliate_once_in_30_days",
                expressions=[
                    ("giver", RangeOperators.EQUAL),
                    ("receiver", RangeOperators.EQUAL),
                    ("affiliate", RangeOperators.EQUAL),
                    (
                        Func(
                            F("created_at"),
                            template=THIRTY_DAYS,
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(affiliate__isnull=False),
            ),
        ]
        indexes = [models.Index(name="thanks_last_heard", fields=["receiver", "-created_at"])]
        triggers = [
            pgtrigger.Trigger(
                name="thanks_for_an_affiliate_by_its_steward",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("affiliate_id", "giver_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__affiliate__isnull=False),
                # The affiliate first, as whoever dismisses a steward locks it.
                func="""
                    PERFORM FROM volunteers_affiliate
                    WHERE id = NEW.affiliate_id FOR KEY SHARE;
                    PERFORM FROM volunteers_membership
                    WHERE person_id = NEW.giver_id AND affiliate_id = NEW.affiliate_id
                    AND role = 'steward' AND confirmed_at IS NOT NULL FOR SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'thanks_for_an_affiliate_by_its_steward'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"thanks {self.pk}"

    def get_absolute_url(self) -> str:
        """Give its address among the thank-yous of whoever received it."""
        return f"{reverse('volunteers:my_thanks')}#thanks-{self.pk}"

    @property
    def exchange_url(self) -> str:
        """Give the address of the exchange it is about; nothing, for any other."""
        about, _colon, number = self.key.partition(":")
        return reverse("exchange:exchange", args=[number]) if about == "exchange" else ""

    @property
    def notice_key(self) -> str:
        """Name the notice that hands it over."""
        return f"thanked:{self.pk}"
