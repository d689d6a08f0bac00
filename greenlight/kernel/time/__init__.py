"""The statutory clock: calendar days in the agency's zone, and holds as recorded intervals."""
