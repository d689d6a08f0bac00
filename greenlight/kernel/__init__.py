"""The shape of every aggregate: commands that are signed, events that are recorded, time as an argument."""
