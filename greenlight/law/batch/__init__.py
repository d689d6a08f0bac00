"""A batch: many cases that wait for the executive, decided by one signature over all of them."""
