"""The desk, and what the worker does beside it: facts, letters, rescreening, repair."""
