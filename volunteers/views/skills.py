"""The tree of skills, and each skill in all its languages."""

from dataclasses import dataclass, field

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from volunteers.models import Skill
from volunteers.views.suggest import LONGEST, named_so


@dataclass(slots=True)
class Branch:
    """A skill with what is below it."""

    skill: Skill
    below: list["Branch"] = field(default_factory=list)


@require_safe
@login_not_required
def skills(request: HttpRequest) -> HttpResponse:
    """Show the whole tree, or what is called so in any language."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    if words:
        names = named_so(words)
        rows = Skill.objects.filter(retired=False).under_labels().in_bulk(list(names))
        found = [(rows[pk], name) for pk, name in names.items() if pk in rows]
        return render(request, "volunteers/skills.html", {"words": words, "found": found})
    return render(request, "volunteers/skills.html", {"roots": _tree()})


def _tree() -> list[Branch]:
    """Put every skill that is still suggested below its parent."""
    living = list(Skill.objects.filter(retired=False).by_label())
    branches = {skill.pk: Branch(skill) for skill in living}
    roots: list[Branch] = []
    for skill in living:
        above = branches.get(skill.parent_id) if skill.parent_id else None
        (above.below if above else roots).append(branches[skill.pk])
    return roots


@require_safe
@login_not_required
def skill(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a skill is called in each language, and what is around it."""
    found = get_object_or_404(Skill.objects.labelled(), slug=slug)
    above = Skill.objects.filter(pk__in=found.path).exclude(pk=found.pk).labelled()
    children = found.children.filter(retired=False).by_label()
    context = {
        "skill": found,
        "trail": sorted(above, key=lambda one: found.path.index(one.pk)),
        "children": children,
        "labels": found.labels.order_by("language"),
    }
    return render(request, "volunteers/skill.html", context)
