"""Questions over many applications and reviews."""
