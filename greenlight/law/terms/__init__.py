"""Terms: what counts from an instant through a last day, may be corrected and extended, and was known or not.

Terms of a reprieve and acts on a rule are both. Who may issue one, and what it says, their own laws tell.
"""
