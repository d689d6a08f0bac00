"""The instant from which on the law says something else, since it came or since something was confirmed."""
