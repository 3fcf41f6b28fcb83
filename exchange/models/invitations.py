"""Invitations: whoever teaches something asks somebody who wants to learn it to come."""

from datetime import datetime
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from exchange.models.exchanges import SEATED, Exchange
from exchange.models.listings import Listing, ListingQuerySet
from volunteers.models import Ask, Block, Person, Rest
from volunteers.models.asks import gone_settles_its_ask


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads of invitations."""

    def open(self) -> Self:
        """Keep those that wait for an answer."""
        return self.filter(state=Invitation.State.WAITING)

    def unsettled(self) -> Self:
        """Keep those whose ask still takes room: unanswered, or a no, which looks the same."""
        return self.filter(ask__answered_at=None)

    def waiting_for(self, person: Person) -> Self:
        """Keep those that wait for this person, to trainings to which they can still come."""
        return self.open().filter(~_leads_nowhere(), person=person)

    def readable_by(self, person: Person) -> Self:
        """Keep those to this person, whatever became of the training."""
        return self.filter(person=person)

    def as_shown(self) -> Self:
        """Read who invites to what along with each."""
        return self.select_related("listing__author", "listing__affiliate", "listing__place")

    def told_to(self, author: Person) -> Self:
        """Add who it is, and `joined`: whether they have a seat; never what they answered."""
        seats = Exchange.objects.filter(
            listing=OuterRef("listing"), counterpart=OuterRef("person"), state__in=SEATED
        )
        seen = self.filter(person__in=Person.objects.visible_to(author))
        shown = seen.select_related("person").annotate(joined=Exists(seats))
        return shown.order_by("-invited_at", "-pk")

    def sent_since(self, moment: datetime) -> Self:
        """Keep those whose ask has taken room since this moment or longer."""
        return self.unsettled().filter(invited_at__lte=moment)

    def in_vain(self) -> Self:
        """Keep those whose ask takes room although nobody could come, or wants to from them.

        A block of the author's ends none: it would be told from their rest by that.
        """
        blocks = Block.objects.filter(person=OuterRef("person"))
        blocked = Exists(blocks.filter(blocked=OuterRef("listing__author")))
        return self.unsettled().filter(_leads_nowhere() | Q(blocked))


def _leads_nowhere() -> Q:
    """Tell where the training is not open, or its author takes no requests of anybody."""
    gone = ~Q(listing__state=Listing.State.OPEN) | Q(listing__hidden_at__isnull=False)
    alone = Rest.objects.alone().values("person")
    there = Person.objects.shown_to_members().filter(may_be_asked=True).exclude(pk__in=alone)
    return gone | ~Q(listing__author__in=there.values("pk"))


class Invitation(Stateful):
    """One person who teaches something asks one who wants to learn it, once, to come."""

    class State(models.TextChoices):
        """The life of an invitation."""

        WAITING = "waiting", _("Invited")
        JOINED = "joined", _("Joined")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Over")

    MOVES: ClassVar = {
        State.WAITING: {State.JOINED, State.DECLINED, State.LAPSED},
        State.JOINED: set(),
        State.DECLINED: set(),
        State.LAPSED: set(),
    }

    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    listing = models.ForeignKey(Listing, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, models.CASCADE, related_name="invitations")
    # What the gate let through.
    ask = models.OneToOneField(Ask, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="invitation_once", fields=["listing", "person"]),
            models.CheckConstraint(
                name="invitation_ended_when_over",
                condition=Q(state="waiting", ended_at=None)
                | ~Q(state="waiting") & Q(ended_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="invitation_between_those_of_its_ask",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("ask_id", "listing_id", "person_id"),
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM volunteers_ask AS ask
                        JOIN exchange_listing AS listing ON listing.author_id = ask.asker_id
                        WHERE ask.id = NEW.ask_id AND listing.id = NEW.listing_id
                        AND ask.person_id = NEW.person_id
                    ) THEN
                        RAISE EXCEPTION 'invitation_between_those_of_its_ask'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            gone_settles_its_ask("invitation_gone_settles_its_ask"),
        ]
        indexes = [
            models.Index(
                name="invitation_waits", fields=["invited_at"], condition=Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def get_absolute_url(self) -> str:
        """Give the address of its page, for who is invited."""
        return reverse("exchange:invitation", args=[self.pk])


def trainings_of(person: Person) -> ListingQuerySet:
    """Keep the open trainings that this person offers."""
    mine = Listing.objects.open().filter(author=person)
    return mine.filter(kind=Listing.Kind.OFFER, of=Listing.Of.TRAINING)
