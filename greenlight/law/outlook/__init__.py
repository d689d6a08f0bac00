"""The outlook: instants to come at which the law says something else, and the cases that it changes."""
