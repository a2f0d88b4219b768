"""The house stands as it was drawn: floors, rooms and what each kind of file may lean on."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WINGS = ("commerce", "customers", "engagement", "intelligence")

MAY_NOT_LEAN_ON = {
    "models": {"events", "timeline", "commands", "queries", "reactions"},
    "queries": {"timeline", "commands", "reactions"},
    "reactions": {"models"},
    "books": {"events", "timeline", "commands", "reactions"},
    "privacy": {"events", "timeline", "commands", "reactions"},
}
"""What each kind of file in a room must leave alone."""

PURE = set(
    "rules refusals routing promise transitions tagging quoting quotes promotions cuts taking mixing"
    " searching hoping combining reducing bringing holding defining announcing chronicle vat attributes branches"
    " gtins views folding claims giving_back balancing"
    " deciding policy purposes components following vocabulary messages parts payloads moments".split()
)
"""Decisions and words: values in, values out. They know no framework and nothing of their room that does."""

FRAMEWORK = {"django", "ninja", "psycopg", "jinja2"}
NOT_PURE = {"models", "commands", "queries", "reactions", "timeline"}
NAMELESS = {"utils", "helpers", "services", "managers", "common", "misc", "util", "helper", "service", "manager"}


def rooms(root: Path) -> Iterator[Path]:
    for wing in WINGS:
        for folder in sorted((root / "samband" / wing).glob("*/")):
            if (folder / "__init__.py").exists():
                yield folder
    yield root / "samband" / "staff"
    yield root / "samband" / "tries"


def imports(file: Path, root: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, written in full, with its line."""
    package = list(file.relative_to(root).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module, node.lineno
            for name in node.names:
                yield f"{module}.{name.name}", node.lineno


def violations(root: Path) -> list[str]:
    """Whatever breaks the house that import-linter cannot see."""
    return [*leaning(root), *string_keys(root), *rows_through_doors(root), *nameless(root)]


def leaning(root: Path) -> Iterator[str]:
    for room in rooms(root):
        inside = ".".join(room.relative_to(root).parts)
        for file in room.rglob("*.py"):
            kind = file.stem
            for module, line in imports(file, root):
                where = f"{file.relative_to(root)}:{line}"
                parts = module.removeprefix(f"{inside}.").removeprefix("samband.").split(".")
                if kind in PURE and (module.split(".")[0] in FRAMEWORK or parts[0] in NOT_PURE):
                    yield f"{where}: {kind}.py is pure and imports {module}"
                if parts[0] in MAY_NOT_LEAN_ON.get(kind, ()):
                    yield f"{where}: {kind}.py may not lean on {parts[0]} ({module})"


def string_keys(root: Path) -> Iterator[str]:
    """A foreign key named by a string, or get_model: a way into another room that no import shows."""
    for file in (root / "samband").rglob("*.py"):
        if "migrations" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
            if called in {"ForeignKey", "OneToOneField", "ManyToManyField"} and isinstance(first, str) and "." in first:
                yield f"{file.relative_to(root)}:{node.lineno}: a foreign key into another room ({first})"
            if called == "get_model":
                yield f"{file.relative_to(root)}:{node.lineno}: get_model reaches around the door"


def rows_through_doors(root: Path) -> Iterator[str]:
    """A public query that says it returns an ORM object."""
    for room in rooms(root):
        models = {
            node.name for node in ast.parse((room / "models.py").read_text()).body if isinstance(node, ast.ClassDef)
        }
        if not (room / "queries.py").exists():
            continue
        for node in ast.parse((room / "queries.py").read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.returns:
                said = set(re.findall(r"(?<![.\w])\w+", ast.unparse(node.returns)))
                if said & (models | {"QuerySet"}):
                    yield f"{room.relative_to(root)}/queries.py:{node.lineno}: {node.name} lets a row out of the room"


def nameless(root: Path) -> Iterator[str]:
    for path in (root / "samband").rglob("*"):
        if path.stem in NAMELESS and (path.suffix == ".py" or path.is_dir()):
            yield f"{path.relative_to(root)}: if a thing has no room, find its name first"


def contracts(root: Path) -> subprocess.CompletedProcess:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, env={"PYTHONPATH": str(root), "PATH": ""})


def test_the_house_stands():
    assert violations(ROOT) == []


def test_the_contracts_hold():
    checked = contracts(ROOT)
    assert checked.returncode == 0, checked.stdout[-3000:] + checked.stderr[-2000:]
    assert " 0 broken" in checked.stdout


def test_every_room_says_what_it_is_for():
    for room in rooms(ROOT):
        assert (room / "README.md").exists(), room


@pytest.fixture
def copy(tmp_path):
    for name in ("samband", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.svg", "*.mo", "*.yaml")
            )
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("samband/commerce/cart/commands.py", "from samband.commerce.pricing import queries as _planted"),
        ("samband/commerce/cart/queries.py", "import samband.flows.check_out as _planted"),
        ("samband/timeline/queries.py", "from samband.commerce.cart import queries as _planted"),
        ("samband/kernel/money.py", "from django.db import models as _planted"),
        ("samband/flows/check_out/settling.py", "from samband.commerce.cart import models as _planted"),
        ("samband/channels/shop/urls.py", "import samband.channels.api.urls as _planted"),
    ],
)
def test_a_broken_floor_or_room_is_caught_by_the_contracts(copy, file, line):
    with open(copy / file, "a") as target:
        target.write(f"\n{line}\n")
    checked = contracts(copy)
    assert checked.returncode != 0
    assert "BROKEN" in checked.stdout


@pytest.mark.parametrize(
    ("file", "line", "says"),
    [
        ("samband/commerce/cart/rules.py", "from django.utils import timezone", "is pure"),
        ("samband/commerce/cart/books.py", "from . import commands", "may not lean on commands"),
        (
            "samband/commerce/cart/models.py",
            "x = models.ForeignKey('orders.Order', models.CASCADE)",
            "foreign key into another room",
        ),
        (
            "samband/commerce/cart/commands.py",
            "from django.apps import apps\nO = apps.get_model('orders', 'Order')",
            "get_model",
        ),
        ("samband/commerce/cart/queries.py", "def row() -> 'Cart': ...", "lets a row out"),
        ("samband/commerce/cart/utils.py", "pass", "find its name"),
    ],
)
def test_what_the_contracts_cannot_see_is_caught_too(copy, file, line, says):
    with open(copy / file, "a") as target:
        target.write(f"\n{line}\n")
    assert any(says in violation for violation in violations(copy))
