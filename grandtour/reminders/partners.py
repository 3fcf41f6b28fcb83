"""Partners whose people rested when somebody named them: asked once they are back."""

from datetime import datetime

from grandtour.models import Application
from grandtour.notices import partners as notices


def ask(now: datetime) -> None:
    """Ask who can be asked by now; twice is the same as once."""
    notices.asked(Application.objects.partner_to_answer(), at=now)
