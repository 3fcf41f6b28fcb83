"""The pages of practices: look, read, write down, put away."""

from typing import Any
from urllib.parse import unquote

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from capx.htmx import HtmxRequest, render_part
from capx.names import language_name
from capx.states import IllegalMove
from exchange.actions import practices as actions
from exchange.forms.practices import ArtefactFormSet, PracticeForm, PracticeSearch
from exchange.models import Exchange, Practice
from volunteers.http import Request

A_PAGE = 20
DONE = (Exchange.State.DONE, Exchange.State.CLOSED)


@require_safe
@login_not_required
def practices(request: HtmxRequest) -> HttpResponse:
    """Browse and search what others have learnt."""
    found = Practice.objects.found_by(request.user)
    codes = found.order_by("language").values_list("language", flat=True).distinct()
    languages = sorted(
        ((code, language_name(code)) for code in codes), key=lambda pair: pair[1]
    )
    form = PracticeSearch(request.GET, languages=languages)
    form.is_valid()
    sought = form.cleaned_data
    if sought.get("q"):
        found = found.telling_of(sought["q"])
    if sought.get("skill"):
        found = found.about(sought["skill"])
    if sought.get("language"):
        found = found.filter(language=sought["language"])
    page = Paginator(found.as_shown(), A_PAGE).get_page(request.GET.get("page"))
    narrowed = form.errors or sought.get("skill") or sought.get("language")
    context = {"page": page, "form": form, "sought": any(sought.values()), "narrowed": narrowed}
    return render_part(request, "exchange/practices.html", "results", context)


@require_safe
@login_not_required
def practice(request: HtmxRequest, pk: int, slug: str = "") -> HttpResponse:
    """Show one practice, at the address that has its title."""
    del slug  # only for people who read addresses
    readable = Practice.objects.visible_to(request.user).as_shown()
    found = get_object_or_404(readable.prefetch_related("artefacts"), pk=pk)
    if unquote(found.get_absolute_url()) != request.path:
        return redirect(found)
    context = {"practice": found, "mine": found.author_id == request.user.pk}
    return render(request, "exchange/practice.html", context)


def new(request: Request) -> HttpResponse:
    """Write down what was learnt outside an exchange."""
    return _write(request, Practice(author=request.user, language=_tongue(request)), {})


def write_from(request: Request, pk: int) -> HttpResponse:
    """Write down what was learnt in an exchange; what is known stands there already."""
    mine = Exchange.objects.involving(request.user).filter(state__in=DONE)
    exchange = get_object_or_404(mine.with_people(), pk=pk)
    if existing := actions.begun(exchange, request.user):
        return redirect("exchange:edit_practice", existing.pk)
    listing = exchange.listing
    follow_up = exchange.follow_ups.filter(person=request.user).first()
    initial = {
        "skills": list(listing.skills.all()),
        "worked": follow_up.worked if follow_up else "",
        "did_not": follow_up.did_not if follow_up else "",
    }
    fresh = Practice(author=request.user, exchange=exchange, language=_tongue(request))
    return _write(request, fresh, initial)


def edit(request: Request, pk: int) -> HttpResponse:
    """Change what one has written."""
    mine = Practice.objects.filter(author=request.user)
    return _write(request, get_object_or_404(mine, pk=pk), {})


def _write(request: Request, practice: Practice, initial: dict[str, Any]) -> HttpResponse:
    """Keep a draft or publish, or show the form again with all that was typed."""
    data = request.POST if request.method == "POST" else None
    published = practice.state == Practice.State.PUBLISHED
    draft = "draft" in request.POST and not published
    form = PracticeForm(
        data, instance=practice, initial=initial, person=request.user, draft=draft
    )
    things = [{"name": thing.name, "url": thing.url} for thing in _artefacts(practice)]
    artefacts = ArtefactFormSet(data, initial=things, prefix="things")
    if data and form.is_valid() and artefacts.is_valid():
        try:
            written = form.written(artefacts)
            kept = actions.keep(written, at=timezone.now(), publish=not draft)
        except IntegrityError:  # the second press of one button
            return redirect(request.path)
        if not draft and kept.state != Practice.State.PUBLISHED:
            return _too_many(request, kept)
        messages.success(request, _said(draft=draft, published=published))
        return redirect(kept)
    context = {"form": form, "artefacts": artefacts, "practice": practice}
    context["more"] = form.has_more(artefacts)
    return render(request, "exchange/write_practice.html", context | {"published": published})


def _said(*, draft: bool, published: bool) -> str:
    """Say what became of it."""
    if draft:
        return _("Kept as a draft. Only you see it.")
    if published:
        return _("Your changes are out.")
    return _("Published. Thank you: others need not start from scratch.")


def _too_many(request: Request, kept: Practice) -> HttpResponse:
    """Say that it stays a draft, for its author has published enough for a day."""
    words = _("You have posted very much today. It is kept as a draft; publish it tomorrow.")
    messages.error(request, words)
    return redirect(kept)


def _artefacts(practice: Practice) -> list[Any]:
    return list(practice.artefacts.order_by("pk")) if practice.pk else []


def _tongue(request: Request) -> str:
    return request.user.language or get_language() or "en"


@require_safe
def mine(request: Request) -> HttpResponse:
    """Show what one has written: drafts, published, put away."""
    written = Practice.objects.filter(author=request.user).as_shown()
    page = Paginator(written, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "exchange/my_practices.html", {"page": page})


@require_POST
def archive(request: Request, pk: int) -> HttpResponse:
    """Put a practice away, or bring it back."""
    found = get_object_or_404(Practice.objects.filter(author=request.user), pk=pk)
    try:
        if found.state == Practice.State.ARCHIVED:
            actions.bring_back(found, at=timezone.now())
            messages.success(request, _("Everybody can read it again."))
        else:
            actions.archive(found)
            messages.success(request, _("It is put away. You can bring it back at any time."))
    except IllegalMove:
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    return redirect(found)
