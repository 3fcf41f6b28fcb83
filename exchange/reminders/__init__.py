"""Who hears from us again about exchanges and listings, when, and when we stop."""
