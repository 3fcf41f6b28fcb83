"""Hand-overs: somebody asks somebody else to take on what they cannot keep."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from exchange.models.exchanges import Exchange, ExchangeQuerySet
from exchange.models.listings import Listing
from volunteers.load import HOUR
from volunteers.models import Ask, Block, Commitment, Person
from volunteers.models.asks import gone_settles_its_ask
from volunteers.models.people import PersonQuerySet

ON_ITS_WAY = ["offered", "waiting"]
# Of an exchange that ended so, nothing is left that could pass to somebody else.
OVER_AND_DONE = [Exchange.State.DONE, Exchange.State.CLOSED, Exchange.State.EXPIRED]


class HandOverQuerySet(models.QuerySet["HandOver"]):
    """Reads of hand-overs."""

    def on_its_way(self) -> Self:
        """Keep those that are not decided yet."""
        return self.filter(state__in=ON_ITS_WAY)

    def between(self, person: Person) -> Self:
        """Keep those that this person gives or is asked to take."""
        return self.filter(Q(giver=person) | Q(taker=person))

    def offered_to(self, person: Person) -> Self:
        """Keep those that wait for this person's answer."""
        return self.filter(taker=person, state=HandOver.State.OFFERED)

    def offered_since(self, moment: datetime) -> Self:
        """Keep those that have waited for the taker since this moment or longer."""
        return self.filter(state=HandOver.State.OFFERED, offered_at__lte=moment)

    def in_vain(self, day: date) -> Self:
        """Keep those that wait for the taker about what time alone has ended by this day."""
        return self.filter(state=HandOver.State.OFFERED, commitment__period__endswith__lte=day)

    def gone_since(self, moment: datetime) -> Self:
        """Keep those whose thing has ended, since this moment, before the taker answered."""
        gone = self.filter(state=HandOver.State.GONE, ended_at__gte=moment)
        return gone.filter(successor=None)

    def outlived(self) -> Self:
        """Keep those that wait for who is helped about what is over and done."""
        over = Q(exchange__state__in=OVER_AND_DONE) | Q(exchange__happened_at__isnull=False)
        return self.filter(over, state=HandOver.State.WAITING)

    def undecided_since(self, moment: datetime) -> Self:
        """Keep those that have waited for who is helped since this moment or longer."""
        return self.filter(state=HandOver.State.WAITING, answered_at__lte=moment)

    def in_full(self) -> Self:
        """Read who and what it is about along with each."""
        return self.select_related(
            *("ask", "giver", "taker", "commitment", "successor"),
            *("exchange__listing", "exchange__receiver"),
        )


class HandOver(Stateful):
    """One person asks another to take on one thing; until somebody has, it stays as it was."""

    class State(models.TextChoices):
        """The life of a hand-over."""

        OFFERED = "offered", _("Asked")
        WAITING = "waiting", _("Waits for who is helped")
        TAKEN = "taken", _("Taken over")
        KEPT = "kept", _("Stays as it was")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        # Triggers move it here with the thing's end (migration 0006); the clock, once somebody
        # has said yes and waits for who is helped.
        GONE = "gone", _("No longer needed")

    MOVES: ClassVar = {
        State.OFFERED: {
            *(State.WAITING, State.TAKEN),
            *(State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.GONE),
        },
        State.WAITING: {State.TAKEN, State.KEPT, State.WITHDRAWN, State.GONE},
        State.TAKEN: set(),
        State.KEPT: set(),
        State.DECLINED: set(),
        State.EXPIRED: set(),
        State.WITHDRAWN: set(),
        State.GONE: set(),
    }

    state = models.CharField(max_length=9, choices=State, default=State.OFFERED)
    exchange = models.ForeignKey(Exchange, models.PROTECT, null=True, related_name="hand_overs")
    commitment = models.ForeignKey(
        Commitment, models.CASCADE, null=True, related_name="hand_overs"
    )
    giver = models.ForeignKey(Person, models.PROTECT, related_name="+")
    taker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # What the gate let through.
    ask = models.OneToOneField(Ask, models.PROTECT, related_name="+")
    # The exchange that takes the place of the old one when who is helped says yes.
    successor = models.OneToOneField(
        Exchange, models.PROTECT, null=True, related_name="hand_over"
    )
    words = models.TextField(max_length=500, blank=True)
    offered_at = models.DateTimeField()
    # Where it had begun: the taker's first day, and what was done before by whoever helped.
    divided_day = models.DateField(null=True, editable=False)
    minutes_before = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    answered_at = models.DateTimeField(null=True, help_text="When the taker said yes or no.")
    ended_at = models.DateTimeField(null=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hand_over_of_one_thing",
                condition=Q(exchange__isnull=False, commitment=None)
                | Q(exchange=None, commitment__isnull=False),
            ),
            models.UniqueConstraint(
                name="hand_over_one_on_its_way_per_exchange",
                fields=["exchange"],
                condition=Q(state__in=ON_ITS_WAY),
            ),
            models.UniqueConstraint(
                name="hand_over_one_on_its_way_per_commitment",
                fields=["commitment"],
                condition=Q(state__in=ON_ITS_WAY),
            ),
            models.CheckConstraint(
                name="hand_over_between_two", condition=~Q(giver=F("taker"))
            ),
            models.CheckConstraint(
                name="hand_over_waits_with_a_successor",
                condition=~Q(state="waiting") | Q(successor__isnull=False),
            ),
            models.CheckConstraint(
                name="hand_over_ended_when_over",
                condition=Q(state__in=ON_ITS_WAY, ended_at=None)
                | ~Q(state__in=ON_ITS_WAY) & Q(ended_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="hand_over_between_those_of_its_ask",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("ask_id", "giver_id", "taker_id"),
                when=pgtrigger.Before,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM volunteers_ask WHERE id = NEW.ask_id
                        AND asker_id = NEW.giver_id AND person_id = NEW.taker_id
                    ) THEN
                        RAISE EXCEPTION 'hand_over_between_those_of_its_ask'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            # It goes with the commitment.
            gone_settles_its_ask("hand_over_gone_settles_its_ask"),
        ]
        indexes = [
            models.Index(
                name="hand_over_on_its_way",
                fields=["offered_at"],
                condition=Q(state__in=ON_ITS_WAY),
            )
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("exchange:handed", args=[self.pk])

    @property
    def hours_before(self) -> Decimal:
        """Give the hours that were done before it passed on."""
        return Decimal(self.minutes_before) / HOUR

    @property
    def goes_on(self) -> bool:
        """Say whether what was to pass on still goes on, or does again."""
        if self.commitment:
            return self.commitment.state in (Commitment.State.PLANNED, Commitment.State.RUNNING)
        former = self.exchange
        return bool(
            former and former.state == Exchange.State.AGREED and former.happened_at is None
        )

    @property
    def what(self) -> str:
        """Name what is handed over."""
        if self.exchange:
            return self.exchange.listing.title
        return self.commitment.what if self.commitment else ""


def keepable(person: Person) -> ExchangeQuerySet:
    """Keep the exchanges in which this person helps, that go on, and that can be passed on.

    A training is for all who come: nobody passes on one seat of it.
    """
    seat = Q(listing__of=Listing.Of.TRAINING, listing__kind=Listing.Kind.OFFER)
    agreed = Exchange.objects.filter(state=Exchange.State.AGREED, provider=person)
    return agreed.filter(~seat, happened_at=None)


def unblocked(people: PersonQuerySet, other: Person) -> PersonQuerySet:
    """Leave out those who do not wish to meet somebody, and those whom they do not."""
    shut = Block.objects.filter(
        Q(person=OuterRef("pk"), blocked=other) | Q(person=other, blocked=OuterRef("pk"))
    )
    return people.exclude(Exists(shut))
