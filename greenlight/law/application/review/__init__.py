"""A recommendation, its countersignature, the executive's sign-off."""
