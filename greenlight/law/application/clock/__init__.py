"""Questions to the applicant and holds, which stop the statutory clock (15 CFR 750.4(b))."""
