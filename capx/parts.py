"""A queryset as a part of a statement that is written by hand."""

from typing import Any

from django.db.models import QuerySet


def part(rows: QuerySet[Any, Any]) -> tuple[str, dict[str, Any]]:
    """Give the words of a queryset, and the values that they name: for `%(p0)s` and so on."""
    words, values = rows.order_by().query.sql_with_params()
    named = {f"p{number}": value for number, value in enumerate(values)}
    return words % tuple(f"%({name})s" for name in named), named
