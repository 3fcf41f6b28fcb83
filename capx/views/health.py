"""The page that machines ask how we are."""

from collections.abc import Callable

import psycopg
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from capx.celery import app

PATIENCE = 2  # seconds; libpq takes no less


@require_safe
@login_not_required
@never_cache
def health(_request: HttpRequest) -> JsonResponse:
    """Say whether the database and the broker answer: 200 when both do, 503 otherwise."""
    answers = {
        "database": _answer(_ask_database, psycopg.Error),
        "broker": _answer(_ask_broker, OperationalError),
    }
    well = set(answers.values()) == {"ok"}
    return JsonResponse(answers, status=200 if well else 503)


def _answer(ask: Callable[[], object], refusal: type[Exception]) -> str:
    try:
        ask()
    except refusal:
        return "does not answer"
    return "ok"


def _ask_database() -> None:
    """Ask on a connection of its own: one that waits in the pool's queue proves nothing."""
    address = {
        **connection.get_connection_params(),
        "connect_timeout": PATIENCE,
        "options": f"-c statement_timeout={PATIENCE}s",
    }
    address.pop("pool", None)
    with psycopg.connect(**address) as fresh:
        fresh.execute("SELECT 1")


def _ask_broker() -> None:
    timeouts = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    with app.connection_for_write(transport_options=timeouts) as line:
        line.ensure_connection(max_retries=1, timeout=PATIENCE)
