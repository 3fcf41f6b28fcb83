"""The mark by which a line of an export is known again; only a true export can say it.

It names a row and, sealed, whose files had brought it: so nothing has to be looked up, or
given away, to tell whether a file may speak of it.
"""

from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

from volunteers.models.bandwidth import Commitment

SALT = "volunteers.marks"
SEAL, SIGNATURE = 8, 16


class Short(Signer):
    """Signs with 96 bits: many lines have to fit into a file."""

    def signature(self, value: str | bytes, key: str | bytes | None = None) -> str:
        """Give the beginning of the whole signature."""
        return super().signature(value, key)[:SIGNATURE]


def _signer() -> Short:
    """Sign with the key of this server; what a former one has signed is believed, too."""
    return Short(salt=SALT)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark says: which row, whose files had brought it, and its number with them."""

    row: int
    seal: str
    number: str

    @classmethod
    def of(cls, row: Commitment) -> Self:
        """Make the mark of a row; what no file brought belongs to no files."""
        scope, colon, number = row.key.partition(":")
        if row.source != Commitment.Source.IMPORT:
            scope = colon = number = ""
        return cls(row.pk, _seal(row.pk, f"{scope}{colon}"), number)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a mark; None for what no export of ours has written."""
        try:
            row, seal, number = _signer().unsign(text).split(".", 2)
        except BadSignature:
            return None
        return cls(int(row), seal, number)

    def __str__(self) -> str:
        return _signer().sign(f"{self.row}.{self.seal}.{self.number}")

    def from_files_of(self, scope: str) -> bool:
        """Say whether files with keys of this scope had brought the row."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return any(
            constant_time_compare(self.seal, _seal(self.row, scope, secret)) for secret in keys
        )


def _seal(row: int, scope: str, secret: str | bytes | None = None) -> str:
    return salted_hmac(SALT, f"{row}.{scope}", secret).hexdigest()[:SEAL]
