"""What organisers of a tour see and do."""

from grandtour.admin import editions, hosts

__all__ = ["editions", "hosts"]
