"""Keys, sealed payloads, the codec and its server."""
