"""What organisers see and do: reports, listings, exchanges, practices, skills."""

from exchange.admin import exchanges, listings, reports, skills

__all__ = ["exchanges", "listings", "reports", "skills"]
