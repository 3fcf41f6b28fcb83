"""Answering what stuck, from the mail and without signing in."""

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from grandtour.actions import looking_back as actions
from grandtour.forms.afterwards import LookBackForm
from grandtour.models import Expectation, LookBack, Side
from grandtour.notices import afterwards as notices


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_back(request: HttpRequest, token: str) -> HttpResponse:
    """Say what stuck, with one's name or without; mail programs look, and write nothing."""
    page = "grandtour/look_back.html"
    try:
        asked = notices.look_back_of(token)
    except (signing.SignatureExpired, LookBack.DoesNotExist):
        return render(request, page, {"over": True})
    except signing.BadSignature as forged:
        raise Http404 from forged
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = LookBackForm(data, travelled=asked.side == Side.TRAVELLER)
    edition = actions.edition_of(asked)
    context = {
        "form": form,
        "edition": edition,
        "few": actions.few_are_asked(asked, edition),
        "things": Expectation.objects.agreed()
        .filter(seat=asked.seat, seat__isnull=False)
        .order_by("stop__number")
        .values_list("afterwards", flat=True),
    }
    if not LookBack.objects.waiting(now).filter(pk=asked.pk).exists():
        return render(request, page, {"over": True})
    if form.is_valid():
        try:
            actions.answer(asked, form.instance, named=form.cleaned_data["named"], at=now)
        except actions.Answered:
            return render(request, page, {"over": True})
        return render(request, page, {"thanks": True})
    return render(request, page, context)
