"""The tree of skills, and its labels in many languages."""

import re
from collections.abc import Iterable
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce, Length
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from capx.folding import fold

COMMAS = ",;،؛、，；\n"  # noqa: RUF001 -- what stands between names in all our scripts
COMMAS_TO_SPACES = str.maketrans(dict.fromkeys(COMMAS, " "))
SIMILAR = 0.45
SHORTEST_BEGINNING = 3


def name_key(name: str) -> str:
    """Fold a name so that it can be compared; a comma inside it makes no difference."""
    return fold(name.translate(COMMAS_TO_SPACES))


class SkillQuerySet(models.QuerySet["Skill"]):
    """Reads of the tree of skills."""

    def within(self, skills: "models.QuerySet[Skill] | list[Skill]") -> Self:
        """Keep these skills and everything below them."""
        roots = [skill.pk for skill in skills]
        return self.filter(path__overlap=roots)

    def labelled(self, language: str | None = None) -> Self:
        """Add `label` in the reader's language, else in English, else the slug."""
        return self.annotate(label=label_of("pk", language))

    def by_label(self) -> Self:
        """Order by what the reader calls them."""
        return self.labelled().order_by(models.F("label"), "pk")

    def under_labels(self, language: str | None = None) -> Self:
        """Add `label`, and `parent_label`, which is empty for a branch."""
        above = Coalesce(label_of("parent_id", language), Value(""))
        return self.labelled(language).annotate(parent_label=above)


def label_of(skill: str, language: str | None = None) -> Coalesce:
    """Say, for a query, what the skill with this key is called by the reader."""
    code = (language or get_language() or "en").split("-")[0]
    labels = SkillLabel.objects.filter(skill=models.OuterRef(skill))
    return Coalesce(
        models.Subquery(labels.filter(language=code).values("label")[:1]),
        models.Subquery(labels.filter(language="en").values("label")[:1]),
        models.Subquery(Skill.objects.filter(pk=models.OuterRef(skill)).values("slug")[:1]),
        output_field=models.CharField(),
    )


class Skill(models.Model):
    """Something people can do and teach; a skill includes what is below it."""

    slug = models.SlugField(_("part of its address"), unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("stands below"),
    )
    # The keys from the root down to this skill itself, kept by the database.
    path = ArrayField(models.BigIntegerField(), editable=False, default=list)
    wikidata = models.CharField(
        _("Wikidata id"),
        max_length=12,
        null=True,
        blank=True,
        unique=True,
    )
    technical = models.BooleanField(_("technical"), default=False)
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Stays where it is used; is not suggested.")
    )

    label: str  # of labelled()
    parent_label: str  # of under_labels()

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        constraints = [
            models.CheckConstraint(
                name="skill_wikidata_id_is_one",
                condition=models.Q(wikidata__regex=r"^Q[1-9][0-9]*$"),
                violation_error_message=_("A Wikidata id looks like Q42."),
            ),
        ]
        indexes = [GinIndex(name="skill_path", fields=["path"])]
        triggers = [
            pgtrigger.Trigger(
                name="skill_path_without_cycle",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                when=pgtrigger.Before,
                declare=[("above", "bigint[]")],
                func="""
                    SELECT path INTO above FROM volunteers_skill WHERE id = NEW.parent_id;
                    IF NEW.id = ANY(above) OR NEW.parent_id = NEW.id THEN
                        RAISE EXCEPTION 'skill_without_cycle: a skill cannot stand below itself'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    NEW.path = COALESCE(above, '{}') || NEW.id;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="skill_path_of_children",
                operation=pgtrigger.UpdateOf("path", "parent_id"),
                when=pgtrigger.After,
                condition=pgtrigger.Q(old__path__df=pgtrigger.F("new__path")),
                func="""
                    UPDATE volunteers_skill SET parent_id = parent_id WHERE parent_id = NEW.id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """Give the address of the skill's page."""
        return reverse("volunteers:skill", args=[self.slug])


class Lines(models.Func):
    """The names of a label, one line each, as an array."""

    function = "string_to_array"
    template = "%(function)s(%(expressions)s, E'\\n')"
    output_field = ArrayField(models.TextField())


class SkillLabelQuerySet(models.QuerySet["SkillLabel"]):
    """Reads of what skills are called."""

    def called(self, names: Iterable[str]) -> Self:
        """Keep those that have exactly one of these names, case and accents aside."""
        keys = [name_key(name) for name in names]
        return self.alias(lines=Lines("folded")).filter(lines__overlap=keys)

    def beginning(self, words: str) -> Self:
        """Keep those with a name that begins so, best first; then those that contain it."""
        key = name_key(words)
        if not key:
            return self.none()
        fit = models.Case(
            models.When(lines__overlap=[key], then=5),
            models.When(folded__startswith=key, then=4),
            models.When(folded__contains=f"\n{key}", then=3),
            models.When(folded__contains=f" {key}", then=2),
            default=1,
        )
        found = self.filter(skill__retired=False, folded__contains=key)
        return found.alias(lines=Lines("folded")).annotate(fit=fit).best_first()

    def naming(self, word: str) -> Self:
        """Keep those with a name in which a word begins so; a short word has to be whole."""
        whole = len(word) < SHORTEST_BEGINNING
        alone = whole and not word.isascii()  # in Chinese a sign is a word
        ends = r"($|[[:space:][:punct:]])" if whole and not alone else ""
        begins = "" if alone else "(^|[[:space:][:punct:]])"
        return self.filter(
            skill__retired=False, folded__regex=f"{begins}{re.escape(word)}{ends}"
        )

    def resembling(self, words: str) -> Self:
        """Keep those with a name that is written much like this, best first.

        A word that begins with the same letter has to be in it; to compare all is too slow.
        """
        key = name_key(words)
        letters = "".join({word[0] for word in re.findall(r"\w+", key)})
        if not letters:
            return self.none()
        near = self.filter(skill__retired=False, folded__regex=rf"(^|\s)[{letters}]")
        fit = TrigramWordSimilarity(key, "folded")
        return near.annotate(fit=fit).filter(fit__gte=SIMILAR).best_first()

    def best_first(self) -> Self:
        """Put the best fit first, then the reader's language, then the shortest label."""
        code = (get_language() or "en").split("-")[0]
        foreign = models.Case(models.When(language=code, then=0), default=1)
        return self.order_by("-fit", foreign, Length("label"), "label", "pk")


class SkillLabel(models.Model):
    """What a skill is called in one language, with the other names people type."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="labels")
    language = models.CharField(_("language"), max_length=8)
    label = models.CharField(_("label"), max_length=120)
    other_names = ArrayField(
        models.CharField(max_length=120),
        verbose_name=_("other names"),
        default=list,
        blank=True,
    )
    # Label and other names without accents, one line each: what the picker looks through.
    folded = models.TextField(editable=False)

    objects = SkillLabelQuerySet.as_manager()

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = [
            models.UniqueConstraint(
                name="skill_one_label_per_language",
                fields=["skill", "language"],
                violation_error_message=_("This skill already has a label in this language."),
            ),
        ]
        indexes = [
            GinIndex(OpClass("folded", "gin_trgm_ops"), name="skill_label_folded"),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.language})"

    def save(self, **kwargs: Any) -> None:
        """Keep the folded names in step with what people read."""
        self.fold()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded"}
        super().save(**kwargs)

    def fold(self) -> None:
        """Write down all names without accents, for the picker."""
        names = [self.label, *self.other_names]
        self.folded = "\n".join(dict.fromkeys(name_key(name) for name in names))

    def name_like(self, words: str) -> str:
        """Give the first of its names that has these words in it, else its label."""
        key = name_key(words)
        names = [self.label, *self.other_names]
        return next((name for name in names if key in name_key(name)), self.label)
