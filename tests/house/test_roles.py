"""docs/security/roles.md says of every role what it opens, as the rules do."""

from pathlib import Path

from samband.staff import rules

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security" / "roles.md"
FACTOR = "*needs a second factor*"


def table() -> dict[str, dict[str, str]]:
    """What the page says, by part and role."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text().splitlines()
        if line.startswith("| ")
    ]
    head, *body = rows
    return {part: dict(zip(head[1:], said, strict=True)) for part, *said in body}


def test_the_page_says_what_each_role_opens() -> None:
    parts = set().union(*rules.ROLES.values())
    said = {
        part: {
            role: ("looks" if not rules.may(role, part, change=True) else "yes") if rules.may(role, part) else ""
            for role in rules.ROLES
        }
        for part in parts
    }
    said[FACTOR] = {role: "yes" if rules.needs_second_factor(role) else "" for role in rules.ROLES}
    assert table() == said


def test_what_is_for_good_is_an_administrators() -> None:
    for part in ("erase", "keys", "staff", "record"):
        assert [role for role in rules.ROLES if rules.may(role, part)] == ["admin"]
