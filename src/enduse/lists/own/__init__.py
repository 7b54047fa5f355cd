"""A user's own list of parties."""
