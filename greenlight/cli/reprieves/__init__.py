"""Commands on reprieves and their policies."""
