"""How every program of the service reaches its Temporal cluster and its database, and speaks to them."""
