"""A license application, from its submission to its outcome (15 CFR 748 and 750)."""
