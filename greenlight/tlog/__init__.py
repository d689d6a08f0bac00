"""The log as others check it: a Merkle tree of salted leaves, published in the formats of C2SP (c2sp.org).

Pure but for ``folder`` (files), ``witness`` and ``asking`` (the two ends of HTTP). No database: the tree's
leaves come from ``greenlight.eventlog``.
"""
