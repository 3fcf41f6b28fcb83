"""Open calls: a request that is put to all who can do it and have room; the first takes it.

A call may be addressed to the people of one affiliate; it can be opened to all, and never the
other way round.
"""

from datetime import date, datetime, timedelta
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from exchange.models.listings import Listing
from volunteers.models import Affiliate, Person


class OpenCallQuerySet(models.QuerySet["OpenCall"]):
    """Reads of open calls."""

    def open(self) -> Self:
        """Keep those that wait for somebody."""
        return self.filter(state=OpenCall.State.OPEN)

    def due(self, now: datetime) -> Self:
        """Keep those whose next letters are to be written."""
        return self.open().filter(next_letters_at__lte=now)

    def ending_before(self, day: date) -> Self:
        """Keep those that nobody took until their day."""
        return self.open().filter(reply_by__lt=day)

    def readable_by(self, person: Person) -> Self:
        """Keep one's own, and those one was written to about, of people one sees."""
        written = CallLetter.objects.filter(person=person).values("call")
        seen = Q(pk__in=written, listing__author__in=Person.objects.visible_to(person))
        shown = Q(listing__author=person) | seen & Q(listing__hidden_at=None)
        return self.filter(shown).select_related(
            "listing__author", "listing__affiliate", "addressed_to"
        )


class OpenCall(Stateful):
    """A request of somebody's, put to all who can do it, until a day or until one takes it."""

    class State(models.TextChoices):
        """The life of an open call."""

        OPEN = "open", _("Open")
        TAKEN = "taken", _("Somebody helps")
        LAPSED = "lapsed", _("Over")
        STOPPED = "stopped", _("Stopped")

    MOVES: ClassVar = {
        State.OPEN: {State.TAKEN, State.LAPSED, State.STOPPED},
        State.TAKEN: set(),
        State.LAPSED: set(),
        State.STOPPED: set(),
    }

    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    listing = models.ForeignKey(Listing, models.CASCADE, related_name="calls")
    # Whose people alone hear of it; nothing means all who can do it.
    addressed_to = models.ForeignKey(
        Affiliate, models.PROTECT, null=True, related_name="calls_to_its_people"
    )
    reply_by = models.DateField(_("reply by"))
    begun_at = models.DateTimeField()
    next_letters_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = OpenCallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="call_one_open_per_listing",
                fields=["listing"],
                condition=Q(state="open"),
                violation_error_message=_("Everybody is being asked already."),
            ),
            models.CheckConstraint(
                name="call_ended_when_over",
                condition=Q(state="open", ended_at=None)
                | (~Q(state="open") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="call_due", fields=["next_letters_at"], condition=Q(state="open"))
        ]
        triggers = [
            pgtrigger.Trigger(
                name="call_opens_to_all_and_never_narrows",
                operation=pgtrigger.UpdateOf("addressed_to_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(
                    new__addressed_to__isnull=False,
                    new__addressed_to__df=pgtrigger.F("old__addressed_to"),
                ),
                func="""
                    RAISE EXCEPTION 'call_opens_to_all_and_never_narrows'
                        USING ERRCODE = 'check_violation';
                """,
            )
        ]

    def __str__(self) -> str:
        return f"open call {self.pk}"

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("exchange:open_call", args=[self.pk])


class CallLetterQuerySet(models.QuerySet["CallLetter"]):
    """Reads of who was written to."""

    def written_enough(self, now: datetime) -> list[int]:
        """List the people who had as many letters this week as anybody gets."""
        lately = self.filter(written_at__gt=now - CallLetter.A_WEEK)
        often = lately.values("person").annotate(n=Count("pk")).filter(n__gte=CallLetter.MOST)
        return list(often.values_list("person", flat=True))

    def heard_before(self, call: OpenCall) -> Self:
        """Keep those about the request of a call, whomever it was put to."""
        return self.filter(call__listing=call.listing_id)

    def outdated(self, now: datetime) -> Self:
        """Keep what is to be forgotten: about what was not asked any more for a month."""
        lately = Q(ended_at=None) | Q(ended_at__gt=now - CallLetter.KEPT)
        asked = OpenCall.objects.filter(lately, listing=OuterRef("call__listing"))
        return self.filter(~Exists(asked))


class CallLetter(models.Model):
    """That somebody was written to about an open call; the caller never learns of it."""

    A_WEEK = timedelta(days=7)
    KEPT = timedelta(days=30)
    MOST = 2

    call = models.ForeignKey(OpenCall, models.CASCADE, related_name="letters")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    written_at = models.DateTimeField()

    objects = CallLetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="call_letter_once", fields=["call", "person"])
        ]
        indexes = [models.Index(name="call_letter_lately", fields=["written_at", "person"])]
        triggers = [
            pgtrigger.Trigger(
                name="call_letter_to_those_it_is_addressed_to",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (
                        SELECT FROM exchange_opencall c
                        WHERE c.id = NEW.call_id AND c.addressed_to_id IS NOT NULL
                        AND NOT EXISTS (
                            SELECT FROM volunteers_membership m
                            WHERE m.affiliate_id = c.addressed_to_id
                            AND m.person_id = NEW.person_id AND m.confirmed_at IS NOT NULL
                        )
                    ) THEN
                        RAISE EXCEPTION 'call_letter_to_those_it_is_addressed_to'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"letter {self.pk}"
