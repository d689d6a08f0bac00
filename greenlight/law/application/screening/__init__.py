"""The findings of screening the parties, and what officers made of them (15 CFR 744.11(a))."""
