"""Practices: what was tried, what worked, what did not, what one would reuse."""

from functools import reduce
from operator import and_, or_
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, JSONObject, Upper
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from capx.states import Stateful
from exchange.models.exchanges import Exchange
from exchange.search import parse
from volunteers.models import Affiliate, Person, Skill, SkillLabel
from volunteers.models.folded import Folded

# Words that stand where an address has the title: `/practices/12/edit/`.
VERBS = frozenset(("archive", "edit"))
SEARCHED = ("title", "context", "tried", "worked", "did_not", "would_reuse", "source")
TEXT = Concat(
    *(part for field in SEARCHED for part in (field, Value(" "))),
    output_field=models.TextField(),
)


class PracticeQuerySet(models.QuerySet["Practice"]):
    """Reads of practices."""

    def published(self) -> Self:
        """Keep what is there for everybody to learn from."""
        return self.filter(state=Practice.State.PUBLISHED, hidden_at=None)

    def found_by(self, viewer: Person | AnonymousUser) -> Self:
        """Keep what this viewer can find; also what somebody who left let stay."""
        seen = Q(author__in=Person.objects.visible_to(viewer))
        left = Q(author__in=Person.objects.who_left())
        return self.published().filter(seen | left)

    def visible_to(self, viewer: Person | AnonymousUser) -> Self:
        """Keep what this viewer may read: what can be found, and one's own."""
        found = Q(pk__in=Practice.objects.found_by(viewer).values("pk"))
        return self.filter(
            found if isinstance(viewer, AnonymousUser) else found | Q(author=viewer)
        )

    def telling_of(self, text: str) -> Self:
        """Keep those that have what was typed, in their words or in any name of a skill."""
        kept = self
        for clause in parse(text):
            phrases = (reduce(and_, map(_told, phrase)) for phrase in clause.phrases)
            there = reduce(or_, phrases)
            kept = kept.exclude(there) if clause.without else kept.filter(there)
        return kept

    def about(self, skills: list[Skill]) -> Self:
        """Keep those about all of these skills; a skill includes what is below it."""
        kept = self
        for skill in skills:
            written = Practice.skills.through.objects.filter(
                practice=OuterRef("pk"), skill__in=Skill.objects.within([skill])
            )
            kept = kept.filter(Exists(written))
        return kept

    def newest(self) -> Self:
        """Put the newest first, with the author whom a line names."""
        rows = self.select_related("author", "affiliate")
        return rows.order_by(F("published_at").desc(nulls_first=True), "-pk")

    def as_shown(self) -> Self:
        """Add what a card or a page needs, newest first; `chips` are the skills as links."""
        skills = (
            Skill.objects.filter(practices=OuterRef("pk")).labelled().order_by("label", "pk")  # type: ignore[misc]  # labelled() adds it
        )
        found = Value(f"{reverse('exchange:catalogue')}?skill=")
        chip = JSONObject(label="label", href=Concat(found, "slug"))
        chips = ArraySubquery(skills.values_list(chip))
        return self.newest().annotate(chips=chips)


def _told(word: str) -> Q:
    """Say that a word stands in the text, or begins a name of a skill it is about."""
    called = SkillLabel.objects.naming(word).values("skill")
    within = Skill.objects.filter(path__overlap=ArraySubquery(called))
    about = Practice.skills.through.objects.filter(skill__in=within)
    return Q(folded__contains=word) | Q(pk__in=about.values("practice"))


class Practice(Stateful):
    """A note that others can learn from; from an exchange, or on its own."""

    class State(models.TextChoices):
        """The life of a practice."""

        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    MOVES: ClassVar = {
        State.DRAFT: {State.PUBLISHED, State.ARCHIVED},
        State.PUBLISHED: {State.ARCHIVED},
        State.ARCHIVED: {State.PUBLISHED},
    }

    state = models.CharField(
        _("state"), max_length=9, choices=State, default=State.DRAFT, editable=False
    )
    author = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="practices",
        editable=False,
        verbose_name=_("author"),
    )
    affiliate = models.ForeignKey(
        Affiliate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="practices",
        verbose_name=_("on behalf of"),
    )
    exchange = models.ForeignKey(
        Exchange,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="practices",
        editable=False,
    )
    title = models.CharField(_("title"), max_length=120)
    context = models.TextField(_("in which situation"), max_length=2000, blank=True)
    tried = models.TextField(_("what did you try?"), max_length=4000)
    worked = models.TextField(_("what worked?"), max_length=4000)
    did_not = models.TextField(_("what did not?"), max_length=4000, blank=True)
    would_reuse = models.TextField(_("what would you use again?"), max_length=4000, blank=True)
    language = models.CharField(_("language of the text"), max_length=8)
    skills = models.ManyToManyField(
        Skill, related_name="practices", blank=True, verbose_name=_("skills")
    )
    countries = ArrayField(
        models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True
    )
    source = models.CharField(_("source outside the movement"), max_length=200, blank=True)
    source_url = models.URLField(_("address of the source"), blank=True, max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    hidden_at = models.DateTimeField(_("hidden"), null=True, editable=False)
    # All its words without accents: what the search looks through.
    folded = models.GeneratedField(
        expression=Folded(TEXT), output_field=models.TextField(), db_persist=True
    )

    objects = PracticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        constraints = [
            models.CheckConstraint(
                name="practice_published_unless_draft",
                condition=~Q(state="published") | Q(published_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="practice_one_per_side_of_an_exchange", fields=["exchange", "author"]
            ),
        ]
        indexes = [
            GinIndex(OpClass(Upper("title"), "gin_trgm_ops"), name="practice_title_trigrams"),
            GinIndex(OpClass("folded", "gin_trgm_ops"), name="practice_folded"),
            models.Index(
                name="practice_newest",
                fields=["-published_at", "-id"],
                condition=Q(state="published", hidden_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give its address, with its title in it."""
        slug = slugify(self.title, allow_unicode=True)
        slug = "-" if slug in VERBS or not slug else slug
        return reverse("exchange:practice", args=[self.pk, slug])


class Artefact(models.Model):
    """Something one can take away: a template, a deck, a script."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="artefacts")
    name = models.CharField(_("name"), max_length=120)
    url = models.URLField(_("address"), max_length=500)

    def __str__(self) -> str:
        return self.name
