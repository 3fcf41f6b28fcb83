"""What was known of each skill on a night: only what everybody who may look may learn."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Self

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Cast, Concat, RowNumber
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from volunteers.models.affiliates import Affiliate
from volunteers.models.regions import Region
from volunteers.models.skills import Skill, label_of

NUMBERS = (
    *("carriers", "effective", "truck_factor", "score", "use", "over", "demand", "room"),
)
TEXT = models.CharField()
Numbers = tuple[float | None, ...]  # in their order


class BottleneckSnapshotQuerySet(models.QuerySet["BottleneckSnapshot"]):
    """Reads of snapshots."""

    def last_day(self) -> date | None:
        """Give the day of the newest snapshot."""
        found: date | None = self.aggregate(last=models.Max("day"))["last"]
        return found

    def of(self, scope: str, day: date | None) -> Self:
        """Keep what was known of a scope on a day."""
        return self.filter(scope=scope, day=day) if day else self.none()

    def last_before(self, monday: date) -> Self:
        """Keep the newest snapshot before a day."""
        days = BottleneckSnapshot.objects.filter(day__lt=monday).order_by("-day")
        return self.filter(day=models.Subquery(days.values("day")[:1]))

    def numbers(self) -> dict[tuple[str, int], Numbers]:
        """Give the numbers shown, by scope and skill."""
        rows = self.filter(carriers__isnull=False)
        found = rows.values_list("scope", "skill_id", *NUMBERS)
        return {(scope, skill): tuple(numbers) for scope, skill, *numbers in found}

    def worst_first(self) -> Self:
        """Put the skills at risk first; those without numbers stand last of their kind."""
        risk = models.Case(
            *(models.When(level=level, then=n) for n, level in enumerate(self.model.Level)),
            default=9,
        )
        return (
            self.annotate(label=label_of("skill_id"), risk=risk)
            .select_related("skill")
            .order_by("risk", models.F("score").desc(nulls_last=True), "label", "pk")
        )

    def with_place(self) -> Self:
        """Read with each row the name of its affiliate, and the names of its region."""
        scope, key = models.OuterRef("scope"), Cast("pk", TEXT)
        affiliates = Affiliate.objects.alias(
            scope=Concat(models.Value("affiliate:"), key, output_field=TEXT)
        )
        regions = Region.objects.alias(
            scope=Concat(models.Value("region:"), "slug", output_field=TEXT)
        )
        return self.annotate(
            affiliate=models.Subquery(affiliates.filter(scope=scope).values("name")[:1]),
            names=models.Subquery(regions.filter(scope=scope).values("names")[:1]),
        )

    def known_of(self, scopes: Collection[str], day: date | None) -> set[str]:
        """Keep those of these scopes of which something is known on a day.

        Each is one look into an index; a night has ten thousands of rows.
        """
        known = "SELECT FROM volunteers_bottlenecksnapshot b WHERE b.scope = s AND b.day = %s"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT s FROM unnest(%s::text[]) s WHERE EXISTS ({known} OFFSET 0)",  # noqa: S608 -- our own words
                [list(scopes), day],
            )
            return {scope for (scope,) in cursor.fetchall()}

    def with_room(self, skills: "models.QuerySet[Skill]", day: date, few: int) -> Self:
        """Keep the few affiliates with most room that can do each, of five people or more."""
        found = self.filter(
            day=day,
            skill__in=skills,
            scope__startswith="affiliate:",
            carriers__isnull=False,
            band__in=[BottleneckSnapshot.Band.LOW, BottleneckSnapshot.Band.FINE],
        )
        order = models.Window(RowNumber(), partition_by="skill", order_by=["use", "pk"])
        return found.annotate(nth=order).filter(nth__lte=few)

    def outdated(self, day: date) -> Self:
        """Keep what may go: of each week older than a quarter, all but its last day."""
        later = BottleneckSnapshot.objects.filter(
            day__gt=models.OuterRef("day"), day__week=models.OuterRef("day__week")
        ).filter(day__lte=models.OuterRef("day") + timedelta(days=6))
        old = self.filter(day__lt=day - BottleneckSnapshot.DAILY)
        return old.filter(models.Exists(later))


class BottleneckSnapshot(models.Model):
    """A skill in one scope, as it stood on a night: no person, and no number about a few.

    A scope is `all`, `region:<slug>`, `country:<code>` or `affiliate:<key>`. Numbers are
    rounded before they are written, and missing where fewer than five people stand behind
    them, or where they could be subtracted from others until fewer than five are left.
    """

    DAILY = timedelta(days=92)

    class Level(models.TextChoices):
        """How much a skill is at risk."""

        RED = "red", pgettext_lazy("a skill at risk", "Red")
        AMBER = "amber", pgettext_lazy("a skill at risk", "Amber")
        FINE = "fine", pgettext_lazy("a skill at risk", "Fine")
        UNKNOWN = "unknown", pgettext_lazy("a skill at risk", "Not known")

    class Band(models.TextChoices):
        """How full those are who carry a skill."""

        LOW = "low", pgettext_lazy("how full people are", "Low")
        FINE = "fine", pgettext_lazy("how full people are", "Fine")
        HIGH = "high", pgettext_lazy("how full people are", "High")
        OVER = "over", pgettext_lazy("how full people are", "Over")
        UNKNOWN = "unknown", pgettext_lazy("how full people are", "Not known")

    day = models.DateField(_("day"))
    scope = models.CharField(_("where"), max_length=140)
    skill = models.ForeignKey(
        Skill, models.CASCADE, related_name="+", db_index=False, verbose_name=_("skill")
    )
    level = models.CharField(_("risk"), max_length=8, choices=Level)
    band = models.CharField(_("how full"), max_length=8, choices=Band)
    # The lower end of a range: 5 to 9, 10 to 19 …
    carriers = models.PositiveIntegerField(_("people who carry it, at least"), null=True)
    effective = models.FloatField(_("as many as so many equals"), null=True)
    truck_factor = models.PositiveIntegerField(_("people who carry half"), null=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    use = models.PositiveSmallIntegerField(_("part of the room that is used, %"), null=True)
    over = models.PositiveSmallIntegerField(
        _("part carried by people who are over, %"), null=True
    )
    demand = models.PositiveIntegerField(_("hours asked for a week"), null=True)
    room = models.PositiveIntegerField(_("hours of room a week"), null=True)

    label: str  # of worst_first()
    affiliate: str | None  # of with_place()
    names: dict[str, str] | None  # the same

    objects = BottleneckSnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("bottleneck")
        verbose_name_plural = _("bottlenecks")
        constraints = [
            models.UniqueConstraint(
                name="bottleneck_once_a_day", fields=["scope", "day", "skill"]
            ),
            models.CheckConstraint(
                name="bottleneck_numbers_of_five_or_more",
                condition=Q(carriers__isnull=False, carriers__gte=5)
                | Q(**{f"{name}__isnull": True for name in NUMBERS}),
            ),
        ]
        indexes = [
            models.Index(name="bottleneck_by_day", fields=["day"]),
            models.Index(name="bottleneck_by_skill", fields=["skill", "day"]),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.day}"
