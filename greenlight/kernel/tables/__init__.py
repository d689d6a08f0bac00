"""Decision tables as data: evaluated with a trace, checked, compared."""
