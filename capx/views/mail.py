"""The mails of the sample: where a trial has no mail server, they are read here."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from capx import maildrop

MOST = 100


@require_safe
@login_not_required
@never_cache
def mails(request: HttpRequest) -> HttpResponse:
    """List the latest mails, the newest first."""
    found = maildrop.letters(_folder(), MOST)
    return render(request, "sample/mails.html", {"letters": found, "most": MOST})


@require_safe
@login_not_required
@never_cache
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """Read one mail."""
    letter = maildrop.letter(_folder(), key)
    if letter is None:
        raise Http404
    trail = [{"label": _("Mail sent so far"), "href": reverse("mails")}]
    return render(request, "sample/mail.html", {"letter": letter, "trail": trail})


def _folder() -> Path:
    """Give the folder of mails; on a real site there is none, and no such page."""
    if not (settings.SAMPLE and settings.MAIL_FOLDER):
        raise Http404
    return Path(settings.MAIL_FOLDER)
