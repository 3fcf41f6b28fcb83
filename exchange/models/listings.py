"""Offers and requests of skills, services, resources and trainings."""

from datetime import date, datetime
from typing import ClassVar, Self, TypeAlias

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import MD5, Cast, Concat, JSONObject, Upper
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from exchange.models import kinds
from exchange.models.money import BudgetLine
from volunteers.models import Affiliate, Person, Place, Skill
from volunteers.models.bandwidth import found_by
from volunteers.models.money import currency

# Words that stand where an address has the title: `/catalogue/12/edit/`.
VERBS = frozenset(
    (
        *("ask", "autosave", "call", "confirm", "copy", "discard", "edit", "invite", "pause"),
        *("preview", "publish", "put-back", "renew", "resume", "wait", "withdraw"),
    )
)

# The order of one's own listings; what has ended comes last.
FIRST = (["draft"], ["open", "taken"], ["paused"])
# From so many of the newest, so many are shown on the first page of a day.
LATEST = 200
TODAY = 60


class ListingQuerySet(models.QuerySet["Listing"]):
    """Reads of listings."""

    def open(self) -> Self:
        """Keep what can be answered now."""
        return self.filter(state=Listing.State.OPEN, hidden_at=None)

    def of_people_visible_to(self, viewer: Person | AnonymousUser) -> Self:
        """Keep what people wrote who wish to be seen by this viewer, and not left alone."""
        return self.filter(author__in=found_by(viewer))

    def open_to(self, viewer: Person | AnonymousUser) -> Self:
        """Keep what this viewer can find."""
        return self.open().of_people_visible_to(viewer)

    def shown(self) -> Self:
        """Keep what can be found or has ended, whether or not its author wishes to be seen."""
        return self.filter(hidden_at=None, state__in=Listing.SHOWN)

    def visible_to(self, viewer: Person | AnonymousUser) -> Self:
        """Keep what this viewer may read: what can be found, what has ended, and one's own."""
        shown = Q(
            author__in=found_by(viewer),
            hidden_at=None,
            state__in=Listing.SHOWN,
        )
        if isinstance(viewer, AnonymousUser):
            return self.filter(shown)
        return self.filter(shown | self.written_by(viewer))

    @staticmethod
    def written_by(person: Person) -> Q:
        """Say which listings a person may change: their own, and their affiliates'.

        What somebody wrote for an affiliate who is hidden now is hidden from it, too.
        """
        seen = Q(author__in=Person.objects.visible_to(person))
        ours = Q(affiliate__in=Affiliate.objects.spoken_for_by(person))
        return Q(author=person) | (ours & (seen | Q(author__in=Person.objects.who_left())))

    def editable_by(self, person: Person) -> Self:
        """Keep what this person may change."""
        return self.filter(self.written_by(person))

    def ending_before(self, day: date) -> Self:
        """Keep what is live although its last day lies behind."""
        return self.filter(state__in=Listing.LIVE, last_day__lt=day)

    def unconfirmed_since(self, moment: datetime, *, here: bool = True) -> Self:
        """Keep what is open and untouched since, by people who are here, or who are not."""
        return self.open().filter(author__is_active=here, confirmed_at__lte=moment)

    def as_shown(self) -> Self:
        """Add what a card or a page needs: who, where, and `chips`, the skills as links."""
        skills = (
            Skill.objects.labelled().filter(listings=OuterRef("pk")).order_by(F("label"), "pk")
        )
        chip = JSONObject(
            id="pk",
            slug="slug",
            label="label",
            href=Concat(Value(f"{reverse('exchange:catalogue')}?skill="), "slug"),
        )
        return self.select_related("author", "affiliate", "place").annotate(
            chips=ArraySubquery(skills.values_list(chip))
        )

    def by_state(self) -> Self:
        """Put drafts first, then what is open, paused, ended; the last change first."""
        ranks = [When(state__in=states, then=n) for n, states in enumerate(FIRST)]
        return self.order_by(Case(*ranks, default=len(ranks)), "-changed_at", "-pk")

    def todays(self, viewer: Person | AnonymousUser, day: date) -> Self:
        """Keep a few of the latest, in an order of this day: every day others come first."""
        latest = Listing.objects.open_to(viewer).order_by("-published_at", "-pk")
        turn = MD5(Concat(Value(f"{day} "), Cast("pk", models.TextField())))
        return self.filter(pk__in=latest.values("pk")[:LATEST]).order_by(turn, "pk")[:TODAY]

    def with_taken(self) -> Self:
        """Add `taken`: how many of its seats are."""
        return self.annotate(taken=Count("exchanges__place"))

    def as_page(self) -> Self:
        """Add also `taken`, how many seats are, and `sums`, the lines of the budget."""
        line = JSONObject(
            side="side", what="what_for", payer="payer", amount="amount", currency="currency"
        )
        lines = BudgetLine.objects.filter(listing=OuterRef("pk")).order_by("side", "pk")
        sums = ArraySubquery(lines.values_list(line))
        return self.as_shown().with_taken().annotate(sums=sums)

    def with_editable(self, person: Person | AnonymousUser) -> Self:
        """Add `editable`: whether this person may change it."""
        mine = Q(pk=None) if isinstance(person, AnonymousUser) else self.written_by(person)
        return self.annotate(editable=Exists(Listing.objects.filter(mine, pk=OuterRef("pk"))))

    def similar_to(self, listing: "Listing") -> Self:
        """Keep others of the same side that share a skill, the newest first."""
        shared = listing.skills.through.objects.filter(
            listing=OuterRef("pk"), skill__in=listing.skills.values("pk")
        )
        others = self.exclude(author=listing.author_id).filter(
            Exists(shared), kind=listing.kind
        )
        return others.order_by("-published_at", "-pk")


class Listing(Stateful):
    """Something a person or an affiliate offers to others, or asks of them."""

    Kind: TypeAlias = kinds.Kind
    Of: TypeAlias = kinds.Of
    Resource: TypeAlias = kinds.Resource
    Mode: TypeAlias = kinds.Mode
    State: TypeAlias = kinds.State

    MOVES: ClassVar = {
        State.DRAFT: {State.OPEN},
        State.OPEN: {State.PAUSED, State.TAKEN, State.EXPIRED, State.WITHDRAWN},
        State.PAUSED: {State.OPEN, State.EXPIRED, State.WITHDRAWN},
        State.TAKEN: {State.OPEN, State.EXPIRED, State.WITHDRAWN},
        State.EXPIRED: {State.OPEN, State.WITHDRAWN},
        State.WITHDRAWN: {State.OPEN, State.PAUSED, State.TAKEN, State.EXPIRED},
    }
    LIVE: ClassVar = [State.OPEN, State.PAUSED, State.TAKEN]
    SHOWN: ClassVar = [State.OPEN, State.TAKEN, State.EXPIRED]

    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.DRAFT, editable=False
    )
    kind = models.CharField(_("offer or request"), max_length=7, choices=Kind)
    of = models.CharField(_("what it is about"), max_length=8, choices=Of)
    resource = models.CharField(
        _("kind of resource"), max_length=9, choices=Resource, blank=True
    )
    author = models.ForeignKey(
        Person, models.PROTECT, "listings", editable=False, verbose_name=_("author")
    )
    affiliate = models.ForeignKey(
        Affiliate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="listings",
        verbose_name=_("on behalf of"),
    )
    title = models.CharField(_("title"), max_length=120, blank=True)
    body = models.TextField(_("description"), max_length=8000, blank=True)
    takeaway = models.CharField(_("what one takes away"), max_length=200, blank=True)
    language = models.CharField(_("language of the text"), max_length=8, blank=True)
    skills = models.ManyToManyField(
        Skill, related_name="listings", blank=True, verbose_name=_("skills")
    )
    countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries it serves"),
        default=list,
        blank=True,
        help_text=_("None means everywhere."),
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, verbose_name=_("city")
    )
    mode = models.CharField(_("where"), max_length=7, choices=Mode, default=Mode.REMOTE)
    first_day = models.DateField(_("from"), null=True, blank=True)
    last_day = models.DateField(_("until"), null=True, blank=True)
    times = models.CharField(_("days and times"), max_length=200, blank=True)
    hours = models.DecimalField(
        _("hours it takes"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    preparation_hours = models.DecimalField(
        _("hours of preparation"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    wants_help_to_share = models.BooleanField(
        _("we would like help to make this ready to share"), default=False
    )
    # How many may take it; nothing means: as many as ask.
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    # Which time it is held: new days after the last ones begin the next run.
    run = models.PositiveSmallIntegerField(default=1, db_default=1, editable=False)
    amount = models.PositiveIntegerField(_("amount"), null=True, blank=True)
    currency = currency(blank=True)
    covers = models.CharField(_("what it covers"), max_length=200, blank=True)
    decided_by = models.CharField(_("who decides"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    # When its author last said that it is still true.
    confirmed_at = models.DateTimeField(_("said to be true"), null=True, editable=False)
    hidden_at = models.DateTimeField(_("hidden"), null=True, editable=False)
    # As what it goes back to when its author puts it back.
    withdrawn_from = models.CharField(
        max_length=9, choices=State, blank=True, db_default="", editable=False
    )
    # Which form wrote these words: the mark by which two people writing at once notice it.
    revision = models.CharField(max_length=22, blank=True, editable=False)

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        constraints = [
            models.CheckConstraint(
                name="listing_days_in_order",
                condition=Q(first_day__lte=F("last_day"))
                | Q(first_day=None)
                | Q(last_day=None),
                violation_error_code="days_in_order",
                violation_error_message=_("The first day must not be after the last."),
            ),
            models.CheckConstraint(
                name="listing_resource_has_a_kind",
                condition=(Q(of="resource") & ~Q(resource=""))
                | (~Q(of="resource") & Q(resource="")),
                violation_error_code="resource_has_a_kind",
                violation_error_message=_("Say which kind of resource it is."),
            ),
            models.CheckConstraint(
                name="listing_funding_has_amount_and_currency",
                condition=~Q(resource="funding")
                | Q(state="draft")
                | (Q(amount__isnull=False, amount__gt=0) & ~Q(currency="")),
                violation_error_code="funding_has_amount",
                violation_error_message=_("Funding needs an amount and a currency."),
            ),
            models.CheckConstraint(
                name="listing_training_has_days_and_seats",
                condition=~Q(of="training")
                | ~Q(kind="offer")
                | Q(state="draft")
                | Q(
                    first_day__isnull=False,
                    last_day__isnull=False,
                    seats__isnull=False,
                    seats__gte=1,
                ),
                violation_error_code="training_has_days_and_seats",
                violation_error_message=_("A training needs its days and its number of seats."),
            ),
            models.CheckConstraint(
                name="listing_open_has_words",
                condition=Q(state="draft") | (~Q(title="") & ~Q(body="") & ~Q(language="")),
                violation_error_code="open_has_words",
                violation_error_message=_("It needs a title, a description and a language."),
            ),
            models.CheckConstraint(
                name="listing_published_unless_draft",
                condition=Q(state="draft")
                | Q(published_at__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="listing_withdrawn_from_something",
                condition=Q(state="withdrawn") | Q(withdrawn_from=""),
            ),
            models.CheckConstraint(
                name="listing_hours_not_negative",
                condition=(Q(hours=None) | Q(hours__gte=0))
                & (Q(preparation_hours=None) | Q(preparation_hours__gte=0)),
                violation_error_message=_("Hours cannot be less than 0."),
            ),
            models.UniqueConstraint(
                name="listing_one_per_form",
                fields=["author", "revision"],
                condition=~Q(revision=""),
            ),
            models.CheckConstraint(
                name="listing_at_most_500_seats",
                condition=Q(seats=None) | Q(seats__range=(1, 500)),
                violation_error_code="at_most_500_seats",
                violation_error_message=_("The number of seats is between 1 and 500."),
            ),
        ]
        indexes = [
            GinIndex(OpClass(Upper("title"), "gin_trgm_ops"), name="listing_title_trigrams"),
            models.Index(name="listing_by_author", fields=["author", "state"]),
            models.Index(
                name="listing_open_by_age",
                fields=["confirmed_at"],
                condition=Q(state="open"),
            ),
            models.Index(name="listing_newest", fields=["-published_at", "-id"]),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="listing_author_speaks_for_affiliate",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("author_id", "affiliate_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__affiliate__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM volunteers_membership
                        WHERE person_id = NEW.author_id AND affiliate_id = NEW.affiliate_id
                        AND role <> 'member' AND confirmed_at IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'listing_author_speaks_for_affiliate'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="listing_seats_not_below_taken",
                operation=pgtrigger.UpdateOf("seats"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__seats__isnull=False),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM exchange_exchange
                        WHERE listing_id = NEW.id AND place > NEW.seats
                    ) THEN
                        RAISE EXCEPTION 'listing_seats_not_below_taken'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("(no title yet)"))

    def get_absolute_url(self) -> str:
        """Give its address, with its title in it for people who read addresses."""
        slug = slugify(self.title, allow_unicode=True)
        slug = "-" if slug in VERBS or not slug else slug
        return reverse("exchange:listing", args=[self.pk, slug])

    @property
    def what(self) -> str:
        """Say in a word what it is about: a training, a venue."""
        return str(self.get_resource_display() or self.get_of_display())

    @property
    def where(self) -> str:
        """Say where it happens; the place has to be fetched with it."""
        if self.place is None or self.mode == self.Mode.REMOTE:
            return str(self.get_mode_display())
        if self.mode == self.Mode.BOTH:
            return str(_("Online, or in %(place)s") % {"place": self.place})
        return str(self.place)

    @property
    def is_offer(self) -> bool:
        """Tell an offer from a request."""
        return self.kind == self.Kind.OFFER

    @property
    def invites(self) -> bool:
        """Say whether it invites to answer it, however full its author is.

        No page says of such a listing whether its author has room: beside the word on the
        person it would tell whether they rest or are full. Only who answers it is told.
        """
        return kinds.invites(self.kind, self.of)
