"""Fields for skills and places: names in any language, with or without JavaScript."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from volunteers.models import Place, Skill, SkillLabel
from volunteers.models.skills import COMMAS, name_key

LONGEST = 2000
# A label may hold commas: `scripts, fonts and keyboards`.
PARTS_OF_A_NAME = 4
NAMED_UNKNOWN = 3


@dataclass(frozen=True)
class Chosen:
    """What a picker shows: all as text, the things picked, and the words that name nothing."""

    text: str = ""
    picked: list[dict[str, Any]] = field(default_factory=list)
    rest: str = ""

    def __str__(self) -> str:
        return self.text


class Picker(forms.TextInput):
    """A line of names, which a script makes comfortable; `source` is where it asks."""

    source = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> Any:
        """Give the template the things picked as `widget.value`, the text as `widget.text`."""
        chosen = value if isinstance(value, Chosen) else Chosen(value or "")
        context = super().get_context(name, chosen.text, attrs)
        context["widget"] |= {
            "source": reverse(self.source) if self.source else "",
            "text": chosen.text,
            "value": chosen.picked,
            "rest": chosen.rest,
        }
        return context

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> str | None:
        """Join the values: the script sends one for each thing picked."""
        if not hasattr(data, "getlist"):
            return str(data[name]) if data.get(name) else None
        values = data.getlist(name)
        return ", ".join(filter(None, values)) if values else None


class SkillsInput(Picker):
    """A line of skills."""

    template_name = "widgets/skills.html"
    source = "volunteers:suggest_skills"


class SkillsField(forms.CharField):
    """Skills by slug or by any of their names, with commas between them; gives a list."""

    widget = SkillsInput

    def __init__(self, *, most: int = 12, **kwargs: Any) -> None:
        """Take at most `most` skills."""
        self.most = most
        super().__init__(max_length=LONGEST, **kwargs)

    def prepare_value(self, value: Any) -> Chosen:
        """Write chosen skills as the reader calls them; keep what was typed."""
        if not value:
            return Chosen()
        if isinstance(value, str):
            found, unknown = _find(parts_of(value[:LONGEST]))
            keys = [skill.pk for skill in found]
        else:
            keys, unknown = [getattr(skill, "pk", skill) for skill in value], []
        skills = list(Skill.objects.filter(pk__in=keys).labelled())
        skills.sort(key=lambda skill: skill.label)
        picked = [{"slug": skill.slug, "label": skill.label} for skill in skills]
        text = ", ".join([*(pick["label"] for pick in picked), *unknown])
        return Chosen(text, picked, ", ".join(unknown))

    def clean(self, value: Any) -> list[Skill]:
        """Find each skill; name those that are unknown, with what comes near."""
        parts = parts_of(super().clean(value))
        found, unknown = _find(parts)
        if unknown:
            raise ValidationError([_unknown(name) for name in unknown[:NAMED_UNKNOWN]])
        if len(found) > self.most:
            raise ValidationError(
                ngettext(
                    "Name at most %(most)s skill.", "Name at most %(most)s skills.", self.most
                ),
                params={"most": self.most},
            )
        return found

    def right(self, value: Any) -> list[Skill]:
        """Give the skills that are known, whatever else was typed."""
        return _find(parts_of((value or "")[:LONGEST]))[0][: self.most]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what both would look like."""
        return self.prepare_value(initial) != self.prepare_value(data)


def parts_of(text: str) -> list[str]:
    """Split a line at its commas, whichever script they belong to."""
    return [part.strip() for part in re.split(f"[{COMMAS}\0]", text) if part.strip()]


def _find(parts: list[str]) -> tuple[list[Skill], list[str]]:
    """Find skills, the longest names first, and what no skill is called."""
    known = dict(_named(parts))
    found: dict[int, Skill] = {}
    unknown: list[str] = []
    while parts:
        for length in range(min(PARTS_OF_A_NAME, len(parts)), 0, -1):
            skill = known.get(name_key(" ".join(parts[:length])))
            if skill:
                found[skill.pk] = skill
                break
        else:
            unknown.append(parts[0])
        parts = parts[length:]
    return list(found.values()), unknown


def _named(parts: list[str]) -> Iterator[tuple[str, Skill]]:
    """Read what may be meant, the less likely first: what comes last wins."""
    names = {
        " ".join(parts[start : start + length])
        for start in range(len(parts))
        for length in range(1, PARTS_OF_A_NAME + 1)
    }
    own = (get_language() or "en").split("-")[0]
    labels = list(SkillLabel.objects.called(names).select_related("skill"))
    labels.sort(key=lambda label: (label.language == own, -label.pk))
    for label in labels:
        yield from ((line, label.skill) for line in label.folded.split("\n")[1:])
    for label in labels:
        yield label.folded.split("\n", maxsplit=1)[0], label.skill
    for skill in Skill.objects.filter(slug__in=parts):
        yield name_key(skill.slug), skill


def _unknown(name: str) -> ValidationError:
    """Say that no skill is called so, and which are called nearly so."""
    labels = SkillLabel.objects.resembling(name).values_list("skill", flat=True)
    skills = Skill.objects.labelled().in_bulk(keys := list(dict.fromkeys(labels[:10]))[:3])
    near = [skills[key].label for key in keys]
    if near:
        message = _("We know no skill called “%(name)s”. Do you mean: %(near)s?")
    else:
        message = _("We know no skill called “%(name)s”. Try another word for it.")
    return ValidationError(
        message, code="unknown", params={"name": name[:80], "near": " · ".join(near)}
    )


class PlaceInput(Picker):
    """A line for one place; beside it, unseen, the number of the one it stands for."""

    template_name = "widgets/place.html"
    source = "volunteers:suggest_places"

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> str | None:
        """Read the text and, after a line break, the number that stood beside it."""
        text = super().value_from_datadict(data, _files, name)
        picked = data.get(f"{name}_id")
        return f"{text}\n{picked}" if text and picked else text


class PlaceField(forms.CharField):
    """A city by its number or by any of its names, perhaps with its country; gives a place."""

    widget = PlaceInput

    def __init__(self, **kwargs: Any) -> None:
        """Take a name as long as places have."""
        super().__init__(max_length=200, **kwargs)

    def prepare_value(self, value: Any) -> Chosen:
        """Write a chosen place as the reader calls it; keep what was typed."""
        if not value:
            return Chosen()
        if isinstance(value, str):
            text, place = _meant(value)
        else:
            text, place = "", value
            if isinstance(value, int):
                place = Place.objects.filter(pk=value).first()
        if place is None:
            return Chosen(text, rest=text)
        return Chosen(str(place), [{"id": place.pk, "label": str(place)}])

    def clean(self, value: Any) -> Place | None:
        """Find the place; name what comes near where the name says too little."""
        text, place = _meant(super().clean(value))
        if place or not text:
            return place
        near = list(Place.objects.named(text)[:4])
        if near and near[0].fit == 0:
            return near[0]
        raise _unknown_place(text, near)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what both would look like."""
        return self.prepare_value(initial) != self.prepare_value(data)


def _meant(value: str) -> tuple[str, Place | None]:
    """Take a value apart into its text, and the place that was picked for just this text."""
    text, _break, picked = value.partition("\n")
    # A place once picked is sent as its number; what was typed after it counts more.
    number, _comma, typed = text.partition(", ")
    if number.isdecimal() and typed:
        text = typed
    number = text if text.isdecimal() else picked
    if not re.fullmatch(r"[0-9]{1,9}", number):
        return text, None
    place = Place.objects.filter(pk=int(number)).first()
    return text, place if place and text in (number, str(place)) else None


def _unknown_place(text: str, near: list[Place]) -> ValidationError:
    """Say that no place is called so, and which are called nearly so."""
    if near:
        message = _("We know no place called just “%(name)s”. Do you mean: %(near)s?")
    else:
        message = _("We know no place called “%(name)s”. Try the nearest larger town.")
    return ValidationError(
        message,
        code="unknown",
        params={"name": text[:80], "near": " · ".join(str(place) for place in near)},
    )
