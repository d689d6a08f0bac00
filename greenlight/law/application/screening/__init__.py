"""What screening found of the parties, and what officers made of it (15 CFR 744.11(a))."""
