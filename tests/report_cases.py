"""All invented reports that the parser is tested on."""

from tests.report_cases_common import COMMON, Case
from tests.report_cases_odd import ODD

__all__ = ["CASES", "Case"]

CASES = (*COMMON, *ODD)
