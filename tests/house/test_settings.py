"""README names every setting that is read and every command there is, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from samband.conf.cli import cli

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
SETTING = re.compile(r"SAMBAND_[A-Z]+(?:_[A-Z]+)*\b")
SECRET = re.compile(r"_secret\(\"(\w+)\"\)")


def read_somewhere() -> set[str]:
    """Every setting that the code names; a secret's follows from what it is called."""
    found: set[str] = set()
    for folder in ("samband", "tests"):
        for file in (ROOT / folder).rglob("*.py"):
            if file == Path(__file__):
                continue
            text = file.read_text()
            found |= set(SETTING.findall(text))
            if file.parts[-2:] == ("conf", "settings.py"):
                found |= {f"SAMBAND_{name.upper()}" for name in SECRET.findall(text)}
    return found


def in_table() -> set[str]:
    """The settings in the first column of README's table."""
    rows = [line.split("|")[1] for line in README.splitlines() if line.startswith("| `SAMBAND_")]
    return {name for row in rows for name in SETTING.findall(row)}


def commands(group: click.Group, said: str = "") -> Iterator[str]:
    """Every command that is shown, with its group's name before it."""
    for name, command in group.commands.items():
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            yield from commands(command, f"{said}{name} ")
        else:
            yield f"{said}{name}"


def commands_in_readme() -> set[str]:
    """What stands in code in the first column of the commands' table, with each alternative said on its own."""
    table = README.split("## The `samband` command")[1].split("\n## ")[0]
    column = [re.split(r"(?<!\\)\|", line)[1] for line in table.splitlines() if line.startswith("| `")]
    said = {code.replace("\\|", "|") for row in column for code in re.findall(r"`([^`]+)`", row)}
    found = set()
    for line in said:
        words = [word for word in line.split() if re.fullmatch(r"[a-z|-]+", word) and not word.startswith("-")]
        before, last = words[:-1], words[-1]
        found |= {" ".join([*before, one]) for one in last.split("|")}
    return found


def test_every_setting_that_is_read_stands_in_the_readme():
    assert read_somewhere() - in_table() == set()


def test_every_setting_in_the_readme_is_read():
    assert in_table() - read_somewhere() == set()


def test_the_search_finds_settings():
    assert {"SAMBAND_HOME", "SAMBAND_SECRET_KEY", "SAMBAND_TEST_DB"} <= read_somewhere() & in_table()


def test_every_command_stands_in_the_readme_and_no_other():
    assert commands_in_readme() == set(commands(cli))


@pytest.mark.parametrize("command", sorted(commands(cli)))
def test_every_command_says_what_it_does(command):
    group: click.Command = cli
    for word in command.split():
        assert isinstance(group, click.Group)
        group = group.commands[word]
    assert group.help
