"""What is said of wechat is what it has: options, keys, commands, settings."""

import re
import subprocess

import pytest

from .test_readme import BINARIES, REPOSITORY

COMPLETIONS = REPOSITORY / "packaging/completions"
SHARED = {  # by both kinds of wechat; how a text writes options
    "docs/man/wechat.1": r"(?:Fl|,) \\-([\w\\-]+)",
    "packaging/completions/wechat.bash": r"--([\w-]+)",
    "packaging/completions/_wechat": r"--([\w-]+)",
    "packaging/completions/wechat.fish": r"-l ([\w-]+)",
}
OPTIONS = [((), "docs/wechat.md", r"--([\w-]+)"), (("-b",), "docs/bridge.md", r"--([\w-]+)")]
OPTIONS += [(kind, *text) for kind in ((), ("-b",)) for text in SHARED.items()]


def source(name):
    return (REPOSITORY / "src/wechat" / name).read_text()


def page():
    return (REPOSITORY / "docs/wechat.md").read_text()


def section(title):
    return page().split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def table_of(title):
    """The first cells of its table."""
    rows = re.findall(r"^\| (.+?) \|", section(title), re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("kind, name, form", OPTIONS)
def test_every_option_is_described(kind, name, form):
    shown = subprocess.run([BINARIES / "wechat", *kind, "--help"], capture_output=True, text=True,
                           check=True)
    options = set(re.findall(r"--([\w-]+)", shown.stdout)) - {"help"}
    assert ({"dry-run", "label"} if kind else {"line", "search"}) <= options
    described = re.findall(form, (REPOSITORY / name).read_text())
    assert options - {option.replace("\\-", "-") for option in described} == set()


def test_bash_completes_options():
    script = f"""
      source {COMPLETIONS}/wechat.bash
      COMP_WORDS=(wechat --se) COMP_CWORD=1; _wechat; echo "${{COMPREPLY[*]}}"
      COMP_WORDS=(wechat --retry --) COMP_CWORD=2; _wechat; echo "${{COMPREPLY[*]}}"
      COMP_WORDS=(wechat -b --la) COMP_CWORD=2; _wechat; echo "${{COMPREPLY[*]}}"
      COMP_WORDS=(wechat --color n) COMP_CWORD=2; _wechat; echo "${{COMPREPLY[*]}}"
      complete -p wechat
    """
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["--search", "", "--label", "never",
                                        "complete -F _wechat wechat"]


def test_every_action_is_described_with_its_keys():
    actions = dict(re.findall(r'\{\w+,\s*"(\w+)",\s*\{([^}]*)\}', source("bindings.cpp")))
    assert len(actions) > 20
    keys = {name: re.findall(r'"([^"]+)"', text) for name, text in actions.items()}
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", section("Keys"), re.MULTILINE)
    assert {name: re.findall(r"`([^`]+)`", cell) for name, cell in rows} == keys


def test_every_command_is_described():
    commands = set(re.findall(r'\{\{"(/[a-z/]*)"', source("command.cpp")))
    assert "/join" in commands
    assert {name.split()[0].rstrip("TEXT") for name in table_of("Commands")} == commands
    man = (REPOSITORY / "docs/man/wechat.1").read_text()
    assert [name for name in commands if f".It Ic {name}" not in man] == []


def test_every_setting_is_described():
    named = set(re.findall(r'name == "(\w+)"', source("screen_config.cpp")))
    assert {"bell", "mention"} <= named
    assert set(table_of("Settings of the full screen")) == named
    man = (REPOSITORY / "docs/man/wechat.1").read_text()
    assert [name for name in named if not re.search(rf"^\.Li .*\b{name}\b", man, re.MULTILINE)] == []
