"""Opens payloads for people: Temporal's remote codec, over HTTP, to those who may read the case."""
