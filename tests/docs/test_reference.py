"""The reference pages are complete: what the code answers and reads is in them, no more."""

import re
import subprocess
import tomllib

from .test_readme import BINARIES, REPOSITORY

REASON = re.compile(r'\b[45]\d\d,\s*"([a-z0-9-]+)"')
NEVER_ANSWERED = {"internal"}  # what the compiler wants after a switch over all refusals


def document(name):
    return (REPOSITORY / "docs" / name).read_text()


def test_every_reason_is_described():
    code = "".join(path.read_text() for path in (REPOSITORY / "src/http").glob("*.cpp")
                   if not path.name.endswith("_test.cpp"))
    answered = set(REASON.findall(code)) - NEVER_ANSWERED
    assert "name-taken" in answered
    table = document("protocol.md").split("| status | `reason` |", 1)[1].split("\n\n", 1)[0]
    rows = [row.split("|")[2] for row in table.splitlines() if row.startswith("|")]
    described = set(re.findall(r"`([a-z0-9-]+)`", "".join(rows)))
    assert answered == described


def test_every_setting_is_described_with_its_default():
    printed = subprocess.run([BINARIES / "yallchatd", "--print-config"], capture_output=True,
                             text=True, check=True, env={}).stdout
    page = document("configuration.md")
    settings = tomllib.loads(printed)
    limits = settings.pop("limits")
    described = {}
    for row in re.findall(r"^\| `.*\|$", page.split("## Addresses", 1)[0], re.MULTILINE):
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        name, *_, variable, default, _ = (cell.strip("` ") for cell in cells)
        described[variable] = (name, tomllib.loads(f"x = {default}")["x"])
    expected = {f"YALLCHAT_{name.upper()}": (name, value) for name, value in settings.items()}
    expected |= {f"YALLCHAT_LIMITS_{name.upper()}": (name, value) for name, value in limits.items()}
    assert described == expected


def test_documents_named_in_the_code_exist():
    named = set()
    for path in (REPOSITORY / "src").rglob("*.*"):
        if path.suffix in {".h", ".cpp"}:
            named |= set(re.findall(r"\bdocs/[\w/.-]+\.md\b", path.read_text()))
    assert "docs/protocol.md" in named
    assert [name for name in sorted(named) if not (REPOSITORY / name).exists()] == []
