"""Exchanges: what two sides say, agree on, do, and thank for."""

from datetime import date, datetime, timedelta
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from exchange.models.conversations import Event
from exchange.models.listings import Listing
from exchange.models.money import Side
from volunteers.models import Affiliate, Ask, Block, Person

OVER = ["closed", "declined", "withdrawn", "expired", "not_done"]
SEATED = ["agreed", "done", "closed"]
# What is a seat of a training, and not something that two agree on.
A_SEAT = Q(listing__of=Listing.Of.TRAINING, listing__kind=Listing.Kind.OFFER)
# A check that comes out as unknown lets the row pass, so that not null has to be said.
HAPPENED = {
    side: {f"{side}_happened__isnull": False, f"{side}_happened": True} for side in Side.values
}
THREAD_STAYS = timedelta(days=30)
SAID_DIFFERENTLY = Q(provider_happened=True, receiver_happened=False) | Q(
    provider_happened=False, receiver_happened=True
)


def speaks_for(affiliate: Affiliate, person: str, exchange: str = "") -> Q:
    """Say that one side of an exchange acts in the name of an affiliate, not the other alone.

    `person` and `exchange` are where these stand, seen from the rows that are asked for.
    """
    listed = {"listing__author": F(person), "listing__affiliate": affiliate}
    answered = {"counterpart": F(person), "counterpart_affiliate": affiliate}
    ways = [
        {f"{exchange}{name}": one for name, one in way.items()} for way in (listed, answered)
    ]
    return Q(**ways[0]) | Q(**ways[1])


class ExchangeQuerySet(models.QuerySet["Exchange"]):
    """Reads of exchanges."""

    def involving(self, person: Person) -> Self:
        """Keep those that this person is a side of."""
        return self.filter(Q(provider=person) | Q(receiver=person))

    def asked_of(self, person: Person) -> Self:
        """Keep those in which this person wrote the listing and was asked."""
        return self.involving(person).exclude(counterpart=person)

    def done_since(self, moment: datetime) -> Self:
        """Keep what is done since this moment or longer, and not closed."""
        return self.filter(state=Exchange.State.DONE, done_at__lte=moment)

    def withdrawable_by(self, person: Person) -> Self:
        """Keep what this person can let go of: their own ask, and what was agreed."""
        own_ask = Q(state=Exchange.State.ASKED, counterpart=person)
        return self.involving(person).filter(own_ask | Q(state=Exchange.State.AGREED))

    def thankable_by(self, person: Person) -> Self:
        """Keep what is done, and for which this person has not said thanks, ever."""
        thanked = Event.objects.filter(
            exchange=OuterRef("pk"), person=person, verb=Event.Verb.THANKED
        )
        done = self.filter(state__in=[Exchange.State.DONE, Exchange.State.CLOSED])
        return done.involving(person).exclude(Exists(thanked))

    def helping(self, affiliate: Affiliate) -> Self:
        """Keep what was done for an affiliate: somebody who speaks for it was helped."""
        listed = Q(listing__affiliate=affiliate, provider=F("counterpart"))
        answered = Q(counterpart_affiliate=affiliate, receiver=F("counterpart"))
        return self.filter(listed | answered, state__in=["done", "closed"])

    def concerning(self, affiliate: Affiliate) -> Self:
        """Keep those in which one side speaks for this affiliate."""
        listed, answered = Q(listing__affiliate=affiliate), Q(counterpart_affiliate=affiliate)
        return self.filter(listed | answered)

    def live(self) -> Self:
        """Keep what still goes on."""
        return self.filter(state__in=Exchange.LIVE)

    def in_the_way(self) -> Self:
        """Keep what keeps the same person from answering the same listing once more.

        Whoever was at a training can come to its next run, whether or not the last is settled.
        """
        return self.live().exclude(A_SEAT & Q(run__lt=F("listing__run")))

    def negotiable(self) -> Self:
        """Keep those whose terms can still change; those of a training are for all seats."""
        return self.live().filter(~A_SEAT, happened_at=None)

    def unanswered(self) -> Self:
        """Keep the asks that nobody has answered yet."""
        return self.filter(state=Exchange.State.ASKED, answered_at=None)

    def unanswered_since(self, moment: datetime) -> Self:
        """Keep the asks that wait since this moment or longer."""
        return self.unanswered().filter(asked_at__lte=moment)

    def talking(self, at: datetime) -> Self:
        """Keep those whose conversation goes on; after the end it stays open for a month."""
        lately = Q(ended_at=None) | Q(ended_at__gte=at - THREAD_STAYS)
        return self.within_reach().filter(lately)

    def within_reach(self) -> Self:
        """Leave out those who have left, and where one of both wants to hear no more."""
        one, other = OuterRef("provider"), OuterRef("receiver")
        shut = Block.objects.filter(Q(person=one, blocked=other) | Q(person=other, blocked=one))
        here = Q(provider__is_active=True, receiver__is_active=True)
        return self.filter(here).exclude(Exists(shut))

    def with_people(self) -> Self:
        """Read who and what it is about along with each exchange."""
        return self.select_related(
            *("ask", "listing__affiliate", "provider", "receiver", "counterpart_affiliate"),
            "hand_over",
        )

    def waiting_for(self, person: Person, day: date) -> Self:
        """Keep those in which the next step is this person's on this day.

        Thanks are welcome and wait for nobody: they are asked for once, by mail.
        """
        state = Exchange.State
        waits = Q(state=state.ASKED, answered_at=None) & ~Q(counterpart=person)
        for side in Side.values:
            asked_to_confirm = Q(state__in=Exchange.LIVE, version__gt=0) & ~Q(
                **{f"{side}_version__isnull": False, f"{side}_version": F("version")}
            )
            asked_whether = Q(state=state.AGREED, ends_day__lt=day) & (
                Q(**{f"{side}_happened__isnull": True}) | SAID_DIFFERENTLY
            )
            waits |= Q(**{side: person}) & (asked_to_confirm | asked_whether)
        return self.involving(person).filter(waits)


class Exchange(Stateful):
    """What two people agree on and do, about one listing."""

    class State(models.TextChoices):
        """The life of an exchange."""

        ASKED = "asked", _("Asked")
        AGREED = "agreed", _("Agreed")
        DONE = "done", _("Done")
        CLOSED = "closed", _("Closed")
        NOT_DONE = "not_done", _("Did not happen")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    MOVES: ClassVar = {
        State.ASKED: {State.AGREED, State.DECLINED, State.WITHDRAWN, State.EXPIRED},
        State.AGREED: {State.DONE, State.NOT_DONE, State.WITHDRAWN, State.EXPIRED},
        State.DONE: {State.CLOSED},
        State.CLOSED: set(),
        State.NOT_DONE: set(),
        State.DECLINED: set(),
        State.WITHDRAWN: set(),
        State.EXPIRED: set(),
    }
    LIVE: ClassVar = [State.ASKED, State.AGREED]

    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.ASKED, editable=False
    )
    listing = models.ForeignKey(
        Listing, models.PROTECT, related_name="exchanges", verbose_name=_("listing")
    )
    provider = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("who helps")
    )
    receiver = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("who is helped")
    )
    # Who answered the listing: one of the two above.
    counterpart = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=_("who answered")
    )
    counterpart_affiliate = models.ForeignKey(
        Affiliate, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What the gate let through: no exchange without it.
    ask = models.OneToOneField(Ask, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    # What the counterpart would like; the first agreement starts from it.
    wished_first_day = models.DateField(null=True)
    wished_last_day = models.DateField(null=True)
    wished_hours = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    # The agreement that lies on the table, which one each side confirmed last, and which one
    # is in force: a change asks both again, and until both say yes the old one holds.
    version = models.PositiveIntegerField(default=0)
    provider_version = models.PositiveIntegerField(null=True)
    receiver_version = models.PositiveIntegerField(null=True)
    agreed_version = models.PositiveIntegerField(null=True)
    # Who helps has said yes although it makes their weeks fuller than they said.
    knowingly_full = models.BooleanField(default=False)
    agreed_at = models.DateTimeField(_("agreed"), null=True)
    starts_day = models.DateField(_("first day"), null=True)
    ends_day = models.DateField(_("last day"), null=True)
    # The seat it takes, where the listing has seats.
    place = models.PositiveSmallIntegerField(_("seat"), null=True)
    # Which run of the listing it belongs to.
    run = models.PositiveSmallIntegerField(default=1, db_default=1, editable=False)
    provider_happened = models.BooleanField(null=True)
    receiver_happened = models.BooleanField(null=True)
    happened_at = models.DateTimeField(null=True, help_text="When the first side said so.")
    unconfirmed = models.BooleanField(_("one side was silent"), default=False)
    done_at = models.DateTimeField(_("done"), null=True)
    # When each side had said thanks, or said that there is nothing more to say.
    provider_closed_at = models.DateTimeField(null=True)
    receiver_closed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    ended_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        constraints = [
            models.UniqueConstraint(
                name="exchange_one_live_per_run_and_counterpart",
                fields=["listing", "run", "counterpart"],
                condition=Q(state__in=["asked", "agreed"]),
            ),
            models.UniqueConstraint(
                name="exchange_one_per_seat",
                fields=["listing", "place"],
                condition=Q(place__isnull=False),
            ),
            models.CheckConstraint(
                name="exchange_between_two", condition=~Q(provider=F("receiver"))
            ),
            models.CheckConstraint(
                name="exchange_counterpart_is_a_side",
                condition=Q(counterpart=F("provider")) | Q(counterpart=F("receiver")),
            ),
            models.CheckConstraint(
                name="exchange_agreed_by_both",
                condition=~Q(state__in=["agreed", "done", "closed", "not_done"])
                | Q(
                    agreed_version__isnull=False,
                    provider_version__isnull=False,
                    receiver_version__isnull=False,
                    agreed_version__gt=0,
                    version__gte=F("agreed_version"),
                    provider_version__gte=F("agreed_version"),
                    receiver_version__gte=F("agreed_version"),
                    agreed_at__isnull=False,
                    starts_day__isnull=False,
                    ends_day__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="exchange_days_in_order",
                condition=Q(starts_day=None, ends_day=None)
                | Q(
                    starts_day__isnull=False,
                    ends_day__isnull=False,
                    starts_day__lte=F("ends_day"),
                ),
            ),
            models.CheckConstraint(
                name="exchange_done_by_both_or_unconfirmed",
                condition=~Q(state__in=["done", "closed"])
                | Q(unconfirmed=False, **HAPPENED["provider"], **HAPPENED["receiver"])
                | Q(unconfirmed=True, receiver_happened=None, **HAPPENED["provider"])
                | Q(unconfirmed=True, provider_happened=None, **HAPPENED["receiver"]),
            ),
            models.CheckConstraint(
                name="exchange_seat_while_it_counts",
                condition=Q(place=None) | Q(state__in=SEATED, place__gte=1),
            ),
            models.CheckConstraint(
                name="exchange_ended_when_over",
                condition=Q(state__in=OVER, ended_at__isnull=False)
                | (~Q(state__in=OVER) & Q(ended_at=None)),
            ),
        ]
        indexes = [
            models.Index(name="exchange_by_provider", fields=["provider", "state"]),
            models.Index(name="exchange_by_receiver", fields=["receiver", "state"]),
            models.Index(
                name="exchange_unanswered",
                fields=["asked_at"],
                condition=Q(state="asked", answered_at=None),
            ),
            models.Index(
                name="exchange_agreed_by_end", fields=["ends_day"], condition=Q(state="agreed")
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="exchange_over_stays_over",
                operation=pgtrigger.UpdateOf("state"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(
                    old__state__in=OVER, old__state__df=pgtrigger.F("new__state")
                ),
                func="""
                    RAISE EXCEPTION 'exchange_over_stays_over'
                        USING ERRCODE = 'check_violation';
                """,
            ),
            pgtrigger.Trigger(
                name="exchange_in_force_when_both_confirmed",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("agreed_version"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__agreed_version__isnull=False),
                func="""
                    IF (NEW.agreed_version, NEW.agreed_version, NEW.agreed_version)
                        IS DISTINCT FROM
                        (NEW.version, NEW.provider_version, NEW.receiver_version)
                    THEN
                        RAISE EXCEPTION 'exchange_in_force_when_both_confirmed'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="exchange_place_within_seats",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("place"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__place__isnull=False),
                declare=[("most", "integer")],
                func="""
                    SELECT seats INTO most FROM exchange_listing
                    WHERE id = NEW.listing_id FOR SHARE;
                    IF most IS NULL OR NEW.place > most THEN
                        RAISE EXCEPTION 'exchange_place_within_seats'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"exchange {self.pk}"

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("exchange:exchange", args=[self.pk])

    def side_of(self, person: Person) -> Side:
        """Tell whether this person helps or is helped."""
        return Side.PROVIDER if person.pk == self.provider_id else Side.RECEIVER

    def other(self, person: Person) -> Person:
        """Give the other side."""
        return self.receiver if person.pk == self.provider_id else self.provider
