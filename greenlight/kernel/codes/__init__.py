"""Codes that others keep: countries, currencies, units of measure, as tables with their sources."""
