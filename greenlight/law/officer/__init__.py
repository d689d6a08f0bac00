"""An officer: any registered signatory, applicants included, with roles and keys held from when to when."""
