"""The feed: what happened, told to others by position, in one order without gaps."""
