"""Trainings: which there are, one of them, a lesson at a time, and all of it on paper."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grandtour.actions import training as actions
from grandtour.forms.training import LessonForm
from grandtour.models import (
    Completion,
    Exercise,
    ExerciseAnswer,
    Lesson,
    LessonDone,
    Training,
    TrainingVersion,
)
from grandtour.models.training import version_for
from grandtour.views import learning
from volunteers.http import Request


@require_safe
def trainings(request: Request) -> HttpResponse:
    """List the trainings: first those one needs, and how far one is with each."""
    return render(request, "grandtour/trainings.html", learning.listed(request.user))


@require_safe
def training(request: Request, slug: str) -> HttpResponse:
    """Show what a training is about, its lessons, and how far one is."""
    found, version = _found(request, slug, timezone.now())
    return render(
        request, "grandtour/training.html", learning.page(found, version, request.user)
    )


@require_safe
def printed(request: Request, slug: str) -> HttpResponse:
    """Show all lessons on one page, to be printed and read where there is no network."""
    found, version = _found(request, slug, timezone.now())
    exercises = Prefetch("exercises", Exercise.objects.order_by("number"))
    lessons = version.lessons.prefetch_related(exercises).order_by("number")
    context = {"training": found, "version": version, "lessons": lessons}
    return render(request, "grandtour/training_printed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: Request, slug: str, number: int) -> HttpResponse:
    """Read a lesson and do its exercises; one can try as often as one likes."""
    now = timezone.now()
    found, version = _found(request, slug, now)
    shown = get_object_or_404(version.lessons, number=number)
    answers = ExerciseAnswer.objects.filter(person=request.user, exercise__lesson=shown)
    said = dict(answers.values_list("exercise", "words"))
    data = request.POST if request.method == "POST" else None
    form = LessonForm(data, lesson=shown, said=said)
    if request.method == "POST" and form.is_valid():
        passed = actions.finish(shown, request.user, form.words(), at=now)
        return _went_on(request, found, shown, passed=passed)
    context = _page(request, shown, form) | {"training": found}
    return render(request, "grandtour/lesson.html", context)


def _went_on(request: Request, found: Training, done: Lesson, *, passed: bool) -> HttpResponse:
    """Lead to the same lesson, with what is right in it; or to the training once passed."""
    if passed:
        messages.success(request, _("That was the last one: you have passed this training."))
        return redirect(found)
    messages.success(request, _("Done. What is right, and why, stands with each question."))
    return redirect("grandtour:lesson", found.slug, done.number)


def _page(request: Request, shown: Lesson, form: LessonForm) -> dict[str, Any]:
    """Gather what the page of a lesson shows; what is right once it is done."""
    mine = LessonDone.objects.filter(person=request.user, lesson=shown)
    passed = Completion.objects.filter(person=request.user, version=shown.version)
    numbers = list(shown.version.lessons.order_by("number").values_list("number", flat=True))
    at = numbers.index(shown.number)
    return {
        "version": shown.version,
        "lesson": shown,
        "form": form,
        "done": mine.exists() or passed.valid_on(timezone.localdate()).exists(),
        "questions": [(one, form[form.name_of(one)]) for one in form.exercises],
        "before": numbers[at - 1] if at else None,
        "next": numbers[at + 1] if at + 1 < len(numbers) else None,
    }


def _found(request: Request, slug: str, now: datetime) -> tuple[Training, TrainingVersion]:
    """Find a training, and the version that this person does."""
    found = get_object_or_404(Training, slug=slug)
    version = version_for(found, request.user, now)
    if version is None:
        raise Http404
    return found, version
