"""A reprieve: a temporary general license for a listed entity's existing customers, term by term.

The temporary general license of 2019-2020 (Supplement No. 7 to 15 CFR Part 744) is the model. A reprieve
waives the license requirement of the Entity List (15 CFR 744.11) within its scope, and no other requirement.
"""
