"""Commands of those who run the service: audit, recovery, officers, statistics, documents."""
