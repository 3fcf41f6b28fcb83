"""One application at the desk: as it is, as reviewers read it, what they think, and why not."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capx.folding import fold
from grandtour.actions import assignments, conflicts, eligibility, redactions
from grandtour.admin.review.screens import LONGEST, Screen, key_of
from grandtour.models import (
    Application,
    Assignment,
    Conflict,
    Decision,
    Redaction,
    Review,
    Reviewer,
    Transcript,
)
from grandtour.models.conflicts import Pair, barred
from grandtour.reports import overview
from grandtour.reports.blind import Blind
from grandtour.reports.eligibility import problems
from grandtour.reports.shown import HEADINGS, shown
from grandtour.reports.unread import FIELDS, is_ever_blind, mark_of, waiting
from grandtour.reports.viewers import is_open

State = Application.State
MOST_TOLD = 100  # rows of each history


class HideForm(forms.Form):
    """Words that reviewers are not to read."""

    phrase = forms.CharField(label=gettext_lazy("Hide these words as well"), max_length=200)


class MoreForm(forms.Form):
    """What is missing, in words that the applicant reads."""

    words = forms.CharField(
        label=gettext_lazy("What is missing"),
        help_text=gettext_lazy("The applicant reads this, and can change the application."),
        max_length=2000,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )


class TranscriptForm(forms.ModelForm[Transcript]):
    """What is said in a recording."""

    words = forms.CharField(
        label=gettext_lazy("What is said in the recording"),
        required=False,
        max_length=8000,
        widget=forms.Textarea({"rows": 5, "dir": "auto"}),
    )

    class Meta:
        model = Transcript
        fields = ["words"]


def application(screen: Screen, key: int) -> HttpResponse:
    """Show one application with everything about it, and do one thing to it."""
    rows = screen.viewer.of(screen.edition).select_related(
        "person__place", "place", "affiliate", "edition"
    )
    found = get_object_or_404(rows, pk=min(key, LONGEST - 1))
    if screen.viewer.blind:
        return screen.closed(_("Application"))
    hide, more = HideForm(prefix="hide"), MoreForm(prefix="more")
    if screen.request.method == "POST":
        screen.must(screen.assigns)
        press = screen.request.POST.get("do", "")
        hide = HideForm(screen.request.POST if press == "hide" else None, prefix="hide")
        more = MoreForm(screen.request.POST if press == "more" else None, prefix="more")
        form = {"hide": hide, "more": more}.get(press)
        if form is None or form.is_valid():
            _act(screen, found, press, form)
            return redirect(screen.to("application", found.pk))
    page = _page(screen, found)
    return screen.show("application", str(found.person), **page, hide=hide, more=more)


def _page(screen: Screen, found: Application) -> dict[str, Any]:
    """Gather what stands on the page of one application."""
    blind = Blind(found)
    row = overview.numbers_of(screen.edition, screen.viewer, found.pk)
    if row is None:
        raise Http404
    open_to_me, texts = is_open(found, screen.viewer), _as_read(found, blind)
    in_conflict = list(
        Conflict.objects.in_force()
        .filter(application=found)
        .select_related("reviewer__person")
        .order_by("pk")
    )
    assigned = Assignment.objects.live().filter(application=found)
    with_each = Pair(found.pk, found.person_id, found.affiliate_id, OuterRef("person"))
    readers = screen.edition.reviewers.reading().exclude(pk__in=assigned.values("reviewer"))
    return {
        **shown(found, named=True),
        "application": found,
        "row": row,
        "word": State(found.state).label,
        "outcomes": Decision.Outcome.choices,
        "decision": Decision.Outcome(row.decision).label if row.decision else "",
        "problems": _problems(screen, found),
        "blind": texts,
        "first": any(one["held"] for one in texts) and is_ever_blind(screen.edition),
        "names": blind.found(),
        "by_hand": blind.by_hand,
        "transcript": TranscriptForm(instance=blind.recorded, prefix="spoken"),
        "given": _given(found) if open_to_me else [],
        "hidden_from_me": not open_to_me,
        "mine": None if open_to_me else _mine(screen, found),
        "assigned": assigned.select_related("reviewer__person").with_review().order_by("pk"),
        "free": readers.exclude(barred(with_each))
        .select_related("person")
        .order_by("person__folded"),
        "conflicts": [
            {"conflict": one, "may_lift": screen.assigns and one.may_be_lifted_by(screen.user)}
            for one in in_conflict
        ],
        "history": _history(found, scores=open_to_me),
        "incompletes": found.state == State.SUBMITTED,
    }


def _mine(screen: Screen, found: Application) -> Assignment | None:
    """Find what somebody is to read of it themselves, before they see what others think."""
    return Assignment.objects.readable_by(screen.user).filter(application=found).first()


def _as_read(found: Application, blind: Blind) -> list[dict[str, Any]]:
    """Give each text with what reviewers do not read of it; what a recording says as well."""
    texts = [(str(HEADINGS[name]), getattr(found, name)) for name in FIELDS]
    texts += [(one.question.words, one.words) for one in found.answers.in_order()]
    name = found.person.name
    rows = [
        {"heading": heading, "pieces": blind.pieces(text), "held": blind.held(text)}
        | {"mark": mark_of(name, text)}
        for heading, text in texts
        if text
    ]
    if said := blind.spoken():
        heading = _("What they say in their recording")
        rows.append({"heading": heading, "pieces": blind.pieces(said), "held": False})
    return rows


def _problems(screen: Screen, found: Application) -> list[str]:
    """Say what stands in the way as long as nobody has taken it up."""
    if found.state not in {State.SUBMITTED, State.INCOMPLETE}:
        return []
    return [
        str(one.label) for one in problems(screen.edition, [found.pk], screen.day)[found.pk]
    ]


def _history(found: Application, *, scores: bool) -> list[dict[str, Any]]:
    """Tell all that happened to it, the newest first; of scores only where they are seen."""
    behind = found.review_events.select_related("person", "reviewer__person")
    known = [
        {
            "words": event.get_verb_display(),
            "reviewer": event.reviewer,
            "score": event.about.get("score", "") if scores else "",
            "person": event.person,
            "at": event.at,
        }
        for event in behind.order_by("-at", "-pk")[:MOST_TOLD]
    ]
    seen = found.events.select_related("person").order_by("-at", "-pk")[:MOST_TOLD]
    known += [
        {"words": one.get_state_display(), "person": one.person, "at": one.at} for one in seen
    ]
    return sorted(known, key=lambda one: one["at"], reverse=True)


def _given(found: Application) -> list[Review]:
    """Read what reviewers think of it."""
    return list(found.reviews.given().in_full())


def _act(screen: Screen, found: Application, press: str, form: forms.Form | None) -> None:
    """Do what the pressed button says."""
    said = screen.request.POST
    phrase = said.get("phrase", "").replace("\0", "")[:200].strip()
    by, at = screen.user, screen.now
    if press == "hide" and form:
        redactions.hide(found, form.cleaned_data["phrase"], by, at=at)
    elif press == "leave" and phrase:
        kinds = {one.folded: one.kind for one in Blind(found).found()}
        kind = kinds.get(fold(phrase), Redaction.Kind.BY_HAND)
        redactions.leave_in(found, phrase, kind, by, at=at)
    elif press == "forget" and phrase:
        redactions.forget(found, phrase, by, at=at)
    elif press == "spoken":
        words = said.get("spoken-words", "").replace("\0", "")[:8000]
        redactions.write_down(found, words, by, at=at)
    elif press == "looked":
        _look_through(screen, found)
        return
    elif press == "more" and form:
        words = form.cleaned_data["words"]
        screen.attempt(lambda: eligibility.ask_for_more(found, words, by, at=at))
    elif press == "give":
        _give(screen, found)
        return
    elif press in {"take", "lift"}:
        _take_or_lift(screen, found, press)
    else:
        raise Http404
    messages.success(screen.request, _("Done."))


def _look_through(screen: Screen, found: Application) -> None:
    """Note that somebody has read what stood on their page; not what was sent since.

    Where somebody else has read all of it meanwhile, that is as good.
    """
    seen = {found.pk: screen.request.POST.getlist("mark")[:MOST_TOLD]}
    noted = redactions.look_through(seen, screen.edition, screen.user, at=screen.now)
    if noted or not waiting(screen.viewer.of(screen.edition).filter(pk=found.pk)):
        messages.success(screen.request, _("Done."))
    else:
        words = _("What stands here has changed since you opened it: nothing was noted.")
        messages.warning(screen.request, words)


def _give(screen: Screen, found: Application) -> None:
    """Give it to a reviewer; each refusal is in the same words, as one of them is private."""
    rows = Reviewer.objects.reading()
    key = key_of(screen.request.POST.get("of", ""))
    reviewer = get_object_or_404(rows, edition=found.edition, pk=key)
    try:
        with transaction.atomic():
            assignments.give(found, reviewer, screen.user, at=screen.now)
    except (IntegrityError, assignments.KeptApart):
        words = _(
            "Nothing was done: they read it already, a conflict of interest has come up, or "
            "something private stands against it. Give it to somebody else."
        )
        messages.warning(screen.request, words)
    else:
        messages.success(screen.request, _("Done."))


def _take_or_lift(screen: Screen, found: Application, press: str) -> None:
    """Take it from a reviewer, or lift a conflict."""
    key = key_of(screen.request.POST.get("of", ""))
    by, at = screen.user, screen.now
    if press == "take":
        rows = Assignment.objects.live().unread().filter(application=found, pk=key)
        assignments.end(list(rows), by, at=at)
    else:
        rows_in_force = Conflict.objects.in_force().not_by(by).filter(application=found)
        conflicts.lift(get_object_or_404(rows_in_force, pk=key), by, at=at)
