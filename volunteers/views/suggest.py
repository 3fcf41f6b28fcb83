"""Suggestions while somebody types: skills and places by any of their names."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from volunteers.forms.codes import KINDS, codes_like
from volunteers.models import Place, Skill, SkillLabel
from volunteers.models.skills import name_key

MOST = 8
LONGEST = 80


@require_safe
@login_not_required
@cache_control(private=True, max_age=60)
@vary_on_headers("Cookie", "Accept-Language")
def suggest_skills(request: HttpRequest) -> JsonResponse:
    """Name skills that are called so in any language, in the reader's own."""
    words = request.GET.get("q", "")[:LONGEST]
    typed = named_so(words)
    skills = Skill.objects.filter(pk__in=typed).under_labels().in_bulk()
    answer = [
        {
            "slug": skill.slug,
            "label": skill.label,
            "hint": _hint(skill.label, skill.parent_label, typed[pk], words),
        }
        for pk in typed
        if (skill := skills[pk])
    ]
    return JsonResponse({"skills": answer})


def named_so(words: str) -> dict[int, str]:
    """Find skills, best first, each with the name by which it was found."""
    found: dict[int, str] = {}
    labels = SkillLabel.objects.only("skill_id", "label", "other_names")
    for label in labels.beginning(words)[: MOST * 4]:
        found.setdefault(label.skill_id, label.name_like(words))
    if not found:
        for label in labels.resembling(words)[: MOST * 4]:
            found.setdefault(label.skill_id, label.label)
    return dict(list(found.items())[:MOST])


def _hint(label: str, parent: str, name: str, words: str) -> str:
    """Say by which name it was found, else where it stands in the tree."""
    return parent if name_key(words) in name_key(label) or name == label else name


@require_safe
@login_not_required
@cache_control(private=True, max_age=60)
@vary_on_headers("Cookie", "Accept-Language")
def suggest_places(request: HttpRequest) -> JsonResponse:
    """Name places that are called so in any language."""
    places = Place.objects.named(request.GET.get("q", "")[:LONGEST]).only("name", "country")
    answer = [{"id": place.pk, "label": str(place)} for place in places[:MOST]]
    return JsonResponse({"places": answer})


@require_safe
@login_not_required
@cache_control(private=True, max_age=60)
@vary_on_headers("Cookie", "Accept-Language")
def suggest_codes(request: HttpRequest, kind: str) -> JsonResponse:
    """Name countries or languages as the reader calls them."""
    if kind not in KINDS:
        raise Http404
    found = codes_like(kind, request.GET.get("q", "")[:LONGEST])
    return JsonResponse({"codes": [{"id": code, "label": name} for code, name in found]})
