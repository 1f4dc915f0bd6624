"""The README is true: its session with curl gives what it says, and no link of any page is dead."""

import os
import re
import subprocess
import threading
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
BINARIES = Path(os.environ.get("YALLCHAT_BIN", REPOSITORY / "build/release/bin")).resolve()
LIMIT_S = 60  # only a test that fails takes so long
DATES = re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT|\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z")
# [text](target) and [text]: target, but for code, which may look alike.
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
CODE = re.compile(r"^```.*?^```|`[^`\n]*`|^ {4}.*?$", re.MULTILINE | re.DOTALL)


def blocks(heading):
    """The fenced blocks of a section of the README, as (language, text)."""
    text = (REPOSITORY / "README.md").read_text()
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^```(\w+)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def first_block(heading, language):
    return next(text for kind, text in blocks(heading) if kind == language)


@pytest.fixture
def server(tmp_path):
    """The address of a new server without data."""
    command = [BINARIES / "yallchatd", "--listen", "127.0.0.1:0", "--data", tmp_path / "data"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        # A server that says nothing is ended, which ends the wait for its first line.
        watchdog = threading.Timer(LIMIT_S, process.kill)
        watchdog.start()
        try:
            line = process.stdout.readline()
            assert line.startswith("listening on http://"), f"the server said {line!r}"
            yield line.removeprefix("listening on http://").strip()
        finally:
            watchdog.cancel()
            process.terminate()
            try:
                process.wait(LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()


def run(shell, script):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}  # no proxy, no .curlrc
    done = subprocess.run([shell], input=script, capture_output=True, text=True, timeout=LIMIT_S,
                          env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return DATES.sub("DATE", done.stdout.replace("\r\n", "\n"))


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_the_session_with_curl_gives_what_the_readme_says(server, shell):
    script = first_block("A session with curl", "sh")
    assert "127.0.0.1:8000" in script
    expected = DATES.sub("DATE", first_block("A session with curl", "text"))
    assert run(shell, script.replace("127.0.0.1:8000", server)) == expected


def test_pasted_again_it_goes_on_with_messages_3_and_4(server):
    script = first_block("A session with curl", "sh").replace("127.0.0.1:8000", server)
    first = run("bash", script)
    assert "\nseqnr: 1\n" in first
    assert run("bash", script) == first.replace("\nseqnr: 1\n", "\nseqnr: 3\n")


def pages():
    """All that are ours: not what was built or is ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (REPOSITORY / name).exists()]


def relative_links(text):
    for match in LINK.finditer(CODE.sub("", text)):
        target = match[1] or match[2]
        if not re.match(r"[a-z]+:|#", target):
            yield target.split("#")[0]


def dead_links(folder, text):
    return [target for target in relative_links(text) if not (folder / target).exists()]


def test_every_relative_link_leads_to_a_file():
    dead = {page: dead_links((REPOSITORY / page).parent, (REPOSITORY / page).read_text())
            for page in pages()}
    assert "README.md" in dead
    assert {page: links for page, links in dead.items() if links} == {}


def test_a_dead_link_would_be_found(tmp_path):
    (tmp_path / "here.md").write_text("")
    text = "[a](here.md) [b](gone.md#part) [c](http://x) [d](#e) `[f](code.md)`\n\n[g]: lost.md\n"
    assert dead_links(tmp_path, text) == ["gone.md", "lost.md"]
