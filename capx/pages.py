"""Long lists, page by page, of which nobody counts what nobody would read."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property


class Capped(Paginator[Any]):
    """Pages of a queryset, at most so many; whoever wants the rest narrows the list down."""

    most_pages = 100

    @cached_property
    def _counted(self) -> int:
        """Count what fits, and one row more if there is one."""
        rows: Any = self.object_list
        return int(rows.order_by()[: self._most + 1].count())

    @property
    def _most(self) -> int:
        return self.per_page * self.most_pages

    @cached_property
    def count(self) -> int:
        """Give the number of rows that can be paged through."""
        return min(self._counted, self._most)

    @property
    def more(self) -> bool:
        """Say whether there are rows beyond the last page."""
        return self._counted > self._most


class Counted(Paginator[Any]):
    """Pages of rows that have been counted already."""

    def __init__(self, rows: Any, size: int, *, number: int) -> None:
        """Take how many there are."""
        super().__init__(rows, size)
        self.number = number

    @property
    def count(self) -> int:
        """Say how many there are."""
        return self.number
