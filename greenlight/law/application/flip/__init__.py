"""A case whose answer, whether a license is required, became another one at an instant that came."""
