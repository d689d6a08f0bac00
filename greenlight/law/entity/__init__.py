"""A listed entity: its entry on the Entity List, from its addition through its amendments to its removal.

Supplement No. 4 to 15 CFR Part 744 is the list. Each entry carries its own license requirement and review
policy (15 CFR 744.11, 744.16), and counts from an instant of its own, which may lie before its publication.
"""
