"""What is said after a journey: notes of both sides, reports, what was passed on at home."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from grandtour.models.journeys import Stop
from grandtour.models.seats import Seat
from volunteers.models import Person, Skill

# So long both sides have for their note; then what is there is shown.
NOTE_DAYS = timedelta(days=14)


class StopNoteQuerySet(models.QuerySet["StopNote"]):
    """Reads of notes."""

    def of_hosts(self) -> Self:
        """Keep what hosts wrote."""
        return self.filter(seat=None)

    def of_travellers(self) -> Self:
        """Keep what travellers wrote."""
        return self.filter(seat__isnull=False)

    def for_the_next(self, day: date) -> Self:
        """Keep what travellers pass on to those who come later, once the host may read it."""
        hosts = self.model.objects.of_hosts().filter(stop=OuterRef("stop"))
        shown = Q(stop__leave__lte=day - NOTE_DAYS) | Exists(hosts)
        return self.of_travellers().filter(shown, passed_on=True)


class StopNote(models.Model):
    """What one side says after a stop: each traveller for themselves, the host once.

    A traveller and a host read each other's when both are in, or two weeks have passed.
    """

    stop = models.ForeignKey(Stop, models.CASCADE, related_name="notes")
    # None: the host's.
    seat = models.ForeignKey(Seat, models.CASCADE, null=True, related_name="notes")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written"))
    good = models.TextField(_("what was good"), max_length=2000)
    better = models.TextField(_("what could be better"), max_length=2000, blank=True)
    again = models.BooleanField(_("would you do it again?"), null=True)
    # By who wrote it, to those who travel to the same host later.
    passed_on = models.BooleanField(
        _("for those who travel here later"), default=False, db_default=False
    )

    objects = StopNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note about a stop")
        verbose_name_plural = _("notes about stops")
        constraints = [
            models.UniqueConstraint(
                name="stop_note_one_of_a_traveller",
                fields=["stop", "seat"],
                condition=Q(seat__isnull=False),
            ),
            models.UniqueConstraint(
                name="stop_note_one_of_a_host", fields=["stop"], condition=Q(seat=None)
            ),
            models.CheckConstraint(
                name="stop_note_passed_on_by_travellers",
                condition=Q(passed_on=False) | Q(seat__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"


def notes_open(stop: Stop, day: date) -> bool:
    """Say whether one can write about a stop on this day: from leaving on, for two weeks."""
    return stop.leave <= day < stop.leave + NOTE_DAYS


class TravelReportQuerySet(models.QuerySet["TravelReport"]):
    """Reads of reports."""

    def with_words(self) -> Self:
        """Keep those that say something still: words go when their author is forgotten."""
        return self.exclude(learnt=TravelReport.FORGOTTEN, voice_note="")


class TravelReport(models.Model):
    """What a traveller brings home, in words or as a voice note."""

    # In place of words whose author was forgotten.
    FORGOTTEN = "-"

    seat = models.OneToOneField(Seat, models.CASCADE, related_name="report")
    submitted_at = models.DateTimeField(_("sent"))
    learnt = models.TextField(_("what you learnt"), max_length=8000, blank=True)
    changes = models.TextField(_("what you do differently now"), max_length=4000, blank=True)
    for_next = models.TextField(
        _("what the next travellers should know"), max_length=4000, blank=True
    )
    voice_note = models.URLField(_("a recording instead"), max_length=500, blank=True)
    skills = models.ManyToManyField(
        Skill, blank=True, related_name="+", verbose_name=_("skills you learnt more of")
    )

    objects = TravelReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("travel report")
        verbose_name_plural = _("travel reports")
        constraints = [
            models.CheckConstraint(
                name="travel_report_says_something",
                condition=~Q(learnt="") | ~Q(voice_note=""),
                violation_error_message=_("Write a few words, or give a recording."),
            )
        ]

    def __str__(self) -> str:
        return f"report of {self.seat_id}"


class Sharing(models.Model):
    """How a traveller passed on at home what they had learnt."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="sharings")
    day = models.DateField(_("when"))
    what = models.CharField(_("what you did"), max_length=300)
    link = models.URLField(_("link"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("sharing at home")
        verbose_name_plural = _("sharings at home")

    def __str__(self) -> str:
        return f"sharing {self.pk}"
