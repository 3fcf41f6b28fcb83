"""Whether one may show others one's own application without telling readers whose it is."""

from grandtour.models import Application, Edition

State = Edition.State
OVER = {State.DECIDED, State.TRAVELLING, State.EVALUATING, State.CLOSED}


def may_be_told(application: Application) -> bool:
    """Say whether it was sent and nobody reads applications any more."""
    return bool(
        application.submitted_at
        and application.state != Application.State.WITHDRAWN
        and application.edition.state in OVER
    )
