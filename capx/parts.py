"""A queryset as a part of another statement: of one written by hand, or of a larger read."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject


def part(rows: QuerySet[Any, Any]) -> tuple[str, dict[str, Any]]:
    """Give the words of a queryset, and the values that they name: for `%(p0)s` and so on."""
    words, values = rows.order_by().query.sql_with_params()
    named = {f"p{number}": value for number, value in enumerate(values)}
    return words % tuple(f"%({name})s" for name in named), named


def listed(rows: QuerySet[Any, Any], **fields: str) -> ArraySubquery:
    """Give rows as a list of dictionaries that is read along with what they belong to."""
    return ArraySubquery(rows.values(one=JSONObject(**fields)).values_list("one", flat=True))
