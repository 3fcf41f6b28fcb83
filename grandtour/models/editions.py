"""Editions: one round of the Grand Tour, with its theme, its days and its rules."""

from datetime import date
from typing import ClassVar, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from grandtour.models import ceilings, purposes
from grandtour.models.purposes import LONGEST_PURPOSE, MOST_PURPOSES, usual_purposes
from volunteers.models import Person, Region, Skill

MOST_TRAVELLERS = 4  # of one group at a time, whatever the edition


class EditionQuerySet(models.QuerySet["Edition"]):
    """Reads of editions."""

    def announced(self) -> Self:
        """Keep those that anybody may read about."""
        return self.exclude(state=Edition.State.PLANNED)

    def visible_to(self, viewer: Person | AnonymousUser) -> Self:
        """Keep what this viewer may read: what is announced; organisers read all."""
        if isinstance(viewer, Person) and viewer.has_perm("grandtour.change_edition"):
            return self
        return self.announced()

    def open_on(self, day: date) -> Self:
        """Keep those one can apply to on this day."""
        return self.filter(
            state=Edition.State.OPEN,
            applications_first_day__lte=day,
            applications_last_day__gte=day,
        )

    def evaluated(self) -> Self:
        """Keep those of which one can say what came of them."""
        return self.filter(state__in=[Edition.State.EVALUATING, Edition.State.CLOSED])

    def hold(self, pk: int) -> "Edition":
        """Lock one: whoever would move it, or begin to apply to it, waits."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)

    def newest_first(self) -> Self:
        """Put the latest journeys first."""
        return self.order_by("-travel_first_day", "-pk")


class Edition(Stateful):
    """One round: who may come, when, by which rules, and what would make it a success."""

    class Kind(models.TextChoices):
        """How people travel."""

        GRAND_TOUR = "grand_tour", _("Grand Tour")
        PEER_EXCHANGE = "peer_exchange", _("Peer exchange")
        VISITING = "visiting", _("Visiting Wikimedian")

    class State(models.TextChoices):
        """The life of an edition."""

        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open")
        REVIEWING = "reviewing", _("Applications are read")
        MATCHING = "matching", _("Journeys are planned")
        DECIDED = "decided", _("Decided")
        TRAVELLING = "travelling", _("People travel")
        EVALUATING = "evaluating", _("What stuck")
        CLOSED = "closed", _("Closed")

    MOVES: ClassVar = {
        State.PLANNED: {State.OPEN},
        State.OPEN: {State.REVIEWING},
        State.REVIEWING: {State.MATCHING},
        State.MATCHING: {State.DECIDED},
        State.DECIDED: {State.TRAVELLING},
        State.TRAVELLING: {State.EVALUATING},
        State.EVALUATING: {State.CLOSED},
        State.CLOSED: set(),
    }

    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.PLANNED, editable=False
    )
    kind = models.CharField(_("kind"), max_length=13, choices=Kind, default=Kind.GRAND_TOUR)
    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("part of its address"), max_length=120, unique=True)
    theme = models.CharField(_("theme"), max_length=200)
    skills = models.ManyToManyField(
        Skill, related_name="+", blank=True, verbose_name=_("skills of the theme")
    )
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    # In which parts people travel; the rules are the same for all of them.
    purposes = ArrayField(
        models.CharField(max_length=LONGEST_PURPOSE),
        verbose_name=_("parts in which people travel"),
        default=usual_purposes,
    )
    about = models.TextField(_("what it is about"), max_length=8000, blank=True)
    how_chosen = models.TextField(_("how travellers are chosen"), max_length=8000, blank=True)
    success = models.TextField(_("what success means"), max_length=8000, blank=True)
    applications_first_day = models.DateField(_("applications from"))
    applications_last_day = models.DateField(_("applications until"))
    travel_first_day = models.DateField(_("first day of travel"))
    travel_last_day = models.DateField(_("last day of travel"))
    smallest_group = models.PositiveSmallIntegerField(_("smallest group"), default=2)
    largest_group = models.PositiveSmallIntegerField(_("largest group"), default=4)
    fewest_stops = models.PositiveSmallIntegerField(_("fewest stops"), default=3)
    most_stops = models.PositiveSmallIntegerField(_("most stops"), default=5)
    fewest_nights = models.PositiveSmallIntegerField(_("fewest nights at a stop"), default=3)
    most_nights = models.PositiveSmallIntegerField(_("most nights at a stop"), default=5)
    daily_hours = models.PositiveSmallIntegerField(
        _("hours of programme a day"),
        default=6,
        help_text=_("What a journey takes of its travellers' weeks."),
    )
    least_first_time = models.PositiveSmallIntegerField(
        _("share of first-time travellers, at least"), default=30, help_text=_("In percent.")
    )
    least_new_countries = models.PositiveSmallIntegerField(
        _("share from countries nobody came from before, at least"),
        default=0,
        db_default=0,
        help_text=_("In percent. Counted is who has a place in other editions."),
    )
    least_without_office = models.PositiveSmallIntegerField(
        _("share without an affiliate that has an office, at least"),
        default=0,
        db_default=0,
        help_text=_(
            "In percent. Who belongs to no affiliate counts, and whose affiliate has no office."
        ),
    )
    one_language = models.BooleanField(
        _("each group and its hosts share one language"),
        default=True,
        db_default=True,
        help_text=_("Otherwise each traveller shares some language with each host."),
    )
    # In cents of the euro, for each traveller; what travel costs is worked out by itself.
    night_cost = models.PositiveIntegerField(
        _("what a night costs"),
        default=0,
        db_default=0,
        help_text=_(
            "For each traveller, in cents of the euro: beds, food and tickets. Travel is "
            "reckoned by the Erasmus+ unit costs."
        ),
    )
    # What the national agency pays for a day of staff, by group of countries; 0: not said.
    day_rate_1 = models.PositiveIntegerField(_("a day in group 1"), default=0, db_default=0)
    day_rate_2 = models.PositiveIntegerField(_("a day in group 2"), default=0, db_default=0)
    day_rate_3 = models.PositiveIntegerField(_("a day in group 3"), default=0, db_default=0)
    carbon_budget = models.PositiveIntegerField(
        _("carbon budget"), help_text=_("Kilograms of CO₂e, for all journeys together.")
    )
    # What the planner weighs against each other; shown to all.
    weight_review = models.PositiveSmallIntegerField(_("weight of reviews"), default=100)
    weight_fit = models.PositiveSmallIntegerField(
        _("weight of goals that fit programmes"), default=60
    )
    weight_first_time = models.PositiveSmallIntegerField(
        _("weight of a first journey"), default=30
    )
    weight_fairness = models.PositiveSmallIntegerField(
        _("weight of countries rarely chosen"), default=30
    )
    weight_carbon = models.PositiveSmallIntegerField(_("weight of carbon"), default=40)
    weight_cost = models.PositiveSmallIntegerField(_("weight of cost"), default=20)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.CheckConstraint(
                name="edition_days_in_order",
                condition=Q(
                    applications_first_day__lte=F("applications_last_day"),
                    applications_last_day__lt=F("travel_first_day"),
                    travel_first_day__lte=F("travel_last_day"),
                ),
                violation_error_message=_(
                    "Applications end before anybody travels, and each last day follows its "
                    "first."
                ),
            ),
            models.CheckConstraint(
                name="edition_groups_of_2_to_4_or_one_alone",
                condition=Q(kind="visiting", smallest_group=1, largest_group=1)
                | (
                    ~Q(kind="visiting")
                    & (Q(smallest_group__gte=2) | Q(kind="peer_exchange", smallest_group=1))
                    & Q(
                        smallest_group__lte=F("largest_group"),
                        largest_group__lte=MOST_TRAVELLERS,
                    )
                ),
                violation_error_message=_(
                    "A group has two to four people. A visiting Wikimedian travels alone; in a "
                    "peer exchange one may."
                ),
            ),
            models.CheckConstraint(
                name="edition_stops_one_to_five",
                condition=Q(
                    fewest_stops__gte=1,
                    fewest_stops__lte=F("most_stops"),
                    most_stops__lte=5,
                )
                & (Q(kind="grand_tour") | Q(most_stops=1)),
                violation_error_message=_(
                    "A Grand Tour has up to five stops, the other kinds have one."
                ),
            ),
            models.CheckConstraint(
                name="edition_nights_within_its_kind",
                condition=Q(fewest_nights__lte=F("most_nights"))
                & (
                    Q(kind="visiting", fewest_nights__gte=14, most_nights__lte=120)
                    | (~Q(kind="visiting") & Q(fewest_nights__gte=3, most_nights__lte=5))
                ),
                violation_error_message=_(
                    "A stay has three to five nights; a visiting Wikimedian stays 14 to 120."
                ),
            ),
            models.CheckConstraint(
                name="edition_purposes_to_choose_from",
                condition=Q(purposes__len__range=(1, MOST_PURPOSES)),
                violation_error_message=_("Give one part to twelve."),
            ),
            models.CheckConstraint(
                name="edition_programme_of_1_to_11_hours_a_day",
                condition=Q(daily_hours__range=(1, 11)),
                violation_error_message=_("A day has 1 to 11 hours of programme."),
            ),
            models.CheckConstraint(
                name="edition_share_is_a_percentage",
                condition=Q(
                    least_first_time__lte=100,
                    least_new_countries__lte=100,
                    least_without_office__lte=100,
                ),
                violation_error_message=_("A share is between 0 and 100 percent."),
            ),
            models.CheckConstraint(
                name="edition_announced_with_its_rules",
                condition=Q(state="planned")
                | (~Q(about="") & ~Q(how_chosen="") & ~Q(success="")),
                violation_error_message=_(
                    "Before it opens, say what it is about, how travellers are chosen and "
                    "what success means."
                ),
            ),
        ]
        triggers = [
            ceilings.edition_keeps_what_stands(),
            purposes.edition_purposes_stand_once_announced(),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def day_rates(self) -> dict[int, int]:
        """Give the rates of its national agency, in cents of the euro, by group."""
        rates = {1: self.day_rate_1, 2: self.day_rate_2, 3: self.day_rate_3}
        return {group: cents for group, cents in rates.items() if cents}

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("grandtour:edition", args=[self.slug])

    def takes_applications(self, day: date) -> bool:
        """Tell whether one can apply on this day."""
        open_now = self.state == self.State.OPEN
        return open_now and self.applications_first_day <= day <= self.applications_last_day


class Criterion(models.Model):
    """One thing that reviewers look for, with its weight and its scale."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="criteria")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=120)
    meaning = models.TextField(_("what to look for"), max_length=1000, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    lowest = models.PositiveSmallIntegerField(_("lowest score"), default=0)
    highest = models.PositiveSmallIntegerField(_("highest score"), default=4)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(
                name="criterion_one_per_number", fields=["edition", "number"]
            ),
            models.CheckConstraint(
                name="criterion_scale_in_order",
                condition=Q(lowest__lt=F("highest"), highest__lte=10),
                violation_error_message=_("A scale goes from a low score to a higher one."),
            ),
            models.CheckConstraint(
                name="criterion_weight_1_to_10",
                condition=Q(weight__range=(1, 10)),
                violation_error_message=_("A weight is between 1 and 10."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="criterion_stays_once_scored",
                operation=pgtrigger.UpdateOf("weight", "lowest", "highest", "edition_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.AnyChange("weight", "lowest", "highest", "edition"),
                func="""
                    IF EXISTS (SELECT 1 FROM grandtour_score WHERE criterion_id = NEW.id) THEN
                        RAISE EXCEPTION 'criterion_stays_once_scored'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name


class Figure(models.TextChoices):
    """What is counted here of each edition, so that nobody has to write it down."""

    PLACED = "placed", _("Of those who applied, travelled")
    FIRST_APPLIED = "first_sent", _("Of those who applied, for the first time")
    FIRST_TIME = "first_time", _("Of those who travelled, for the first time")
    ANSWERED = "answered", _("Days to the first answer, in the middle")
    UNANSWERED = "unanswered", _("Without an answer yet")
    SPREAD = "spread", _("How far reviewers of one application stand apart")
    COUNTRIES = "countries", _("Countries in a group")
    LAND = "land", _("Kilometres by train, coach or ferry")
    CARBON = "carbon", _("CO₂e of all journeys")
    CARBON_A_DAY = "carbon_a_day", _("CO₂e of a traveller a day")
    COST_A_DAY = "cost_a_day", _("Cost of a traveller a day")
    REPORTED = "reported", _("Reports in time")
    SHARED = "shared", _("Shared at home")
    STUCK = "stuck", _("In use six months later")
    ACTION = "action", _("The one thing to do afterwards is done")
    OFFERED = "offered", _("Offered something since that they could not before")
    HOST_AGAIN = "host_again", _("Hosts who would do it again")
    OFFERS = "offers", _("Offers that came of it")
    PRACTICES = "practices", _("Practices that came of it")
    MADE = "exchanges", _("Exchanges that came of it")
    VISITS = "visits", _("Requests that a visit answered")


class Measure(models.Model):
    """Something the edition wants to reach, stated before anybody applies."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="measures")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("what is measured"), max_length=200)
    target = models.DecimalField(_("target"), max_digits=8, decimal_places=1)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    least = models.BooleanField(
        _("more is better"), default=True, help_text=_("Otherwise the target is a most.")
    )
    figure = models.CharField(
        _("counted here as"),
        max_length=12,
        choices=Figure,
        blank=True,
        help_text=_("Where it can be counted, nobody has to write down what happened."),
    )
    reached = models.DecimalField(
        _("what happened"),
        max_digits=8,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("When the journeys are over, for what is not counted here."),
    )

    class Meta:
        verbose_name = _("measure of success")
        verbose_name_plural = _("measures of success")
        constraints = [
            models.UniqueConstraint(name="measure_one_per_number", fields=["edition", "number"])
        ]

    def __str__(self) -> str:
        return self.name
