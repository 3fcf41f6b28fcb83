"""Doing the exercises of a lesson: nothing is counted, one tries as often as one likes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grandtour.forms.expectations import text
from grandtour.models import Exercise, Lesson

LONGEST = 4000


class LessonForm(forms.Form):
    """The exercises of one lesson; without any, it only says that one has read it."""

    def __init__(self, data: Any, *, lesson: Lesson, said: dict[int, str]) -> None:
        """Ask each question; `said` is what somebody wrote to them before."""
        super().__init__(data)
        self.exercises = list(lesson.exercises.order_by("number", "pk"))
        for exercise in self.exercises:
            name = self.name_of(exercise)
            self.fields[name] = field_of(exercise, said.get(exercise.pk, ""))

    def name_of(self, exercise: Exercise) -> str:
        """Name the field of an exercise."""
        return f"exercise-{exercise.number}"

    def clean(self) -> dict[str, Any]:
        """Say beside a question where the choice was not the right one."""
        cleaned = super().clean() or self.cleaned_data
        for exercise in self.exercises:
            name = self.name_of(exercise)
            chosen = cleaned.get(name)
            if exercise.choices and chosen and not _right(exercise, chosen):
                self.add_error(name, _("Not quite. Read once more, and try again."))
        return cleaned

    def words(self) -> dict[int, str]:
        """Give what was written to questions without choices."""
        return {
            exercise.pk: self.cleaned_data[self.name_of(exercise)]
            for exercise in self.exercises
            if not exercise.choices
        }


def field_of(exercise: Exercise, said: str) -> forms.Field:
    """Make the field of an exercise: choose one, choose several, or write."""
    if not exercise.choices:
        return forms.CharField(
            label=exercise.question,
            initial=said,
            max_length=LONGEST,
            widget=text(4),
            help_text=_("A few words are enough. Nobody else reads them."),
        )
    choices = [(str(n), words) for n, words in enumerate(exercise.choices)]
    if len(exercise.right) > 1:
        return forms.MultipleChoiceField(
            label=exercise.question,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("More than one is right."),
        )
    return forms.ChoiceField(label=exercise.question, choices=choices, widget=forms.RadioSelect)


def _right(exercise: Exercise, chosen: str | list[str]) -> bool:
    """Say whether just the right choices were made."""
    numbers = [chosen] if isinstance(chosen, str) else chosen
    return {exercise.choices[int(n)] for n in numbers} == set(exercise.right)
