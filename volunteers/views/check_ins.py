"""Answering a check-in from the mail, and what one has answered so far."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from volunteers import notices
from volunteers.actions import check_ins as actions
from volunteers.forms.check_ins import AnswerForm, MoreForm, RhythmForm
from volunteers.http import Request
from volunteers.models import CheckIn, CheckInRhythm
from volunteers.models.bandwidth import today

EACH = 24
MONTHS, COLUMN, HIGHEST = 12, 30, 60
BARS: dict[str, tuple[str, int]] = {
    CheckIn.Answer.WELL: ("load", 16),
    CheckIn.Answer.STRETCHED: ("stretched", 38),
    CheckIn.Answer.TOO_MUCH: ("over", 60),
}
TONES: dict[str, str] = {
    CheckIn.Answer.WELL: "good",
    CheckIn.Answer.STRETCHED: "waits",
    CheckIn.Answer.TOO_MUCH: "stopped",
}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Answer once, with one click and without signing in; a mail program's look writes nothing.

    Who is signed in also answers otherwise here, as long as the question could be answered.
    """
    try:
        asked = notices.check_in_of(token)
    except (signing.SignatureExpired, CheckIn.DoesNotExist):
        return render(request, "volunteers/check_in.html", {"over": True})
    except signing.BadSignature as forged:
        raise Http404 from forged
    now = timezone.now()
    mine = request.user.is_authenticated and request.user.pk == asked.person_id
    again = mine and asked.changeable(now)
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(data, initial={"answer": request.GET.get("answer")})
    if form.is_valid():
        if again:
            actions.change(asked, form.cleaned_data["answer"])
            return redirect(notices.more_path(asked))
        if _answer(asked, form.cleaned_data["answer"], now):
            return redirect(notices.more_path(asked))
        asked.refresh_from_db()
    waits = CheckIn.objects.waiting(now).filter(pk=asked.pk).exists()
    context = {
        "form": form,
        "again": again,
        "over": not waits and not again,
        "used": asked.state == asked.State.ANSWERED,
        "chosen": waits and data is None and request.GET.get("answer") in CheckIn.Answer.values,
    }
    return render(request, "volunteers/check_in.html", context)


def _answer(asked: CheckIn, how: str, now: datetime) -> bool:
    """Keep the answer; say whether it was not too late for one."""
    try:
        actions.answer(asked, how, at=now)
    except actions.Answered:
        return False
    return True


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def more(request: HttpRequest, token: str) -> HttpResponse:
    """Say thank you; for an hour, answer otherwise, say if the hours are right, add words."""
    try:
        answered = notices.answered_of(token)
    except (signing.SignatureExpired, CheckIn.DoesNotExist):
        return render(request, "volunteers/check_in.html", {"over": True, "used": True})
    except signing.BadSignature as forged:
        raise Http404 from forged
    data = request.POST if request.method == "POST" else None
    form = MoreForm(data, initial={"answer": answered.answer})
    if form.is_valid():
        try:
            actions.add(answered, **form.said())
        except actions.Answered:
            answered.refresh_from_db()
        else:
            return redirect(request.path)
    context = {
        "answered": answered,
        "form": form,
        "bare": answered.bare,
        "too_much": answered.answer == CheckIn.Answer.TOO_MUCH,
        "mine": request.user.is_authenticated and request.user.pk == answered.person_id,
    }
    return render(request, "volunteers/check_in_more.html", context)


@require_safe
def check_ins(request: Request) -> HttpResponse:
    """Show what waits, what one has answered over time, and how often one is asked."""
    return _page(request)


def _page(request: Request, form: RhythmForm | None = None) -> HttpResponse:
    """Show the page, with the form that needs another look in place of a fresh one."""
    me = request.user
    rhythm = CheckInRhythm.objects.filter(person=me).first()
    every = rhythm.every if rhythm and not rhythm.silenced else None
    waiting = (
        CheckIn.objects.waiting(timezone.now()).filter(person=me).order_by("-week").first()
    )
    answers = me.check_ins.answered()
    page = Paginator(answers, EACH).get_page(request.GET.get("page"))
    newest = next(iter(page), None) if page.number == 1 else None
    context: dict[str, Any] = {
        "form": form or RhythmForm(initial={"every": every or CheckInRhythm.Every.MONTH}),
        "rhythm": rhythm,
        "asked": rhythm is not None and rhythm.next_day is not None,
        "waiting": waiting and notices.check_in_path(waiting),
        "change": newest and _to_change(newest),
        "page": page,
        "rows": [{"check_in": one, "tone": TONES[one.answer]} for one in page],
        "any": page.paginator.count > 0,
        "picture": _months(answers[: 2 * MONTHS], today(me, timezone.now())),
    }
    return render(request, "volunteers/check_ins.html", context)


def _to_change(newest: CheckIn) -> str:
    """Give where the last answer is changed, as long as it can be."""
    return notices.check_in_path(newest) if newest.changeable(timezone.now()) else ""


def _months(answers: Iterable[CheckIn], day: date) -> list[dict[str, Any]]:
    """Give the last twelve months, the oldest first, each with its last answer as a bar."""
    last: dict[int, CheckIn] = {}
    for one in answers:
        ago = 12 * (day.year - one.week.year) + day.month - one.week.month
        last.setdefault(ago, one)
    mirrored = get_language_bidi()
    return [
        {
            "check_in": last[ago],
            "kind": BARS[last[ago].answer][0],
            "height": BARS[last[ago].answer][1],
            "y": HIGHEST - BARS[last[ago].answer][1],
            "x": COLUMN * (ago if mirrored else MONTHS - 1 - ago),
        }
        for ago in sorted(last, reverse=True)
        if 0 <= ago < MONTHS
    ]


@require_POST
def rhythm(request: Request) -> HttpResponse:
    """Choose how often one is asked, or never."""
    form = RhythmForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    every = form.cleaned_data["every"]
    actions.choose(request.user, every, at=timezone.now())
    if every == CheckInRhythm.Every.NEVER:
        messages.success(request, _("We do not ask you."))
    else:
        messages.success(request, _("Saved. The question comes by mail; one click answers it."))
    return redirect("volunteers:check_ins")


@require_http_methods(["GET", "HEAD", "POST"])
def delete_check_ins(request: Request) -> HttpResponse:
    """Ask once more, then delete all answers."""
    if request.method != "POST":
        return render(request, "volunteers/check_ins_delete.html")
    actions.delete_all(request.user)
    messages.success(request, _("Your answers are deleted."))
    return redirect("volunteers:check_ins")
