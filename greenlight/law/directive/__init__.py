"""A directive: what an executive orders for a class of applications or licenses.

It says in advance what would otherwise be recommended case by case (15 CFR 744.11, Supplement No. 4 to Part
744), or revokes licenses (15 CFR 750.8). It can hurry a case, and skips no step of the regulation.
"""
