"""Questions over many rows, answered in SQL."""
