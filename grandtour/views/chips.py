"""Skills as links into the catalogue."""

from django.urls import reverse

from volunteers.models.skills import SkillQuerySet


def chips(skills: SkillQuerySet) -> list[dict[str, str]]:
    """Give what a list of chips shows, in the order of what the reader calls them."""
    found = reverse("exchange:catalogue")
    return [
        {"label": skill.label, "href": f"{found}?skill={skill.slug}"}
        for skill in skills.by_label()
    ]
