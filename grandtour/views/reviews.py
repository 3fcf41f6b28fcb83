"""Reading applications: what waits, one with its scores, and what one leaves to others."""

import csv
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from capx.states import IllegalMove
from grandtour.actions import conflicts, reviewers
from grandtour.actions import reviews as actions
from grandtour.forms.reviews import ReviewForm
from grandtour.models import Assignment, Edition, Permissions, Phase, Review, Reviewer
from grandtour.notices.reviews import last_day
from grandtour.reports.blind import Blind
from grandtour.reports.shown import languages, shown
from volunteers.exports.hours import disarmed
from volunteers.http import Request
from volunteers.models import Skill

State = Review.State
TONES = {State.GIVEN: "good", State.DRAFT: "live", State.ABSTAINED: "ended"}


@require_safe
def queue(request: Request, slug: str) -> HttpResponse:
    """Show what one reads in an edition: what waits first, then what is done."""
    reviewer = _reviewer(request, slug)
    day = today()
    may = _permissions(reviewer.edition, day)
    rows = [_line(one, may) for one in _mine(request, reviewer.edition)]
    rows.sort(key=lambda row: row["done"])
    done = sum(row["done"] for row in rows)
    context = {
        "edition": reviewer.edition,
        "reviewer": reviewer,
        "rows": rows,
        "number": len(rows),
        "done": done,
        "first": next((row for row in rows if not row["done"]), None),
        "until": last_day(reviewer.edition, day),
        "may": may,
    }
    return render(request, "grandtour/review/queue.html", context)


def today() -> date:
    """Tell the day that holds for everybody who reads: phases change for all at once."""
    return timezone.localdate()


def _permissions(edition: Edition, day: date) -> Permissions:
    """Give what holds now; nothing is scored before an edition reads, or after."""
    may = Phase.objects.in_force(edition, day)
    if edition.state != Edition.State.REVIEWING:
        return Permissions(may.names_shown, may.others)
    return may


def _reviewer(request: Request, slug: str) -> Reviewer:
    """Find what somebody is in an edition; nobody else has this page."""
    rows = Reviewer.objects.filter(person=request.user).select_related(
        "edition", "ask", "person"
    )
    return get_object_or_404(rows, edition__slug=slug)


def _mine(request: Request, edition: Edition) -> list[Any]:
    """Read what somebody reads in an edition, and how far they are."""
    wants = Prefetch("application__wants", Skill.objects.by_label())
    rows = Assignment.objects.readable_by(request.user).with_review()
    rows = rows.filter(application__edition=edition).select_related("application")
    return list(rows.prefetch_related(wants).order_by("pk"))


def _line(one: Any, may: Permissions) -> dict[str, Any]:
    """Give one line of the queue."""
    state = one.review_state
    return {
        "pk": one.pk,
        "code": one.application.code,
        "application": one.application,
        "languages": languages(one.application, named=may.names_shown)["languages"],
        "wants": [{"label": skill.label} for skill in one.application.wants.all()],
        "done": state in {State.GIVEN, State.ABSTAINED},
        "word": State(state).label if state else _("Not begun"),
        "tone": TONES.get(state, "waits"),
        "score": one.review_score,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def read(request: Request, pk: int) -> HttpResponse:
    """Show an application beside its scores; giving them leads on to the next."""
    assignment = _assignment(request, pk)
    review = _review_of(assignment)
    form = _form(request, assignment, review, complete=True)
    if request.method == "POST" and form.is_valid():
        return _given(request, assignment, form)
    may = _permissions(assignment.application.edition, today())
    given = review is not None and review.state == State.GIVEN
    others = _others(assignment, review, may)
    context = {
        "assignment": assignment,
        "edition": assignment.application.edition,
        "form": form,
        "review": review,
        "may": may,
        "writable": may.may_score and (review is None or review.state == State.DRAFT),
        "stands": review is not None and review.others_seen_at is not None,
        "others": others,
        "asks_others": given and others is None and may.others == Phase.Others.OWN,
        "tone": TONES.get(State(review.state), "") if review else "",
        **shown(assignment.application, named=may.names_shown),
        **_beside(request, assignment),
    }
    return render(request, "grandtour/review/read.html", context)


def _assignment(request: Request, pk: int) -> Assignment:
    """Find what this person may read."""
    rows = Assignment.objects.readable_by(request.user).select_related(
        "application__edition",
        "application__person__place",
        "application__place",
        "application__affiliate",
        "reviewer__person",
    )
    return get_object_or_404(rows, pk=pk)


def _review_of(assignment: Assignment) -> Review | None:
    """Find the review that stands, if one was begun."""
    rows = Review.objects.standing().filter(
        application=assignment.application_id, reviewer=assignment.reviewer_id
    )
    return rows.prefetch_related("scores").first()


def _form(
    request: Request, assignment: Assignment, review: Review | None, *, complete: bool
) -> ReviewForm:
    """Make the form of a review."""
    data = request.POST if request.method == "POST" else None
    criteria = list(assignment.application.edition.criteria.order_by("number"))
    return ReviewForm(data, criteria=criteria, review=review, complete=complete)


def _given(request: Request, assignment: Assignment, form: ReviewForm) -> HttpResponse:
    """Give the review, and lead to the next application that waits."""
    try:
        actions.give(assignment, form.written(), at=timezone.now(), day=today())
    except (actions.NotNow, IllegalMove):
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
        return redirect("grandtour:read", assignment.pk)
    mine = Assignment.objects.readable_by(request.user).unread().order_by("pk")
    waiting = mine.filter(application__edition=assignment.application.edition)
    following = waiting.filter(pk__gt=assignment.pk).first() or waiting.first()
    if following and request.POST.get("step") == "next":
        messages.success(request, _("Given. Here is the next one."))
        return redirect("grandtour:read", following.pk)
    messages.success(request, _("Given. You can change it as long as reviews can be given."))
    return redirect("grandtour:read", assignment.pk)


def _others(
    assignment: Assignment, review: Review | None, may: Permissions
) -> list[dict[str, Any]] | None:
    """Read what others think, where the phase lets one; None where it does not yet.

    Who has read with names may name somebody: in a blind phase that is taken out.
    """
    seen = review is not None and review.others_seen_at is not None
    if may.others != Phase.Others.ALWAYS and not (may.others == Phase.Others.OWN and seen):
        return None
    rows = assignment.application.reviews.given().exclude(reviewer=assignment.reviewer_id)
    blind = None if may.names_shown else Blind(assignment.application)
    return [
        {"review": one, "words": blind.clean(one.words) if blind else one.words}
        for one in rows.in_full()
    ]


def _beside(request: Request, assignment: Assignment) -> dict[str, Any]:
    """Say how far one is, and which come before and after."""
    rows = Assignment.objects.readable_by(request.user)
    rows = rows.filter(application__edition=assignment.application.edition)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if assignment.pk not in keys:  # a conflict was found meanwhile
        raise Http404
    at = keys.index(assignment.pk)
    return {
        "place": at + 1,
        "number": len(keys),
        "before": keys[at - 1] if at else None,
        "after": keys[at + 1] if at + 1 < len(keys) else None,
    }


@require_POST
def autosave(request: Request, pk: int) -> JsonResponse:
    """Keep what is right of a review while somebody thinks."""
    assignment = _assignment(request, pk)
    form = _form(request, assignment, None, complete=False)
    form.full_clean()
    try:
        actions.keep(assignment, form.written(), at=timezone.now(), day=today())
    except (actions.NotNow, IllegalMove):
        return JsonResponse({}, status=409)
    return JsonResponse({})


@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    """Take a review back to change it."""
    return _done(request, pk, actions.reopen, _("You can change it now. Give it again then."))


@require_POST
def read_others(request: Request, pk: int) -> HttpResponse:
    """Read what others think; one's own review stands from then on."""
    return _done(request, pk, actions.read_others, _("Yours stands now. Here are the others."))


@require_POST
def abstain(request: Request, pk: int) -> HttpResponse:
    """Leave an application to others."""
    return _done(request, pk, actions.abstain, _("Left to others. Nobody asks why."))


def _done(request: Request, pk: int, act: Any, words: str) -> HttpResponse:
    """Do something with a review; or say that it has changed meanwhile."""
    assignment = _assignment(request, pk)
    try:
        act(assignment, at=timezone.now(), day=today())
    except (actions.NotNow, IllegalMove):
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, words)
    return redirect("grandtour:read", pk)


@require_POST
def declare(request: Request, pk: int) -> HttpResponse:
    """Say that one knows whose it is: it cannot be read any more, from this moment on."""
    assignment = _assignment(request, pk)
    slug = assignment.application.edition.slug
    conflicts.declare(assignment, at=timezone.now())
    messages.success(request, _("Thank you for saying so. Somebody else reads it."))
    return redirect("grandtour:review", slug)


@require_POST
def answer(request: Request, slug: str) -> HttpResponse:
    """Say whether one reads."""
    reviewer = _reviewer(request, slug)
    yes = request.POST.get("answer") == "yes"
    try:
        reviewers.answer(reviewer, yes=yes, at=timezone.now())
    except reviewers.Applies:
        words = _("You would like to travel in this edition, so others read for it.")
        messages.warning(request, words)
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        words = _("Thank you! You hear from us when there is something to read.")
        messages.success(
            request, words if yes else _("Thank you for answering. Nobody asks why.")
        )
    return redirect("grandtour:review", slug)


@require_POST
def stop(request: Request, slug: str) -> HttpResponse:
    """Read no more: others take over what one has not read."""
    reviewer = _reviewer(request, slug)
    try:
        reviewers.stop(reviewer, request.user, at=timezone.now())
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, _("Others take over what you have not read. Thank you."))
    return redirect("grandtour:review", slug)


@require_safe
def export(request: Request, slug: str) -> HttpResponse:
    """Give one's own reviews as a table."""
    reviewer = _reviewer(request, slug)
    criteria = list(reviewer.edition.criteria.order_by("number"))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="my-reviews-{slug}.csv"'
    table = csv.writer(answer)
    names = [disarmed(one.name) for one in criteria]
    table.writerow(["application", "state", *names, "score", "recommendation", "words"])
    rows = Review.objects.standing().filter(reviewer=reviewer).in_full()
    for review in rows.select_related("application"):
        values = {one.criterion_id: one.value for one in review.in_order}  # type: ignore[attr-defined]  # of in_full()
        scores = [values.get(one.pk, "") for one in criteria]
        said = [review.score, review.recommendation, disarmed(review.words)]
        table.writerow([review.application.code, review.state, *scores, *said])
    return answer
