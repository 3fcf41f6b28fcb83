"""Hosts: affiliates that offer stays in an edition, and on which days."""

from datetime import date
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from grandtour.models import ceilings
from grandtour.models.editions import MOST_TRAVELLERS, Edition
from volunteers.models import Affiliate, Membership, Person, Place, Skill
from volunteers.models.bandwidth import Lasting, no_overlap, not_empty


class HostQuerySet(models.QuerySet["Host"]):
    """Reads of hosts."""

    def offered(self) -> Self:
        """Keep those one may read about."""
        return self.filter(state__in=[Host.State.OFFERED, Host.State.ACCEPTED])

    def drafts_closing(self, first: date, last: date) -> Self:
        """Keep the drafts of editions whose last day for applications is one of these."""
        return self.filter(
            state=Host.State.DRAFT,
            edition__state=Edition.State.OPEN,
            edition__applications_last_day__range=(first, last),
        )

    def editable_by(self, person: Person) -> Self:
        """Keep those of the affiliates this person speaks for."""
        return self.filter(affiliate__in=Affiliate.objects.spoken_for_by(person))

    def of_affiliates_with(self, person: Person) -> Self:
        """Keep those of the affiliates this person belongs to."""
        homes = Membership.objects.confirmed().filter(person=person)
        return self.filter(affiliate__in=homes.values("affiliate"))

    def visible_to(self, viewer: Person | AnonymousUser) -> Self:
        """Keep what is offered in editions this viewer may read about, and one's own."""
        shown = Q(pk__in=self.model.objects.offered().values("pk"))
        if isinstance(viewer, Person):
            shown |= Q(affiliate__in=Affiliate.objects.spoken_for_by(viewer))
        return self.filter(shown, edition__in=Edition.objects.visible_to(viewer))

    def as_shown(self) -> Self:
        """Read what a card needs along with each host."""
        return self.select_related("edition", "affiliate", "place").prefetch_related("stays")


class Host(Stateful):
    """What one affiliate offers to the travellers of one edition."""

    class State(models.TextChoices):
        """The life of a host's offer."""

        DRAFT = "draft", _("Draft")
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Venue(models.TextChoices):
        """Where people meet."""

        OWN = "own", _("A place of our own")
        BORROWED = "borrowed", _("A place that somebody lends us")
        RENTED = "rented", _("To be rented, from the tour's money")

    MOVES: ClassVar = {
        State.DRAFT: {State.OFFERED, State.WITHDRAWN},
        State.OFFERED: {State.ACCEPTED, State.DECLINED, State.WITHDRAWN},
        State.ACCEPTED: {State.WITHDRAWN},
        State.DECLINED: set(),
        State.WITHDRAWN: {State.DRAFT},
    }

    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.DRAFT, editable=False
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="hosts", verbose_name=_("edition")
    )
    affiliate = models.ForeignKey(
        Affiliate, models.PROTECT, related_name="hosted", verbose_name=_("affiliate")
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("city")
    )
    most_guests = models.PositiveSmallIntegerField(
        _("most travellers at a time"), default=MOST_TRAVELLERS
    )
    groups = models.PositiveSmallIntegerField(_("how many groups"), default=1)
    languages = ArrayField(
        models.CharField(max_length=8), verbose_name=_("languages"), default=list, blank=True
    )
    programme = models.TextField(_("programme"), max_length=8000, blank=True)
    shares = models.ManyToManyField(
        Skill, related_name="+", blank=True, verbose_name=_("skills you share")
    )
    wants = models.ManyToManyField(
        Skill, related_name="+", blank=True, verbose_name=_("skills you would like to learn")
    )
    venue = models.CharField(_("venue"), max_length=8, choices=Venue, blank=True)
    venue_words = models.CharField(_("about the venue"), max_length=500, blank=True)
    # In cents of the euro, in which plans are reckoned, for all days of a group together.
    venue_cost = models.PositiveIntegerField(_("rent of the venue"), null=True, blank=True)
    venue_currency = models.CharField(_("currency"), max_length=3, blank=True)
    step_free = models.BooleanField(_("can be reached without steps"), default=False)
    access = models.TextField(_("about access"), max_length=2000, blank=True)
    bears = models.CharField(_("costs you bear"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    offered_at = models.DateTimeField(_("offered"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    # Which form wrote these words, as on listings.
    revision = models.CharField(
        max_length=22, blank=True, default="", db_default="", editable=False
    )
    # Added by the report on rents: how many groups come.
    coming: int

    objects = HostQuerySet.as_manager()

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        constraints = [
            models.UniqueConstraint(
                name="host_one_per_edition_and_affiliate",
                fields=["edition", "affiliate"],
                violation_error_message=_("This affiliate is a host of this edition already."),
            ),
            models.CheckConstraint(
                name="host_one_to_four_guests",
                condition=Q(most_guests__range=(1, MOST_TRAVELLERS)),
                violation_error_message=_("A host takes one to four travellers at a time."),
            ),
            models.CheckConstraint(
                name="host_one_to_twenty_groups",
                condition=Q(groups__range=(1, 20)),
                violation_error_message=_("A host takes one to twenty groups."),
            ),
            models.CheckConstraint(
                name="host_offers_a_place_a_programme_and_languages",
                condition=Q(state__in=["draft", "withdrawn"])
                | (
                    Q(place__isnull=False, languages__len__gt=0, offered_at__isnull=False)
                    & ~Q(programme="")
                    & ~Q(venue="")
                ),
                violation_error_message=_(
                    "Say in which city, in which languages, at which venue, and what you plan."
                ),
            ),
            models.CheckConstraint(
                name="host_rents_for_a_sum_in_euros",
                condition=Q(venue_cost=None) | Q(venue="rented", venue_currency="EUR"),
                violation_error_message=_("Only a venue to be rented costs something."),
            ),
        ]
        indexes = [models.Index(name="host_by_edition", fields=["edition", "state"])]
        triggers = [ceilings.host_keeps_room(), ceilings.host_keeps_its_word()]

    def __str__(self) -> str:
        return f"{self.affiliate} ({self.edition})"

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("grandtour:host", args=[self.pk])


class Stay(Lasting):
    """Days on which a host can take travellers; the days between are blocked."""

    host = models.ForeignKey(Host, models.CASCADE, related_name="stays")
    period = DateRangeField(_("period"))

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        constraints = [
            not_empty("stay_period_not_empty"),
            no_overlap("stay_periods_of_a_host_do_not_overlap", of="host"),
        ]

    def __str__(self) -> str:
        return f"stay from {self.period.lower} to {self.last_day}"
