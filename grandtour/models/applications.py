"""Applications: who would like to travel, why, when, and what became of it."""

from base64 import b32encode
from collections.abc import Collection
from datetime import date
from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from grandtour.models import guards_of_answers, purposes
from grandtour.models import guards_of_partners as guards
from grandtour.models.editions import Edition
from grandtour.models.hosts import Host
from grandtour.models.purposes import LONGEST_PURPOSE
from volunteers.models import Affiliate, Person, Place, Skill
from volunteers.models.bandwidth import Lasting, no_overlap, not_empty

ENDED = ["declined", "withdrawn", "completed"]
MOST_NIGHTS = 120


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Reads of applications."""

    def of(self, person: Person) -> Self:
        """Keep this person's own, the latest first."""
        return self.filter(person=person).order_by("-created_at", "-pk")

    def drafts(self) -> Self:
        """Keep what was begun and not sent."""
        return self.filter(state=Application.State.DRAFT)

    def drafts_closing(self, first: date, last: date) -> Self:
        """Keep the drafts of editions whose last day for applications is one of these."""
        return self.drafts().filter(
            edition__state=Edition.State.OPEN,
            edition__applications_last_day__range=(first, last),
        )

    def sent(self) -> Self:
        """Keep what organisers have to decide about, or have decided."""
        return self.exclude(state__in=[Application.State.DRAFT, Application.State.WITHDRAWN])

    def pursued(self) -> Self:
        """Keep those whose people wish to travel, or did: from a draft on that can be sent.

        In that edition none of them organises, reads or decides about others.
        """
        states = Application.State
        rows = self.exclude(state__in=[states.DECLINED, states.WITHDRAWN])
        return rows.exclude(~Q(edition__state=Edition.State.OPEN), state=states.DRAFT)

    def naming(self, host: Host) -> Self:
        """Keep those that were sent, are not over, and name a host as their partner."""
        return self.sent().filter(partner=host).exclude(state__in=ENDED)

    def partner_to_answer(self) -> Self:
        """Keep those to be planned for whose partner has not answered."""
        states = Edition.State
        rows = self.sent().exclude(state__in=ENDED)
        rows = rows.filter(partner__in=Host.objects.offered().values("pk"))
        before = [states.OPEN, states.REVIEWING, states.MATCHING]
        return rows.filter(partner_agrees=None, edition__state__in=before)

    def agreed_beforehand(self) -> Self:
        """Keep those whose partner has said that they have agreed."""
        return self.filter(partner_agrees=True)

    def without(self, keys: Collection[int]) -> Self:
        """Keep those that are not among these."""
        return self.exclude(pk__in=keys) if keys else self


class Application(Stateful):
    """One person's wish to travel in one edition."""

    class State(models.TextChoices):
        """The life of an application."""

        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Sent")
        INCOMPLETE = "incomplete", _("Needs something more")
        IN_REVIEW = "in_review", _("Being read")
        SHORTLISTED = "shortlisted", _("On the short list")
        WAITING = "waiting", _("On the waiting list")
        DECLINED = "declined", _("Declined")
        PLACED = "placed", _("In a journey")
        CONFIRMED = "confirmed", _("Confirmed")
        TRAVELLED = "travelled", _("Travelled")
        COMPLETED = "completed", _("Completed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class PeerRole(models.TextChoices):
        """In which part somebody comes to a peer exchange."""

        MENTEE = "mentee", _("Mentee: I come to learn")
        MENTOR = "mentor", _("Mentor: I come to pass something on")

    class Way(models.TextChoices):
        """How somebody tells what they would like to learn."""

        LETTER = "letter", _("I write a few sentences")
        QUESTIONS = "questions", _("I answer a few questions")
        VOICE = "voice", _("I say it: a recording")

    class Travel(models.TextChoices):
        """How somebody can travel."""

        RAIL = "rail", _("Train")
        COACH = "coach", _("Coach")
        FERRY = "ferry", _("Ferry")
        CAR = "car", _("Car")
        FLIGHT = "flight", _("Plane, where nothing else will do")

    MOVES: ClassVar = {
        State.DRAFT: {State.SUBMITTED, State.WITHDRAWN},
        State.SUBMITTED: {State.INCOMPLETE, State.IN_REVIEW, State.DECLINED, State.WITHDRAWN},
        State.INCOMPLETE: {State.SUBMITTED, State.DECLINED, State.WITHDRAWN},
        State.IN_REVIEW: {State.SHORTLISTED, State.WAITING, State.DECLINED, State.WITHDRAWN},
        State.SHORTLISTED: {State.PLACED, State.WAITING, State.DECLINED, State.WITHDRAWN},
        State.WAITING: {State.PLACED, State.SHORTLISTED, State.DECLINED, State.WITHDRAWN},
        State.PLACED: {State.CONFIRMED, State.WAITING, State.WITHDRAWN},
        State.CONFIRMED: {State.TRAVELLED, State.WAITING, State.WITHDRAWN},
        State.TRAVELLED: {State.COMPLETED},
        State.DECLINED: set(),
        State.COMPLETED: set(),
        # Before the last day one may begin again where one stopped.
        State.WITHDRAWN: {State.DRAFT},
    }

    state = models.CharField(
        _("state"), max_length=11, choices=State, default=State.DRAFT, editable=False
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="applications", verbose_name=_("edition")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="applications", verbose_name=_("person")
    )
    country = models.CharField(_("country you live in"), max_length=2, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("city")
    )
    affiliate = models.ForeignKey(
        Affiliate,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("affiliate, if any"),
    )
    # One of the edition's purposes (a trigger sees to that).
    purpose = models.CharField(_("your part"), max_length=LONGEST_PURPOSE, blank=True)
    # In a peer exchange: in which part, and with which host it was agreed beforehand. The host
    # answers; another partner needs an answer of its own (a trigger sees to that).
    peer_role = models.CharField(
        _("your part in the exchange"), max_length=6, choices=PeerRole, blank=True
    )
    partner = models.ForeignKey(
        Host,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="partners",
        verbose_name=_("host with whom you have agreed"),
    )
    partner_agrees = models.BooleanField(_("the host agrees"), null=True, editable=False)
    partner_answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    way = models.CharField(
        _("how you tell it"), max_length=9, choices=Way, default=Way.LETTER, db_default="letter"
    )
    goals = models.TextField(_("what you would like to learn"), max_length=4000, blank=True)
    brings = models.TextField(_("what you bring"), max_length=4000, blank=True)
    spreads = models.TextField(_("how you will pass it on"), max_length=4000, blank=True)
    voice_note = models.URLField(
        _("or say it: link to a recording"), max_length=500, blank=True
    )
    wants = models.ManyToManyField(
        Skill, related_name="+", blank=True, verbose_name=_("skills you would like to learn")
    )
    shares = models.ManyToManyField(
        Skill, related_name="+", blank=True, verbose_name=_("skills you bring")
    )
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("languages"), default=list, blank=True
    )
    travels_by = ArrayField(
        models.CharField(max_length=6, choices=Travel),
        verbose_name=_("how you can travel"),
        default=list,
        blank=True,
    )
    first_time = models.BooleanField(
        _("it would be my first journey of this kind"), null=True, blank=True
    )
    # With the one host of a journey; None: as the planner likes, within the edition's rule.
    nights = models.PositiveSmallIntegerField(
        _("nights you would like to stay"), null=True, blank=True
    )
    consented_at = models.DateTimeField(_("consented"), null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(_("sent"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    # What organisers asked for; empty once it is sent again.
    missing = models.TextField(
        _("what is missing"), max_length=2000, blank=True, editable=False
    )
    # Which form wrote these words, as on listings.
    revision = models.CharField(max_length=22, blank=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        permissions = [("decide_application", "Can decide about applications")]
        constraints = [
            models.UniqueConstraint(
                name="application_one_per_person_and_edition", fields=["person", "edition"]
            ),
            models.CheckConstraint(
                name="application_sent_with_goals_languages_and_a_home",
                condition=Q(state__in=["draft", "incomplete", "declined", "withdrawn"])
                | (
                    (~Q(goals="") | ~Q(voice_note="") | Q(way="questions"))
                    & ~Q(country="")
                    & ~Q(purpose="")
                    & Q(
                        languages__len__gt=0,
                        travels_by__len__gt=0,
                        first_time__isnull=False,
                        place__isnull=False,
                        consented_at__isnull=False,
                        submitted_at__isnull=False,
                    )
                ),
                violation_error_message=_("Something is missing before it can be sent."),
            ),
            models.CheckConstraint(
                name="application_partner_answers_at_a_moment",
                condition=Q(partner_agrees=None, partner_answered_at=None)
                | Q(
                    partner__isnull=False,
                    partner_agrees__isnull=False,
                    partner_answered_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="application_wishes_for_a_night_at_least",
                condition=Q(nights=None) | Q(nights__range=(1, MOST_NIGHTS)),
            ),
            models.CheckConstraint(
                name="application_ended_when_over",
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at=None)),
            ),
        ]
        indexes = [models.Index(name="application_by_edition", fields=["edition", "state"])]
        triggers = [
            guards.application_partner_of_its_peer_exchange(),
            purposes.application_purpose_of_its_edition(),
            guards_of_answers.application_sent_with_all_answers(),
            pgtrigger.Trigger(
                name="application_sent_with_days",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__state="submitted"),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM grandtour_window WHERE application_id = NEW.id
                    ) THEN
                        RAISE EXCEPTION 'application_sent_with_days'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"application {self.pk}"

    @property
    def code(self) -> str:
        """Name it to people who are not to know whose it is."""
        digest = salted_hmac("grandtour.code", str(self.pk), algorithm="sha256").digest()
        return b32encode(digest)[:5].decode()

    def get_absolute_url(self) -> str:
        """Give the address of the page that tells where it stands."""
        return reverse("grandtour:application", args=[self.pk])


class Window(Lasting):
    """Days on which an applicant could be away."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="windows")
    period = DateRangeField(_("period"))

    class Meta:
        constraints = [
            not_empty("window_period_not_empty"),
            no_overlap("window_periods_do_not_overlap", of="application"),
        ]

    def __str__(self) -> str:
        return f"window in {self.period}"


class ApplicationEvent(models.Model):
    """What happened to an application; nobody edits the past."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="events")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=11, choices=Application.State)
    words = models.TextField(blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        indexes = [
            models.Index(name="application_event_in_order", fields=["application", "at", "id"])
        ]
        triggers = [
            pgtrigger.Protect(
                name="application_event_stays", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} of {self.application_id}"
