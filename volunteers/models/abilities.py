"""What people speak, and what they can do, teach and want to learn."""

from typing import TYPE_CHECKING, Self

from django.db import connection, models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from volunteers.models.skills import Skill, label_of
from volunteers.models.spoken import SPOKEN

if TYPE_CHECKING:
    from volunteers.models.people import PersonQuerySet


class PersonLanguageQuerySet(models.QuerySet["PersonLanguage"]):
    """Reads of who speaks what."""

    def spoken_by(self, people: "PersonQuerySet") -> list[str]:
        """List the languages these people speak."""
        keys, values = people.order_by().values("pk").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(SPOKEN.format(people=keys), values)
            return [language for (language,) in cursor.fetchall()]


class PersonLanguage(models.Model):
    """A language a person speaks, and how well."""

    class Level(models.TextChoices):
        """As wikis write it in their language boxes."""

        SOME = "1", _("a little")
        MEDIUM = "2", _("fairly well")
        GOOD = "3", _("well")
        FLUENT = "4", _("fluently")
        NATIVE = "N", _("first language")

    person = models.ForeignKey("Person", models.CASCADE, related_name="languages")
    language = models.CharField(_("language"), max_length=8)
    level = models.CharField(_("how well"), max_length=1, choices=Level)

    objects = PersonLanguageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="person_language_once",
                fields=["person", "language"],
                violation_error_message=_("This language is in the list already."),
            )
        ]
        indexes = [models.Index(name="person_language_by_name", fields=["language", "person"])]

    def __str__(self) -> str:
        return f"{self.language}-{self.level}"


class PersonSkillQuerySet(models.QuerySet["PersonSkill"]):
    """Reads of who can do, teaches or wants to learn what."""

    def able(self) -> Self:
        """Keep what people can do or teach."""
        return self.exclude(how=PersonSkill.How.WANTS)

    def once_each(self) -> Self:
        """Keep one of somebody who both does and teaches a skill."""
        same = PersonSkill.objects.able().filter(
            person=models.OuterRef("person"), skill=models.OuterRef("skill")
        )
        return self.exclude(models.Exists(same.filter(pk__lt=models.OuterRef("pk"))))

    def labelled(self) -> Self:
        """Add `label` and `slug` of the skill, as the reader calls it, in its order."""
        return self.annotate(label=label_of("skill_id"), slug=F("skill__slug")).order_by(
            "how", "label"
        )


class PersonSkill(models.Model):
    """A person's relation to a skill."""

    class How(models.TextChoices):
        """What a skill is to somebody."""

        HAS = "has", _("I can do this")
        TEACHES = "teaches", _("I can teach this")
        WANTS = "wants", _("I want to learn this")

    person = models.ForeignKey("Person", models.CASCADE, related_name="person_skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="person_skills")
    how = models.CharField(max_length=8, choices=How)

    label: str  # of labelled()
    slug: str

    objects = PersonSkillQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="person_skill_once", fields=["person", "skill", "how"])
        ]
        indexes = [
            models.Index(name="person_skill_by_skill", fields=["skill", "how", "person"])
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.how} {self.skill}"
