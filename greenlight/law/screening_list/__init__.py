"""The list that parties are held against, as versions: each a file, known by its digest, current by an event.

What a version says of a file is what the service found in it, never what a sender claims.
"""
