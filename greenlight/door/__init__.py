"""The service by HTTP: commands and readings for whoever has no connection to Temporal or the database."""
