"""What leaves no trace, so that each of many examples begins alike."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone():
    """Undo in the database whatever happens within."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
