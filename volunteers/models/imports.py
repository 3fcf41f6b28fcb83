"""Files of other systems: how far each is read and written, its lines, whom they are about."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Count, F, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from volunteers.models.affiliates import Affiliate
from volunteers.models.bandwidth import Commitment, Lasting, hours_of
from volunteers.models.people import Person
from volunteers.models.skills import Skill

# Lines are kept so long: before that an import can be taken back, afterwards nobody reads them.
KEPT = timedelta(days=30)
# A file that nobody confirms goes.
WAITS = timedelta(days=7)


class ImportQuerySet(models.QuerySet["Import"]):
    """Reads of imports."""

    def run_by(self, person: Person) -> Self:
        """Keep those this person may see and decide on: their own, their affiliates'."""
        own = Q(affiliate=None, by=person)
        return self.filter(own | Q(affiliate__in=Affiliate.objects.cared_for_by(person)))

    def at_work(self) -> Self:
        """Keep those that go on in the background, the oldest first."""
        return self.filter(state__in=Import.AT_WORK).order_by("pk")

    def newest(self) -> Self:
        """Put the newest first."""
        return self.select_related("by", "affiliate").order_by("-created_at", "-pk")

    def outdated(self, now: datetime) -> Self:
        """Keep those that nobody confirmed, and those whose lines are not needed any more."""
        forgotten = Q(state__in=[Import.State.ASKED, Import.State.READ])
        forgotten &= Q(created_at__lt=now - WAITS)
        return self.filter(forgotten | Q(created_at__lt=now - KEPT, state__in=Import.ENDED))


class Import(Stateful):
    """One file of another system, on its way in."""

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked", _("A question first")
        READING = "reading", _("Being read")
        READ = "read", _("Waits for you")
        WRITING = "writing", _("Being written")
        TELLING = "telling", _("People are being told")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped: nothing was changed")
        UNDONE = "undone", _("Taken back")

    class Kind(models.TextChoices):
        """What the lines are about."""

        ACTIVITIES = "activities", _("Activities and hours")
        CONTACTS = "contacts", _("Contacts")

    AT_WORK = (State.READING, State.WRITING, State.TELLING)
    ENDED = (State.DONE, State.STOPPED, State.UNDONE)
    MOVES = {
        State.ASKED: {State.READING},
        State.READING: {State.READ},
        State.READ: {State.WRITING},
        State.WRITING: {State.TELLING, State.STOPPED},
        State.TELLING: {State.DONE},
        State.DONE: {State.UNDONE},
        State.STOPPED: set(),
        State.UNDONE: set(),
    }

    # None: somebody's own hours.
    affiliate = models.ForeignKey(
        Affiliate, models.CASCADE, null=True, blank=True, related_name="imports"
    )
    by = models.ForeignKey(Person, models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=8, choices=State)
    file_name = models.CharField(max_length=200)
    # The file itself, until its last line is read.
    content = models.BinaryField(default=bytes)
    letters = models.CharField(max_length=20)
    header = ArrayField(models.TextField())
    left_out = ArrayField(models.TextField(), default=list)
    # Of 03/04/2026: does the day come first? None: no such day, or nobody has said yet.
    day_first = models.BooleanField(null=True)
    # A day of the file that can be two.
    open_day = models.CharField(max_length=60, blank=True)
    lines_in_all = models.PositiveIntegerField(default=0)
    # How many lines, or people, this step is through with.
    position = models.PositiveIntegerField(default=0)
    # Refused lines do not hold the others up.
    partly = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="import_file_goes_once_it_is_read",
                condition=Q(state__in=["asked", "reading"]) | Q(content=b""),
            ),
            models.CheckConstraint(
                name="import_ended_has_its_moment",
                condition=Q(state__in=["done", "stopped", "undone"], ended_at__isnull=False)
                | Q(
                    ~Q(state__in=["done", "stopped", "undone"]),
                    ended_at=None,
                ),
            ),
            models.CheckConstraint(
                name="import_of_contacts_has_an_affiliate",
                condition=Q(kind="activities") | Q(affiliate__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="import_at_work",
                fields=["id"],
                condition=Q(state__in=["reading", "writing", "telling"]),
            ),
            models.Index(name="import_by_affiliate", fields=["affiliate", "-created_at"]),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Give the address of its page."""
        return reverse("volunteers:import", args=[self.pk])

    @property
    def at_work(self) -> bool:
        """Say whether it goes on by itself."""
        return self.state in self.AT_WORK

    @property
    def scope(self) -> str:
        """Give what the keys of its commitments begin with."""
        return f"{self.affiliate_id or 'own'}:"

    def progress(self) -> int | None:
        """Count the lines this step is through with; None where it counts no lines."""
        if self.state == self.State.READING:
            return self.position
        if self.state == self.State.WRITING:
            return self.lines.filter(number__lte=self.position).count()
        return None

    def counts(self) -> dict[str, int]:
        """Count its lines by what becomes of them, in one statement."""
        good = Q(reason="")
        counted: dict[str, int] = self.lines.aggregate(
            all=Count("pk"),
            refused=Count("pk", filter=~good),
            unmatched=Count("pk", filter=good & Q(person=None)),
            new=Count("pk", filter=good & Q(outcome="new")),
            changed=Count("pk", filter=good & Q(outcome="changed")),
            unchanged=Count("pk", filter=good & Q(outcome="unchanged")),
        )
        return counted


class ImportLineQuerySet(models.QuerySet["ImportLine"]):
    """Reads of the lines of a file."""

    def good(self) -> Self:
        """Keep those that are not refused."""
        return self.filter(reason="")

    def refused(self) -> Self:
        """Keep those that are refused, in the order of the file."""
        return self.exclude(reason="").order_by("number")

    def seen_among(self, people: "models.QuerySet[Person]") -> Self:
        """Add `who`, the one a line is about, where they are among these people."""
        them = people.filter(pk=OuterRef("person"))
        shown = Coalesce(NullIf(F("name"), Value("")), F("contact"))
        names = them.annotate(who=Coalesce(NullIf(F("name"), Value("")), F("username")))
        who = Coalesce(
            Subquery(names.values("who")[:1]), shown, output_field=models.TextField()
        )
        return self.annotate(who=who).order_by("number")

    def elsewhere_before(self, people: "models.QuerySet[Person]") -> Self:
        """Keep new ones of an export that was about another one of these people, by line.

        `whose` is the other, who has the same hours still: no more than an export tells.
        """
        theirs = Commitment.objects.kept().filter(
            ~Q(person=OuterRef("person")),
            pk=OuterRef("ours_row"),
            source=Commitment.Source.IMPORT,
            affiliate=OuterRef("of__affiliate"),
            person__in=people,
        )
        found = self.good().filter(outcome=ImportLine.Outcome.NEW).exclude(ours_key="")
        whose = theirs.annotate(
            whose=Coalesce(NullIf(F("person__name"), Value("")), F("person__username"))
        )
        named = found.seen_among(people).annotate(whose=Subquery(whose.values("whose")[:1]))
        return named.exclude(whose=None)

    def unmatched(self) -> Self:
        """Keep those that are about nobody we know."""
        return self.good().filter(person=None)

    def contacts(self) -> "models.QuerySet[ImportLine, dict[str, Any]]":
        """List whom the lines are about, first those whom nobody stands for."""
        others = [ImportLine.Reason.TWICE, ImportLine.Reason.CONTRADICTS]
        about = self.filter(Q(reason="") | Q(reason__in=others)).exclude(contact="")
        grouped = about.values("contact", "person", "person__username").annotate(
            called=Min("name"), mail=Min("email"), account=Min("username"), line=Min("number")
        )
        ordered: models.QuerySet[ImportLine, dict[str, Any]]
        ordered = grouped.order_by(F("person").asc(nulls_first=True), "contact")  # type: ignore[assignment]  # rows as dicts
        return ordered


class ImportLine(Lasting):
    """One line of a file: what stands there, what it means, what becomes of it."""

    class Reason(models.TextChoices):
        """Why a line is refused; %(about)s is what stood there."""

        RAGGED = "ragged", _("The line has more cells (%(about)s) than there are columns.")
        NO_DAY = "no_day", _("There is no date.")
        WRONG_DAY = "wrong_day", _("“%(about)s” is no date we can read.")
        AMBIGUOUS_DAY = "ambiguous_day", _("“%(about)s” can be two days.")
        FAR_DAY = "far_day", _("“%(about)s” is before 2001 or more than five years ahead.")
        WRONG_ORDER = "wrong_order", _("The last day, %(about)s, is before the first.")
        NO_DURATION = "no_duration", _("There is no duration.")
        WRONG_DURATION = "wrong_duration", _("“%(about)s” is no duration we can read.")
        TOO_LONG = "too_long", _("“%(about)s” is more than 80 hours a week.")
        NO_SUBJECT = "no_subject", _("There is neither a subject nor a type.")
        WRONG_STATUS = "wrong_status", _("“%(about)s” is no status we know.")
        NO_CONTACT = "no_contact", _("It does not say whom it is about.")
        SEVERAL = "several", _("Several people in one line: “%(about)s”. One line for each.")
        TWICE = "twice", _("It says the same as line %(about)s.")
        CONTRADICTS = "contradicts", _("Line %(about)s says something else about the same.")
        NOBODY = "nobody", _("Nobody who takes hours from files stands for this contact.")
        NOT_YOU = "not_you", _("“%(about)s” is not you.")
        WRONG_ID = (
            "wrong_id",
            _(
                "“%(about)s” is no Capacity Exchange ID. Leave the cell empty, or take the"
                " hours out anew."
            ),
        )
        HERE_ALREADY = (
            "here_already",
            _(
                "It comes from hours here that no file of your affiliate brought: they would"
                " count twice."
            ),
        )
        NOT_FROM_FILE = (
            "not_from_file",
            _("No file of yours brought this: change it where it stands, not here."),
        )

    class Outcome(models.TextChoices):
        """What a line does to what is here."""

        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")

    of = models.ForeignKey(Import, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    cells = ArrayField(models.TextField())
    reason = models.CharField(max_length=16, choices=Reason, blank=True)
    about = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    username = models.CharField(max_length=255, blank=True)
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # Which activity of its person it is: `ours_key` where they have it, else what it says.
    key = models.CharField(max_length=100, blank=True)
    said_key = models.CharField(max_length=100, blank=True)
    # What an export of ours says: its row, and the key it had if files of theirs brought it.
    ours_key = models.CharField(max_length=100, blank=True)
    ours_row = models.BigIntegerField(null=True)
    what = models.CharField(max_length=200, blank=True)
    skill = models.ForeignKey(Skill, models.SET_NULL, null=True, related_name="+")
    period = DateRangeField(null=True)
    weekly_hours = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    # What the commitment will be: planned, running, done or dropped.
    becomes = models.CharField(max_length=9, choices=Commitment.State, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    # What stood there before, so that it can be put back.
    before = models.JSONField(null=True)

    objects = ImportLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="import_line_once", fields=["of", "number"]),
        ]
        indexes = [
            models.Index(name="import_line_by_contact", fields=["of", "contact"]),
            models.Index(name="import_line_by_person", fields=["person", "key"]),
        ]

    def __str__(self) -> str:
        return f"line {self.number}"

    @property
    def hours(self) -> Decimal | None:
        """Give its hours in all, as they were read."""
        return hours_of(self.period, self.weekly_hours) if self.weekly_hours else None

    def stands(self) -> str:
        """Give what stood there in one line, its trailing empty cells left out."""
        return " · ".join(self.cells).rstrip(" ·")

    def why(self) -> str:
        """Say why it is refused, in the reader's language."""
        return str(self.get_reason_display()) % {"about": self.about}
