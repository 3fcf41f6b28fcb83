"""Bringing hours in from other systems: a file, what it would do, whom it is about."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from capx.celery import nudge
from capx.htmx import render_part
from capx.states import IllegalMove
from volunteers.actions import imports as actions
from volunteers.exports import contacts, hours
from volunteers.forms.imports import DayFirstForm, FileForm, MatchForm, PartlyForm, field_of
from volunteers.http import Request
from volunteers.imports import files, matching, writing
from volunteers.imports.reading import Arrival, arrive
from volunteers.imports.work import begin
from volunteers.models import Affiliate, Import
from volunteers.tasks import go_on_with_imports

EACH = 20
REFUSED = 50
SHOWN = 5


def own(request: Request) -> HttpResponse:
    """Bring in one's own hours, and see the files one has brought."""
    return _upload(request, None)


def of_affiliate(request: Request, slug: str) -> HttpResponse:
    """Bring in the hours of an affiliate's people, and see the files it has brought."""
    cared_for = Affiliate.objects.cared_for_by(request.user)
    return _upload(request, get_object_or_404(cared_for, slug=slug))


def _upload(request: Request, affiliate: Affiliate | None) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file: UploadedFile[bytes] = form.cleaned_data["file"]
        content = file.read(files.MOST_BYTES + 1)
        letters = form.cleaned_data["letters"]
        arrival = Arrival(request.user, affiliate, file.name or "", content, letters)
        try:
            one = arrive(arrival, at=timezone.now())
        except files.Unreadable as refused:
            form.add_error("file", _unreadable(refused))
        else:
            _work_on(one)
            return redirect(one)
    earlier = Import.objects.run_by(request.user).filter(affiliate=affiliate).newest()
    page = Paginator(earlier, EACH).get_page(request.GET.get("page"))
    context = {"form": form, "affiliate": affiliate, "page": page}
    return render(request, "volunteers/imports.html", context)


def _unreadable(refused: files.Unreadable) -> str:
    """Say why no line of a file can be read, and what to do."""
    words = {
        files.EMPTY: _("There is nothing in this file below its first line."),
        files.TOO_MANY: _("More than 50,000 lines. Split the file, by year for example."),
        files.TOO_LARGE: _("More than 5 MB. Split the file, by year for example."),
        files.WRONG_LETTERS: _("The letters of this file are not %(about)s. Choose others."),
        files.NOT_CLOSED: _("A quotation mark in line %(about)s is never closed."),
        files.NO_COLUMNS: _(
            "We know too few of its columns. Activities need a date and a duration, contacts a "
            "number and a name, e-mail or username. Found: %(about)s"
        ),
        files.NO_PEOPLE: _("No column says whom a line is about."),
        files.TOO_OFTEN: _("That is many files for one day. Go on tomorrow."),
    }
    return words[refused.why] % {"about": refused.about[:300]}


def _work_on(one: Import) -> None:
    """Do the first chunks at once; what remains goes on in the background."""
    begin(one.pk, at=timezone.now())
    nudge(go_on_with_imports)


@require_safe
def show(request: Request, pk: int) -> HttpResponse:
    """Show how far an import is, what it would do or has done, and what was refused."""
    one = _one(request, pk)
    refused = Paginator(one.lines.refused(), REFUSED).get_page(request.GET.get("page"))
    takers = matching.takers(one, request.user)
    read = one.lines.good().seen_among(takers)[:SHOWN]
    counts = one.counts()
    context = {"import": one, "counts": counts, "refused": refused, "read": read}
    tells = one.state in {Import.State.READ, Import.State.DONE}
    renamed = one.lines.elsewhere_before(takers) if tells else one.lines.none()
    more = max(0, renamed.count() - REFUSED)
    context |= {"renamed": renamed[:REFUSED], "renamed_more": more}
    context |= {"brings": bool(counts["new"] or counts["changed"])}
    context |= {"day_form": DayFirstForm(), "partly_form": PartlyForm()}
    return render_part(request, "volunteers/import.html", "progress", context)


@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    """Say which comes first in a day of two numbers."""
    one = _one(request, pk)
    form = DayFirstForm(request.POST)
    if one.state == Import.State.ASKED and form.is_valid():
        try:
            actions.answer(one, day_first=form.cleaned_data["day_first"])
        except IllegalMove:  # pressed in two tabs: the first answer counts
            return redirect(one)
        _work_on(one)
    return redirect(one)


def people(request: Request, pk: int) -> HttpResponse:
    """Say who stands for the contacts of a file."""
    waiting = Import.objects.run_by(request.user).filter(state=Import.State.READ)
    one = get_object_or_404(waiting.exclude(affiliate=None).select_related("by"), pk=pk)
    known = one.lines.contacts()
    page = Paginator(known, EACH).get_page(request.GET.get("page"))
    shown = [row for row in known if field_of(row) in request.POST] or list(page)
    takers = matching.takers(one, request.user)
    contacts = matching.suggested(shown, takers)
    form = MatchForm(request.POST or None, contacts=contacts, takers=takers)
    if form.is_valid():
        try:
            matching.match(one, form.chosen)
        except Import.DoesNotExist:
            messages.warning(request, _("This file has been confirmed already, or taken back."))
        else:
            messages.success(request, _("Noted. The next file knows them."))
        return redirect(one)
    members = takers.order_by("folded", "pk").only("username", "name")
    context = {"import": one, "form": form, "page": page, "members": members}
    return render(request, "volunteers/import_people.html", context)


@require_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    """Let a file be written."""
    one = _one(request, pk)
    try:
        writing.confirm(one, partly="partly" in request.POST)
    except writing.NotAll:
        messages.error(request, _("Some lines can't be imported. Say that they are left out."))
    except IllegalMove:
        messages.warning(request, _("This file has been confirmed already, or taken back."))
    else:
        _work_on(one)
    return redirect(one)


@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Let go of a file that is not confirmed."""
    one = _one(request, pk)
    if not actions.discard(one):
        messages.warning(request, _("This file has been confirmed already, or taken back."))
        return redirect(one)
    messages.success(request, _("Let go. Nothing was changed."))
    if one.affiliate:
        return redirect("volunteers:affiliate_import", one.affiliate.slug)
    return redirect("volunteers:own_import")


@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Take a whole import back."""
    one = _one(request, pk)
    try:
        writing.undo(one, at=timezone.now())
    except writing.SomethingStandsOnIt:
        messages.error(request, _("A later file changed the same again: take that back first."))
    except IllegalMove:
        messages.warning(request, _("This can't be taken back any more."))
    else:
        messages.success(request, _("Taken back. Everything is as it was before."))
    return redirect(one)


@require_safe
def refused(request: Request, pk: int) -> StreamingHttpResponse:
    """Give the refused lines, each with its number and why, as CSV."""
    one = _one(request, pk)
    return _csv(hours.refused(one), f"refused-{one.pk}.csv")


@require_safe
def own_hours(request: Request) -> StreamingHttpResponse:
    """Give somebody their own hours as CSV."""
    return _csv(hours.own(request.user), "my-hours.csv")


@require_safe
def affiliate_hours(request: Request, slug: str) -> StreamingHttpResponse:
    """Give a steward the hours of their affiliate as CSV."""
    affiliate = get_object_or_404(Affiliate.objects.cared_for_by(request.user), slug=slug)
    return _csv(hours.of_affiliate(affiliate, request.user), f"{slug}-hours.csv")


@require_safe
def affiliate_contacts(request: Request, slug: str) -> StreamingHttpResponse:
    """Give a steward who has which number in their affiliate's CRM, as CSV."""
    affiliate = get_object_or_404(Affiliate.objects.cared_for_by(request.user), slug=slug)
    return _csv(contacts.of_affiliate(affiliate, request.user), f"{slug}-contacts.csv")


def _csv(lines: Any, name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _one(request: Request, pk: int) -> Import:
    """Find an import that this person may see and decide on."""
    mine = Import.objects.run_by(request.user).select_related("affiliate", "by")
    return get_object_or_404(mine.defer("content"), pk=pk)
