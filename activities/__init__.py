"""Everything that touches the world: the event log, the lists, letters."""
