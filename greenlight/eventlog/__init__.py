"""The record in PostgreSQL: what an auditor, a court or another service reads.

One SQL function, ``greenlight.append``, writes it; ``greenlight.eventlog.recorder`` is the only caller. It
runs as the owner of the database: the service's own role may call it, and can write no table. Keep the
owner's password away from the service: whoever owns the tables can switch the triggers off. That this
happened shows against what was published of the log outside the database (``greenlight.eventlog.publish``,
``greenlight.eventlog.verify``).
"""
