"""Everything that changes listings, exchanges, practices and reports."""
