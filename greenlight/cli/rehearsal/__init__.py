"""The demonstration, and the docket of 2019-2020."""
