"""Somebody who has just shown once more that it is they."""

import time


def shows_who_they_are(client):
    """Note in the session what a password typed a moment ago leaves there."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
