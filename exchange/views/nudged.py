"""What people are told goes out soon after the page that caused it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpResponse

from capx.celery import nudge
from volunteers.http import Request
from volunteers.tasks import send_notices

P = ParamSpec("P")


def nudged(
    view: Callable[Concatenate[Request, P], HttpResponse],
) -> Callable[Concatenate[Request, P], HttpResponse]:
    """Wake the letter box after a form was sent; without a broker the timetable does it."""

    @wraps(view)
    def wrapped(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            nudge(send_notices)
        return response

    return wrapped
