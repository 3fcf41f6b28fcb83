"""Who hears from us again, when, and when we stop."""
