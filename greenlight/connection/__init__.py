"""The way of every program of the service to its Temporal cluster and its database."""
