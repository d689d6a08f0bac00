"""Referrals to agencies and their advice (15 CFR 750.3, 750.4(d), (e))."""
