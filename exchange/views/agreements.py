"""The pages of an agreement: writing it down, saying yes, keeping what was agreed."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.forms import formset_factory
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from capx.states import IllegalMove
from capx.terms import Changed
from exchange.actions import agreements as actions
from exchange.actions import commitments, seats
from exchange.actions.exchanges import ConversationOver, TooMany
from exchange.forms.exchanges import AgreementForm, ConfirmForm, lines_of
from exchange.forms.money import (
    MOST_LINES,
    LineForm,
    Lines,
    is_about_lines,
    lines_as_typed,
    typed_lines,
)
from exchange.models import Agreement, Exchange
from exchange.views import parts
from exchange.views.nudged import nudged
from exchange.views.what_if import what_if
from volunteers.forms.money import currency_of
from volunteers.http import Request

CostsFormSet = formset_factory(
    LineForm,
    formset=Lines,
    extra=0,
    max_num=MOST_LINES,
    absolute_max=MOST_LINES + 1,
    validate_max=True,
)
FIELDS = ("what", "first_day", "last_day", "hours", "where", "outcome")


@nudged
def agreement(request: Request, pk: int) -> HttpResponse:
    """Write down what to agree on, or change it."""
    found = _negotiable(request, pk)
    last = found.agreements.filter(version=found.version).first()
    data = request.POST if request.method == "POST" else None
    if data and is_about_lines(data.get("step", "")):
        form, sums, data = AgreementForm(initial=data.dict()), _typed_sums(data), None
    else:
        form = AgreementForm(data, initial=_start(found, last))
        rows = lines_as_typed(lines_of(found, last))
        sums = CostsFormSet(data, initial=rows, prefix="costs")
    sums.fresh = {"currency": currency_of(found.provider.country)}
    context: dict[str, Any] = {"form": form, "lines": sums, "exchange": found, "last": last}
    if data and form.is_valid() and sums.is_valid():
        answer = _propose(request, found, form, sums)
        if isinstance(answer, HttpResponse):
            return answer
        context |= answer
    context["other"] = found.other(request.user)
    return render(request, "exchange/agreement.html", context)


def _typed_sums(data: QueryDict) -> Any:
    """Lay the sums out as they were typed, with one more where that was asked for."""
    rows = typed_lines(data, "costs")
    if data.get("step") == "row":
        rows.append({"currency": rows[-1]["currency"]} if rows else {})
    return CostsFormSet(initial=rows[:MOST_LINES], prefix="costs")


def _propose(
    request: Request, found: Exchange, form: AgreementForm, sums: Lines
) -> HttpResponse | dict[str, Any]:
    """Put the terms on the table: give the page that follows, or what the form has to say."""
    draft = form.draft(sums)
    try:
        actions.propose(found, request.user, draft, at=timezone.now())
    except actions.Overfull:
        effect = what_if(found, request.user, timezone.now(), draft.agreement)
        return {"what_if": effect, "form": AgreementForm(request.POST, overfull=True)}
    except Changed:
        return _news(found)
    except TooMany:
        form.add_error(None, _("Those were many changes in an hour. Try again later."))
        return {}
    except (IllegalMove, ConversationOver):
        return _stale(request, found)
    messages.success(request, _said(both=False))
    return redirect(f"{found.get_absolute_url()}#agreement")


def _negotiable(request: Request, pk: int) -> Exchange:
    """Fetch an exchange whose terms can still change."""
    mine = Exchange.objects.involving(request.user).negotiable()
    return get_object_or_404(mine.with_people(), pk=pk)


def _start(exchange: Exchange, last: Agreement | None) -> dict[str, Any]:
    """Fill the form from the last version, else from the wish and the listing."""
    if last:
        return {name: _typed(getattr(last, name)) for name in FIELDS} | {
            "read": exchange.version
        }
    listing = exchange.listing
    first, last_day = commitments.wished_days(exchange)
    if first and last_day and first < timezone.localdate() <= last_day:
        first = timezone.localdate()
    return {
        "read": exchange.version,
        "what": listing.title,
        "hours": _typed(exchange.wished_hours or listing.hours),
        "first_day": first,
        "last_day": last_day or first,
        "where": str(listing.place or "") if listing.mode != listing.Mode.REMOTE else "",
        "outcome": listing.takeaway,
    }


def _typed(value: Any) -> Any:
    """Write hours as somebody would type them: 4, not 4.0."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _news(exchange: Exchange) -> dict[str, Any]:
    """Show what the other side has written meanwhile, beside what was typed."""
    fresh = Exchange.objects.get(pk=exchange.pk)
    news = fresh.agreements.filter(version=fresh.version).prefetch_related("lines").first()
    return {"news": news, "news_money": parts.money_of(news)}


@require_POST
@nudged
def confirm(request: Request, pk: int) -> HttpResponse:
    """Say yes to just what was read."""
    found = get_object_or_404(Exchange.objects.involving(request.user).with_people(), pk=pk)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _stale(request, found)
    version, knowingly = form.cleaned_data["version"], form.cleaned_data["knowingly"]
    now = timezone.now()
    try:
        both = actions.confirm(found, request.user, version, at=now, knowingly=knowingly)
    except actions.Overfull:
        agreement = found.agreements.get(version=version)
        context = {"exchange": found, "version": version}
        context["what_if"] = what_if(found, request.user, now, agreement)
        return render(request, "exchange/overfull.html", context)
    except seats.NoSeat:
        messages.error(request, _("The last seat was taken. Nothing was lost: keep talking."))
    except (Changed, IllegalMove, ConversationOver):
        return _stale(request, found)
    else:
        messages.success(request, _said(both=both))
    return redirect(f"{found.get_absolute_url()}#agreement")


def _said(*, both: bool) -> str:
    """Say what one's yes has done; nothing of why the other side is asked, once more or not."""
    if both:
        return _("You both agreed. The dates are in the calendar of whoever helps.")
    return _("Written down. The other side is asked to confirm.")


@require_POST
@nudged
def keep(request: Request, pk: int) -> HttpResponse:
    """Take a change off the table."""
    found = get_object_or_404(Exchange.objects.involving(request.user).with_people(), pk=pk)
    form = ConfirmForm(request.POST)
    try:
        version = form.cleaned_data["version"] if form.is_valid() else 0
        actions.keep(found, request.user, version, at=timezone.now())
    except (Changed, IllegalMove, ConversationOver):
        return _stale(request, found)
    messages.success(request, _("It stays as you both agreed."))
    return redirect(f"{found.get_absolute_url()}#agreement")


def _stale(request: Request, exchange: Exchange) -> HttpResponse:
    """Go back to the exchange as it is now."""
    messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    return redirect(f"{exchange.get_absolute_url()}#agreement")
