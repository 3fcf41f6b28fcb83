"""Asks, each of which has passed the gate, and the checks that came before."""

from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from volunteers.models.people import Person


def gone_settles_its_ask(name: str) -> pgtrigger.Trigger:
    """Let no ask wait for an answer once the row is gone that asked it (its `ask_id`)."""
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Delete,
        when=pgtrigger.After,
        func="""
            UPDATE volunteers_ask SET answered_at = now()
            WHERE id = OLD.ask_id AND answered_at IS NULL;
            RETURN NULL;
        """,
    )


class AskQuerySet(models.QuerySet["Ask"]):
    """Reads of asks."""

    def open(self) -> Self:
        """Keep those that still wait for an answer."""
        return self.filter(answered_at=None)

    def since(self, moment: datetime) -> Self:
        """Keep those made at or after this moment."""
        return self.filter(asked_at__gte=moment)


class Ask(models.Model):
    """One person asks another for something; only the gate writes these."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="asks")
    asker = models.ForeignKey(Person, models.PROTECT, related_name="asks_made")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    declined = models.BooleanField(default=False)
    # The person had invited answers (a request, a training): it takes none of their room.
    invited = models.BooleanField(default=False)
    why = models.CharField(max_length=500, blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="ask_somebody_else", condition=~Q(person=F("asker"))),
            models.CheckConstraint(
                name="ask_declined_is_answered",
                condition=Q(declined=False) | Q(answered_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="ask_stays_between_the_two",
                operation=pgtrigger.UpdateOf("person_id", "asker_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__person__df=pgtrigger.F("new__person"))
                | pgtrigger.Q(old__asker__df=pgtrigger.F("new__asker")),
                func="""
                    RAISE EXCEPTION 'ask_stays_between_the_two'
                        USING ERRCODE = 'check_violation';
                """,
            )
        ]
        indexes = [
            models.Index(name="ask_by_person", fields=["person", "-asked_at"]),
            models.Index(
                name="ask_that_waits",
                fields=["person"],
                condition=Q(answered_at=None, invited=False),
            ),
        ]

    def __str__(self) -> str:
        return f"ask {self.pk}"


class CheckQuerySet(models.QuerySet["Check"]):
    """Reads of who looked whether somebody has time."""

    def since(self, moment: datetime) -> Self:
        """Keep those made at or after this moment."""
        return self.filter(checked_at__gte=moment)

    def are_enough(self, asker: Person, now: datetime, *, of_one: Person | None = None) -> bool:
        """Say whether somebody has learnt enough for now, of all people or of one."""
        theirs = self.filter(asker=asker)
        if theirs.since(now - timedelta(hours=1)).count() >= Check.AN_HOUR:
            return True
        return of_one is not None and (
            theirs.filter(person=of_one, invited=False).since(now - timedelta(days=1)).count()
            >= Check.OF_ONE_A_DAY
        )

    def of(self, person: Person, now: datetime) -> Self:
        """Keep what this person may read about themselves, the newest first."""
        kept = self.filter(person=person).since(now - Check.KEPT)
        return kept.select_related("asker").order_by("-checked_at", "-pk")

    def outdated(self, now: datetime) -> Self:
        """Keep what is to be forgotten."""
        return self.filter(checked_at__lt=now - Check.KEPT)


class Check(models.Model):
    """Somebody put days and hours before the gate; only the gate writes these."""

    KEPT = timedelta(days=90)
    AN_HOUR, OF_ONE_A_DAY = 30, 3

    person = models.ForeignKey(Person, models.CASCADE, related_name="checks", db_index=False)
    asker = models.ForeignKey(
        Person, models.CASCADE, related_name="checks_made", db_index=False
    )
    checked_at = models.DateTimeField(db_index=True)
    # The person had invited answers: it tells nothing of their hours.
    invited = models.BooleanField(default=False, db_default=False)

    objects = CheckQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="check_somebody_else", condition=~Q(person=F("asker")))
        ]
        indexes = [
            models.Index(name="check_by_person", fields=["person", "-checked_at", "-id"]),
            models.Index(name="check_by_asker", fields=["asker", "checked_at"]),
        ]

    def __str__(self) -> str:
        return f"check {self.pk}"
