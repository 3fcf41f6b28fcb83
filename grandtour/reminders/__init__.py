"""Who hears from the Grand Tour again, when, and when we stop."""
