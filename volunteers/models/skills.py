"""The tree of skills, and its labels in many languages."""

from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class SkillQuerySet(models.QuerySet["Skill"]):
    """Reads of the tree of skills."""

    def within(self, skills: "models.QuerySet[Skill] | list[Skill]") -> Self:
        """Keep these skills and everything below them."""
        roots = [skill.pk for skill in skills]
        return self.filter(path__overlap=roots)

    def labelled(self, language: str | None = None) -> Self:
        """Add `label` in the reader's language, else in English, else the slug."""
        code = (language or get_language() or "en").split("-")[0]
        own = SkillLabel.objects.filter(skill=models.OuterRef("pk"), language=code)
        english = SkillLabel.objects.filter(skill=models.OuterRef("pk"), language="en")
        return self.annotate(
            label=Coalesce(
                models.Subquery(own.values("label")[:1]),
                models.Subquery(english.values("label")[:1]),
                models.F("slug"),
            )
        )


class Skill(models.Model):
    """Something people can do and teach; a skill includes what is below it."""

    slug = models.SlugField(unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
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

    objects = SkillQuerySet.as_manager()

    class Meta:
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

    class Meta:
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
