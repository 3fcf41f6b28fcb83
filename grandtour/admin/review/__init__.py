"""How organisers have applications read, and decide."""
