"""A case that stands still because a directive says so."""
