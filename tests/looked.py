"""What the checks say of a draft of one paragraph, in short: for the tests of one set's lessons."""

from drafter.checking import check_case


def findings(facts: list[str], draft: str) -> list[tuple[str, str, str]]:
    """Return (check, severity, text) of each finding."""
    found = check_case({"id": "1", "year": 2026, "facts": facts, "draft": draft})
    return [(one["check"], one["severity"], one["text"]) for one in found]


def told(check: str, facts: list[str], draft: str) -> list[str]:
    """Return what one check marks."""
    return [text for name, _, text in findings(facts, draft) if name == check]


def alarms(facts: list[str], draft: str) -> list[tuple[str, str, str]]:
    """Return what is more than advice."""
    return [one for one in findings(facts, draft) if one[1] != "advice"]
