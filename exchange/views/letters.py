"""Letters of thanks on paper, for those who need a reference."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import get_language_bidi, override
from django.utils.translation import gettext as _

from capx import paper
from capx.templatetags.dates import day
from exchange.actions import letters as actions
from exchange.actions.thanks import thankable
from exchange.forms.letters import LetterForm, ReferenceForm, when
from exchange.models import Exchange, Mention
from volunteers.http import Request
from volunteers.models import Affiliate, Person, Thanks


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: for whom, by whom, what it says, and what it names."""

    affiliate: Affiliate
    giver: Person
    receiver: Person
    words: str
    day: date
    named: tuple[Exchange, ...]


def my_letter(request: Request, pk: int) -> HttpResponse:
    """Make a letter of a thank-you that I received from an affiliate."""
    mine = Thanks.objects.filter(receiver=request.user, affiliate__isnull=False)
    thanks = get_object_or_404(mine.newest(), pk=pk)
    affiliate, me = thanks.affiliate, request.user
    assert affiliate  # noqa: S101 -- the read above keeps no other
    done = _done_for(affiliate, me)
    form = LetterForm(request.POST or None, nameable=done, named=_named(me))
    context = {"form": form, "affiliate": affiliate, "thanks": thanks}
    if form.is_valid():
        chosen = form.cleaned_data.get("exchanges", ())
        actions.mention(me, done, chosen)
        said = timezone.localdate(thanks.created_at)
        letter = Letter(affiliate, thanks.giver, me, thanks.words, said, tuple(chosen))
        return _answer(request, "exchange/my_letter.html", letter, context)
    return render(request, "exchange/my_letter.html", context)


def letter_for(request: Request, slug: str, username: str) -> HttpResponse:
    """Write a letter about somebody on behalf of an affiliate one cares for."""
    affiliate = get_object_or_404(Affiliate.objects.cared_for_by(request.user), slug=slug)
    person = get_object_or_404(thankable(affiliate, request.user), username=username)
    may = _done_for(affiliate, person).filter(mentions__person=person)
    form = ReferenceForm(request.POST or None, nameable=may, named=_named(person))
    context = {"form": form, "affiliate": affiliate, "person": person}
    if form.is_valid():
        words, chosen = form.cleaned_data["words"], form.cleaned_data.get("exchanges", ())
        today = timezone.localdate()
        letter = Letter(affiliate, request.user, person, words, today, tuple(chosen))
        return _answer(request, "exchange/letter_for.html", letter, context)
    return render(request, "exchange/letter_for.html", context)


def _done_for(affiliate: Affiliate, person: Person) -> QuerySet[Exchange]:
    """List what somebody has done for an affiliate, the latest first."""
    done = Exchange.objects.helping(affiliate).filter(provider=person)
    return done.select_related("listing").order_by("-starts_day", "-pk")


def _named(person: Person) -> list[int]:
    return list(Mention.objects.filter(person=person).values_list("exchange", flat=True))


def _answer(
    request: Request, template: str, letter: Letter, context: dict[str, Any]
) -> HttpResponse:
    """Give the letter, or say beside the form that it cannot be printed."""
    form = context["form"]
    try:
        page = _print(letter, form.cleaned_data["language"])
    except paper.Unprintable:
        form.add_error(None, _("This could not be printed. Try again, with fewer words."))
        return render(request, template, context)
    name = f"thanks-{letter.affiliate.slug}.pdf"
    return HttpResponse(
        page,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _print(letter: Letter, language: str) -> bytes:
    """Write the letter in a language."""
    with override(language):
        return paper.pdf("exchange/letter.typ", _words(letter, language))


def _words(letter: Letter, language: str) -> dict[str, Any]:
    """Give all words of a letter; somebody who left signs with the affiliate's name alone."""
    affiliate = str(letter.affiliate)
    on_behalf = _("On behalf of %(affiliate)s") % {"affiliate": affiliate}
    left = bool(letter.giver.forgotten_at)
    return {
        "lang": language,
        "rtl": get_language_bidi(),
        "title": _("Letter of thanks"),
        "affiliate": affiliate,
        "date": strip_tags(day(letter.day)),
        "to": _("To %(person)s") % {"person": letter.receiver},
        "words": paper.paragraphs(letter.words),
        "done_title": _("What was done"),
        "done": list(_done(letter.named)),
        "giver": affiliate if left else str(letter.giver),
        "role": "" if left else on_behalf,
        "made": f"Capacity Exchange · {settings.SITE_URL}",
    }


def _done(named: Iterable[Exchange]) -> Iterable[dict[str, str]]:
    for exchange in named:
        yield {"title": exchange.listing.title, "when": when(exchange)}
