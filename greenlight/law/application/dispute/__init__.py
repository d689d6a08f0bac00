"""The dispute: how agencies that disagree come to one decision (15 CFR 750.4(f))."""
