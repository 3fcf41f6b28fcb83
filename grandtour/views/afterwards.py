"""The pages around a journey: ticking the list, notes about stops, the report, sharing."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from capx.states import IllegalMove
from grandtour.actions import afterwards as actions
from grandtour.actions import checklists
from grandtour.forms.afterwards import NoteForm, ReportForm, SharingForm
from grandtour.models import ChecklistItem, Journey, Seat, Sharing, Stop, StopNote, TravelReport
from grandtour.models.afterwards import NOTE_DAYS, notes_open
from grandtour.models.checklists import BY_DOING
from volunteers.http import Request
from volunteers.models import Affiliate, Skill


@require_POST
def tick(request: Request, pk: int) -> HttpResponse:
    """Note that something is done, or that it is not."""
    mine = ChecklistItem.objects.filter(seat__person=request.user, seat__number__isnull=False)
    item = get_object_or_404(
        mine.exclude(what__in=BY_DOING).select_related("seat__journey"), pk=pk
    )
    checklists.tick(item, done=request.POST.get("done") == "yes", at=timezone.now())
    return redirect(f"{item.seat.journey.get_absolute_url()}#checklist")


@require_http_methods(["GET", "HEAD", "POST"])
def write_note(request: Request, pk: int) -> HttpResponse:
    """Write a short note about a stop, as who travelled or for the host."""
    stop, seat = _visited(request, pk)
    mine = stop.notes.filter(seat=seat).first()
    writable = mine is None and notes_open(stop, timezone.localdate())
    note = StopNote(stop=stop, seat=seat)
    form = NoteForm(request.POST if request.method == "POST" else None, instance=note)
    if writable and form.is_valid():
        try:
            actions.write_note(note, request.user, at=timezone.now())
        except (IllegalMove, actions.WrittenAlready):
            messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
        else:
            messages.success(request, _("Thank you. It is shown when the other side's is in."))
        return redirect("grandtour:write_note", stop.pk)
    context = {
        "stop": stop,
        "journey": stop.journey,
        "form": form,
        "mine": mine,
        "writable": writable,
        "early": timezone.localdate() < stop.leave,
        "theirs": _readable(stop, seat, mine, timezone.localdate()),
        "as_host": seat is None,
    }
    return render(request, "grandtour/write_note.html", context)


def _visited(request: Request, pk: int) -> tuple[Stop, Seat | None]:
    """Find a stop where the reader was a guest (with their place), or a host."""
    seen = Journey.objects.seen_by(request.user)
    rows = Stop.objects.filter(journey__in=seen)
    stop = get_object_or_404(
        rows.select_related("journey__edition", "host__affiliate", "host__place"), pk=pk
    )
    states = [*actions.ON_THE_WAY, Seat.State.CLOSED]
    seat = stop.journey.seats.filter(person=request.user, state__in=states).first()
    if seat is None:
        ours = Affiliate.objects.spoken_for_by(request.user)
        if not ours.filter(pk=stop.host.affiliate_id).exists():
            raise Http404
        called_off = stop.journey.state == Journey.State.CANCELLED
        if called_off and not Stop.objects.begun().filter(pk=stop.pk).exists():
            raise Http404
    return stop, seat


def _readable(
    stop: Stop, seat: Seat | None, mine: StopNote | None, day: date
) -> list[StopNote]:
    """List the other side's notes: once one's own is in, or when two weeks have passed."""
    if mine is None and day < stop.leave + NOTE_DAYS:
        return []
    rows = stop.notes.select_related("person", "stop__host__affiliate")
    rows = rows.of_hosts() if seat else rows.of_travellers()
    return list(rows.order_by("pk"))


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, pk: int) -> HttpResponse:
    """Read a report, and write one's own; then share at home, and offer what was learnt."""
    seat = _place(request, pk)
    row = TravelReport.objects.filter(seat=seat).first()
    mine = seat.person_id == request.user.pk and seat.state in actions.HOME
    editing = mine and (row is None or "edit" in request.GET or request.method == "POST")
    data = request.POST if request.method == "POST" and mine else None
    form = ReportForm(data, instance=row or TravelReport(seat=seat)) if editing else None
    if form and form.is_valid():
        try:
            skills = form.cleaned_data["skills"]
            actions.report(form.instance, skills, at=timezone.now())
        except IllegalMove:
            messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
        else:
            messages.success(request, _("Thank you! The organisers and your hosts read it."))
        return redirect("grandtour:report", seat.pk)
    return _report_page(request, seat, row, form)


def _report_page(
    request: Request,
    seat: Seat,
    row: TravelReport | None,
    form: ReportForm | None,
    sharing: SharingForm | None = None,
) -> HttpResponse:
    """Render it, with what was typed where that is to be mended."""
    own = seat.person_id == request.user.pk
    skills: list[Skill] = list(row.skills.labelled()) if row and own else []
    context = {
        "seat": seat,
        "journey": seat.journey,
        "report": row,
        "form": form,
        "own": own,
        "open": own and seat.state in actions.HOME,
        "sharings": seat.sharings.order_by("day", "pk"),
        "sharing": sharing or SharingForm(initial={"day": timezone.localdate()}),
        "skills": skills,
    }
    return render(request, "grandtour/report.html", context)


@require_POST
def share(request: Request, pk: int) -> HttpResponse:
    """Note how something was passed on at home."""
    seat = _own_place(request, pk)
    sharing = Sharing(seat=seat)
    form = SharingForm(request.POST, instance=sharing)
    if not form.is_valid():
        row = TravelReport.objects.filter(seat=seat).first()
        return _report_page(request, seat, row, None, form)
    try:
        actions.share(sharing, at=timezone.now())
    except (IllegalMove, actions.TooMany):
        messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    else:
        messages.success(request, _("Noted. So it goes on."))
    return redirect("grandtour:report", seat.pk)


@require_POST
def unshare(request: Request, pk: int) -> HttpResponse:
    """Take a line back."""
    mine = Sharing.objects.filter(seat__person=request.user).select_related("seat__journey")
    sharing = get_object_or_404(mine, pk=pk)
    actions.unshare(sharing)
    messages.success(request, _("Taken back."))
    return redirect("grandtour:report", sharing.seat_id)


def _place(request: Request, pk: int) -> Seat:
    """Find a place of somebody who was on a journey that the reader is in."""
    seen = Journey.objects.seen_by(request.user)
    states = [*actions.HOME, Seat.State.CLOSED]
    rows = Seat.objects.filter(journey__in=seen, state__in=states)
    return get_object_or_404(
        rows.select_related("journey", "edition", "person", "application"), pk=pk
    )


def _own_place(request: Request, pk: int) -> Seat:
    """Find one's own place, once home."""
    seat = _place(request, pk)
    if seat.person_id != request.user.pk:
        raise Http404
    return seat
