"""The times that run from the notice of an intent to deny, in calendar days."""

RESPONSE_DAYS = 20
"""To respond, from the date of the notice (15 CFR 750.6(b))."""

FINAL_DAYS = 45
"""After which the denial is final, from the date of the notice (15 CFR 750.6(b))."""

APPEAL_DAYS = 45
"""For an appeal to be received, from the date of the notice (15 CFR 756.2(b)(1))."""
