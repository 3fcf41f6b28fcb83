"""How often somebody tried what is limited, counted in the cache that lies in PostgreSQL."""

from datetime import datetime

from django.conf import settings
from django.db import connection


def forget(now: datetime) -> None:
    """Remove what is counted no more: Django would keep it until there are a million rows."""
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 -- our name
