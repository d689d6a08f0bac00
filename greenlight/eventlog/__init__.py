"""The record in PostgreSQL: what an auditor, a court or another service reads.

One SQL function, ``greenlight.append``, writes it; ``greenlight.eventlog.recorder`` is the only caller. In
production give the service's role EXECUTE on that function's schema and INSERT on its tables, never
ownership, and keep the owner's password away from the service: whoever owns the tables can switch the
triggers off. That this happened shows against what was published of the log outside the database
(``greenlight.eventlog.publish``, ``greenlight.eventlog.verify``).
"""
