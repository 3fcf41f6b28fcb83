"""Statements that are planned once and asked again and again.

Django's own cursors write values into the text, so that PostgreSQL reads and plans it anew each
time; for a long statement that takes longer than to answer it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper


@contextmanager
def prepared_cursor() -> Iterator[CursorWrapper]:
    """Lend a cursor that sends values beside the text: from the third time on it is prepared.

    What is asked with it has one good plan, whatever the values. Where statements are logged
    it is one of Django's own, so that the log has their values.
    """
    if connection.queries_logged:
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    prepared = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]  # unknown to the stubs
    with connection.make_cursor(prepared) as cursor:  # type: ignore[arg-type]  # as above
        yield cursor
