"""Questions that log and list answer together, for the command line, the front door and Nexus."""
