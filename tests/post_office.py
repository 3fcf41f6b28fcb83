"""A mail server on loopback that keeps every message in memory."""

import re
import socket
import threading
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

LINK = re.compile(r"https?://[^\s<>\"]+")


class PostOffice:
    """Takes mail over SMTP; a test waits for what it expects."""

    def __init__(self):
        self.mails = []
        self._arrived = threading.Condition()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self):
        self._server.start()
        return self

    def __exit__(self, *_error):
        self._server.stop()

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        mail = message_from_bytes(envelope.content, policy=policy.default)
        mail.receivers = envelope.rcpt_tos
        with self._arrived:
            self.mails.append(mail)
            self._arrived.notify_all()
        return "250 Message accepted for delivery"

    def to(self, address):
        """Return what has come for an address, the oldest first."""
        return [mail for mail in self.mails if address in mail.receivers]

    def wait(self, address, containing="", seconds=120):
        """Return the newest mail to an address that has these words, once it is there."""

        def found():
            mails = [mail for mail in self.to(address) if containing in text(mail)]
            return mails[-1] if mails else None

        with self._arrived:
            mail = self._arrived.wait_for(found, seconds)
        if mail is None:
            known = "\n".join(f"{mail['to']}: {mail['subject']}" for mail in self.mails)
            raise AssertionError(
                f"No mail to {address} with {containing!r}; there is:\n{known}"
            )
        return mail


def text(mail):
    """Return subject and body as one text."""
    body = mail.get_body(("plain", "html"))
    return f"{mail['subject']}\n\n{body.get_content() if body else ''}"


def links(mail):
    """Return the addresses written in a mail."""
    return LINK.findall(text(mail))
