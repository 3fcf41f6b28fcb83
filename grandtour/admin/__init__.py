"""What organisers of a tour see and do."""

from grandtour.admin import editions, hosts, journeys, plans

__all__ = ["editions", "hosts", "journeys", "plans"]
