"""The coming of an instant at which the law says something else: every open case is asked anew."""
