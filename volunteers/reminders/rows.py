"""Reminders row by row, or many together: what goes wrong with one stops no other."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Model, QuerySet

from capx.states import IllegalMove

Row = TypeVar("Row", bound=Model)

logger = logging.getLogger(__name__)


def each(rows: QuerySet[Row], act: Callable[[Row], None]) -> int:
    """Do something to each row, one transaction each; what fails is still due the next time.

    Say to how many it was done.
    """
    return sum(attempt(row, act) for row in rows.order_by("pk").iterator())


def attempt(row: Row, act: Callable[[Row], None]) -> bool:
    """Do it, or note what went wrong: the next row must not wait for this one."""
    try:
        with transaction.atomic():
            act(row)
    except IllegalMove:
        return False  # somebody else was faster
    except Exception:
        logger.exception("Nothing was done about %s %s", row._meta.label, row.pk)
        return False
    return True


def together(rows: Sequence[Row], act: Callable[[Sequence[Row]], None]) -> None:
    """Do something to many rows at once; where that fails, to each alone, and note which fail.

    Call it in a transaction. A database that is away is nobody's fault, and ends it.
    """
    try:
        with transaction.atomic():
            act(rows)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        if len(rows) == 1:
            logger.exception("Nothing was done about %s %s", rows[0]._meta.label, rows[0].pk)
        for row in rows if len(rows) > 1 else ():
            together([row], act)
