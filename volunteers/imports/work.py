"""Goes on with imports, one chunk at a time: what stands in the database is all it needs."""

import logging
from datetime import datetime

from volunteers.imports.reading import read_on
from volunteers.imports.writing import tell_on, write_on
from volunteers.models import Import

STEPS = {
    Import.State.READING: read_on,
    Import.State.WRITING: write_on,
    Import.State.TELLING: tell_on,
}
logger = logging.getLogger(__name__)
# So many chunks are done before the page answers: a file of a usual size is through at once.
AT_ONCE = 3


def go_on(key: int, *, at: datetime) -> bool:
    """Do the next chunk of an import; say whether there was one."""
    one = Import.objects.at_work().filter(pk=key).defer("content").first()
    if one is not None:
        STEPS[Import.State(one.state)](one, at=at)
    return one is not None


def go_on_with_all(now: datetime) -> None:
    """Do all that is left of every import; one that goes wrong stops no other."""
    for key in Import.objects.at_work().order_by("pk").values_list("pk", flat=True):
        try:
            while go_on(key, at=now):
                pass
        except Exception:
            logger.exception("Import %s does not go on; it is tried again", key)


def begin(key: int, *, at: datetime) -> None:
    """Do the first chunks while somebody waits for the page."""
    for _chunk in range(AT_ONCE):
        if not go_on(key, at=at):
            break
