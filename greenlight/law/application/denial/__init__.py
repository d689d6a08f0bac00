"""A denial on its way: notice, response, denial, appeal (15 CFR 750.6, 756.2)."""
