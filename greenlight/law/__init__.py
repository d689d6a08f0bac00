"""The law of export licensing, as pure functions over immutable models.

Nothing here does I/O, reads a clock or knows how it is driven: time is an argument, commands come in as
models, and what happened goes out as events. Imports are limited to the standard library and pydantic.
"""

from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.batch.refusals import BatchRefusal
from greenlight.law.directive.refusals import DirectiveRefusal
from greenlight.law.entity.refusals import EntityRefusal
from greenlight.law.license.refusals import LicenseRefusal
from greenlight.law.officer.refusals import OfficerRefusal
from greenlight.law.reprieve.refusals import ReprieveRefusal
from greenlight.law.rule.refusals import RuleRefusal
from greenlight.law.screening_list.refusals import ListRefusal

# Read with whatever is read of the law: a code that nobody imported would pass for one of a newer release.
__all__ = [
    "ApplicationRefusal",
    "BatchRefusal",
    "DirectiveRefusal",
    "EntityRefusal",
    "LicenseRefusal",
    "ListRefusal",
    "OfficerRefusal",
    "ReprieveRefusal",
    "RuleRefusal",
]
