"""Export-license applications and reprieves as durable, event-sourced workflows."""
