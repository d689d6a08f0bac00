"""The workflow of a license."""

from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.state import LicenseState
from workflows.case import Case
from workflows.messages import workflow_of


@workflow_of(LICENSE)
class License(Case[LicenseState]):
    """One license, from its grant, which its application has recorded, to its expiry."""
