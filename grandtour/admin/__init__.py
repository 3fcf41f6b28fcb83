"""What organisers of a tour see and do."""

from grandtour.admin import editions, hosts, journeys, money, plans

__all__ = ["editions", "hosts", "journeys", "money", "plans"]
