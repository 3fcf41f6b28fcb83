"""The pages afterwards: did it happen, thanks."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from capx.states import IllegalMove
from exchange.actions import follow_ups as actions
from exchange.actions.exchanges import ConversationOver
from exchange.forms.exchanges import FollowUpForm, ThanksForm
from exchange.models import Exchange, FollowUp
from exchange.views.nudged import nudged
from exchange.views.parts import money_of
from volunteers.http import Request


@nudged
def follow_up(request: Request, pk: int) -> HttpResponse:
    """Say whether it happened, what worked, what did not, what was paid."""
    mine = Exchange.objects.involving(request.user).filter(state=Exchange.State.AGREED)
    found = get_object_or_404(mine.with_people(), pk=pk)
    said = found.follow_ups.filter(person=request.user).first() or FollowUp()
    form = FollowUpForm(
        request.POST if request.method == "POST" else None, instance=said, person=request.user
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.tell(found, request.user, form.instance, at=timezone.now())
        except actions.TooEarly:
            form.add_error("happened", _("It has not begun yet. Come back when it has."))
        except IllegalMove:
            return _stale(request, found)
        else:
            messages.success(request, _("Thank you, that is noted."))
            return redirect(found)
    agreed = found.agreements.filter(version=found.agreed_version or 0).first()
    context: dict[str, Any] = {"exchange": found, "form": form}
    context |= {"other": found.other(request.user), "agreed": agreed, "money": money_of(agreed)}
    return render(request, "exchange/follow_up.html", context)


@nudged
def thank(request: Request, pk: int) -> HttpResponse:
    """Say thanks, or put the question away; what is typed is not put away unasked."""
    found = get_object_or_404(Exchange.objects.thankable_by(request.user).with_people(), pk=pk)
    data = request.POST if request.method == "POST" else None
    form = ThanksForm(data)
    silent = data is not None and "nothing" in data
    unsent = silent and data is not None and bool(data.get("words", "").strip())
    sure = data is not None and data.get("nothing") == "sure"
    if (silent and (sure or not unsent)) or (data and not silent and form.is_valid()):
        return _close(request, found, form, silent=silent)
    context = {"exchange": found, "form": form, "other": found.other(request.user)}
    return render(request, "exchange/thank.html", context | {"unsent": unsent})


def _close(
    request: Request, found: Exchange, form: ThanksForm, *, silent: bool
) -> HttpResponse:
    """Keep the thanks, or the wish to say nothing more."""
    now = timezone.now()
    try:
        if silent:
            actions.say_nothing_more(found, request.user, at=now)
        else:
            said = form.cleaned_data
            actions.thank(found, request.user, said["words"], at=now, shows=said["shows"])
    except (IllegalMove, ConversationOver):
        return _stale(request, found)
    words = _("All right.") if silent else _("Your thanks are on their way.")
    messages.success(request, words)
    return redirect(found)


def _stale(request: Request, exchange: Exchange) -> HttpResponse:
    messages.warning(request, _("It has changed meanwhile. This is how it stands now."))
    return redirect(exchange)
