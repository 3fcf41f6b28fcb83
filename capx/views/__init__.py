"""Pages that show more than one app, and what machines ask."""
