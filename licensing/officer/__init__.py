"""An officer: any registered signatory, applicants included, with the roles and keys held from when to when."""
