"""Letters about decisions: written, read, changed or discarded, and sent when published."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capx.pages import Counted
from grandtour.actions import decisions
from grandtour.admin.review.screens import LONGEST, Screen
from grandtour.models import Decision, DecisionLetter, Seat

A_PAGE = 50
OUTCOMES = Decision.Outcome.choices


class LetterForm(forms.ModelForm[DecisionLetter]):
    """The words of a letter."""

    class Meta:
        model = DecisionLetter
        fields = ["subject", "body"]
        widgets = {
            "subject": forms.TextInput({"dir": "auto"}),
            "body": forms.Textarea({"rows": 14, "dir": "auto"}),
        }


def letters(screen: Screen) -> HttpResponse:
    """Show what was decided and not published, letter by letter; write them, publish them."""
    title = _("Letters of %(edition)s") % {"edition": screen.edition}
    if screen.viewer.blind:
        return screen.closed(title)
    press = screen.request.POST.get("do", "")
    if press:
        screen.must(screen.decides)
        _press(screen, press)
        return redirect(screen.to("letters"))
    asked = screen.request.GET
    outcome = asked.get("outcome", "") if asked.get("outcome") in Decision.Outcome else ""
    waiting = decisions.waiting(screen.edition, screen.viewer.barred)
    counts = _counts(waiting)
    found = waiting.filter(letter__isnull=False).filter(
        **{"outcome": outcome} if outcome else {}
    )
    rows = found.select_related("letter").order_by("outcome", "pk")
    number = counts.written[outcome] if outcome else counts.written.total()
    context = {
        "page": Counted(rows, A_PAGE, number=number).get_page(asked.get("page")),
        "outcome": outcome,
        "outcomes": [(key, name, counts.written[key]) for key, name in OUTCOMES],
        "written": counts.written.total(),
        "missing": counts.missing,
        "going": counts.going,
    }
    return screen.show("letters", title, **context)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many decisions have a letter, by outcome, how many go out, how many have none."""

    written: Counter[str]
    going: int
    missing: int


def _counts(waiting: QuerySet[Decision]) -> Counts:
    """Count what waits, on all pages; publishing is about all of it."""
    rows = waiting.order_by().values_list("outcome", "letter__state").annotate(n=Count("pk"))
    written: Counter[str] = Counter()
    going = missing = 0
    for outcome, state, number in rows:
        if state is None:
            missing += number
            continue
        written[outcome] += number
        going += number if state == DecisionLetter.State.DRAFT else 0
    return Counts(written, going, missing)


def _press(screen: Screen, press: str) -> None:
    """Write the letters that are missing, or publish all that have one."""
    if press == "write":
        number = screen.attempt(lambda: decisions.write_letters(screen.edition, screen.ruling))
        if number is not None:
            words = ngettext(
                "%(number)s letter written. Read it: it goes when you publish.",
                "%(number)s letters written. Read them: they go when you publish.",
                number,
            )
            messages.success(screen.request, words % {"number": number})
    elif press == "publish":
        done = screen.attempt(lambda: decisions.publish(screen.edition, screen.ruling))
        if done is not None:
            _say_who_is_left(screen)
            number = done.total()
            screen.log(f"published: {number}")
            words = ngettext(
                "%(number)s decision published; the letter is on its way.",
                "%(number)s decisions published; the letters are on their way.",
                number,
            )
            messages.success(screen.request, words % {"number": number})


def _say_who_is_left(screen: Screen) -> None:
    """Say why some decisions are not published: a journey has a place for those people."""
    rows = decisions.waiting(screen.edition, screen.viewer.barred).filter(letter__isnull=False)
    placed = Seat.objects.live().values("application")
    number = rows.filter(outcome=Decision.Outcome.DECLINED, application__in=placed).count()
    if number:
        words = ngettext(
            "%(number)s decision waits: a journey has a place for this person. Take them out "
            "of it, or take the decision back.",
            "%(number)s decisions wait: a journey has a place for these people. Take them out "
            "of it, or take the decisions back.",
            number,
        )
        messages.warning(screen.request, words % {"number": number})


def letter(screen: Screen, key: int) -> HttpResponse:
    """Change a letter, or let none go."""
    found = _found(screen, key)
    if screen.viewer.blind:
        return screen.closed(_("Letter"))
    data = screen.request.POST if screen.request.method == "POST" else None
    press = data.get("do", "save") if data else ""
    form = LetterForm(data if press == "save" else None, instance=found)
    if data is not None:
        screen.must(screen.decides)
    if press in {"discard", "restore"}:
        back = press == "restore"
        screen.attempt(lambda: decisions.discard_letter(found, screen.ruling, back=back))
        return redirect(screen.to("letters"))
    if press and form.is_valid():
        said: dict[str, Any] = form.cleaned_data
        words = (said["subject"], said["body"])
        screen.attempt(lambda: decisions.edit_letter(found, *words, screen.ruling))
        return redirect(screen.to("letters"))
    title = _("Letter to %(person)s") % {"person": found.decision.application.person}
    return screen.show("letter", title, letter=found, form=form)


def _found(screen: Screen, key: int) -> DecisionLetter:
    """Find a letter of this edition; none about what somebody leaves to others."""
    rows = DecisionLetter.objects.select_related(
        "decision__application__person", "decision__application__edition"
    )
    return get_object_or_404(
        rows.filter(decision__application__in=screen.viewer.of(screen.edition)),
        pk=min(key, LONGEST - 1),
    )
