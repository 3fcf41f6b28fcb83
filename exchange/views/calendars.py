"""The agreed dates, as a file that every calendar reads."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from capx.ical import Entry, calendar
from exchange.models import Exchange
from volunteers.http import Request
from volunteers.mailbox import absolute


@require_safe
def dates(request: Request, pk: int) -> HttpResponse:
    """Give the agreed days of one exchange; its mark stays the same when they change."""
    mine = Exchange.objects.involving(request.user).filter(agreed_version__isnull=False)
    found = get_object_or_404(mine.with_people(), pk=pk)
    agreed = found.agreements.get(version=found.agreed_version or 0)
    entry = Entry(
        uid=f"exchange-{found.pk}@{urlsplit(settings.SITE_URL).hostname}",
        sequence=(found.agreed_version or 0) + _is_off(found),
        stamp=found.ended_at or found.agreed_at or found.asked_at,
        first=agreed.first_day,
        last=agreed.last_day,
        summary=f"{found.listing.title} ({found.other(request.user)})",
        description=agreed.what,
        location=agreed.where,
        url=absolute(found.get_absolute_url()),
        off=_is_off(found),
    )
    return calendar([entry], f"exchange-{found.pk}")


def _is_off(exchange: Exchange) -> bool:
    state = Exchange.State
    return exchange.state in (state.WITHDRAWN, state.NOT_DONE, state.EXPIRED)
