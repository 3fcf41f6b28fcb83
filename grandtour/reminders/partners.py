"""Partners whose people rested when somebody named them: asked once they are back."""

from datetime import datetime

from grandtour.models import Application
from grandtour.notices import partners as notices


def ask(now: datetime) -> None:
    """Ask who can be asked by now; twice is the same as once."""
    rows = Application.objects.partner_to_answer().select_related(
        "person", "partner__affiliate", "partner__edition"
    )
    for application in rows.order_by("pk"):
        notices.asked(application, at=now)
