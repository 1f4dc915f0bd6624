"""The settings of yallchatd: where they come from, how they are checked and printed."""

import tomllib

import pytest

FULL = """
listen = ["127.0.0.1:8001", "[::1]:8002"]
data = "some \\"where\\" \\\\ else"
admin_socket = "operators"
session_timeout = "90s"
max_channels = 7
history = 5000
history_age = "30d"
history_bytes = 1000000
public_list = false
cors_origins = ["https://chat.example", "http://localhost:8080"]
commit = "thread"
log_level = "debug"

[limits]
max_message = 1000
max_sessions = 11
connections_per_address = 12
joins_per_second = 13
posts_per_second = 14
posts_burst = 15
header_timeout = "1500ms"
body_timeout = "2m"
idle_timeout = "24h"
loopback = true
"""


@pytest.fixture
def config(tmp_path):
    def write(text):
        path = tmp_path / "settings.toml"
        path.write_text(text)
        return path
    return write


@pytest.fixture
def settings(yallchatd):
    """The effective settings as --print-config has them."""
    def ask(*arguments, **variables):
        done = yallchatd(*arguments, "--print-config", **variables)
        assert (done.code, done.err) == (0, "")
        return tomllib.loads(done.out)
    return ask


@pytest.fixture
def objection(yallchatd):
    """What --check-config has against these; serving with them ends in the same way."""
    def ask(*arguments, **variables):
        checked = yallchatd(*arguments, "--check-config", **variables)
        served = yallchatd(*arguments, **variables)
        assert (checked.code, checked.out) == (served.code, served.out) == (2, "")
        assert checked.err == served.err != ""
        return checked.err
    return ask


def test_a_printed_configuration_reads_back_as_the_same(yallchatd, config):
    for arguments in [], ["--config", config(FULL)]:
        printed = yallchatd(*arguments, "--print-config").out
        assert yallchatd("--config", config(printed), "--print-config").out == printed


@pytest.mark.parametrize("name", ["a\tb\nc", "żółw ☺", "\x7f"])
def test_odd_names_read_back_as_the_same(yallchatd, settings, config, name):
    printed = yallchatd("--data", name, "--print-config").out
    assert settings("--config", config(printed))["data"] == name


def test_each_setting_can_be_in_the_file(settings, config):
    given, effective = tomllib.loads(FULL), settings("--config", config(FULL))
    assert effective["limits"].keys() == given["limits"].keys() != set()
    assert effective.keys() == given.keys()
    assert effective == given


def test_each_setting_can_be_in_the_environment(settings):
    given = tomllib.loads(FULL)
    limits = given.pop("limits")
    flat = given | {f"limits_{name}": value for name, value in limits.items()}

    def as_text(value):
        return ",".join(value) if isinstance(value, list) else str(value).replace("True", "true") \
            .replace("False", "false")

    variables = {f"YALLCHAT_{name.upper()}": as_text(value) for name, value in flat.items()}
    assert settings(**variables) == tomllib.loads(FULL)


def test_the_environment_goes_before_the_file_and_flags_before_both(settings, config):
    path = config('history = 1001\nmax_channels = 1\nlog_level = "debug"\n')
    effective = settings("--config", path, "--max-channels", 3,
                         YALLCHAT_HISTORY="1002", YALLCHAT_MAX_CHANNELS="2")
    assert [effective[name] for name in ("log_level", "history", "max_channels")] == \
        ["debug", 1002, 3]


def test_a_socket_whose_path_is_too_long_is_refused(objection, tmp_path):
    """... where the data directory makes it so, too; and the words say what may be done."""
    assert "admin_socket" in objection("--admin-socket", "/" + "x" * 107)
    assert "at most 107 bytes" in objection("--data", tmp_path / ("x" * 107))


def test_the_last_of_a_repeated_flag_counts_and_every_listen(settings):
    effective = settings("--history", 1001, "--listen", "127.0.0.1:1", "--history=1002",
                         "--listen", "127.0.0.1:2", YALLCHAT_LISTEN="127.0.0.1:3")
    assert effective["history"] == 1002
    assert effective["listen"] == ["127.0.0.1:1", "127.0.0.1:2"]


def test_a_file_is_read_only_when_it_is_named(settings, tmp_path):
    (tmp_path / "yallchat.toml").write_text("history = 1001\n")
    assert settings()["history"] == 0


def test_good_settings_are_ok(yallchatd, config, tmp_path):
    """--check-config says so, and starts and makes nothing."""
    done = yallchatd("--config", config(FULL), "--check-config")
    assert (done.code, done.out, done.err) == (0, "ok\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize("text, told", [
    ("\n\nhistroy = 1\n", ":3: histroy: there is no such setting"),
    ("[limits]\nmax_mesage = 1\n", ":2: limits.max_mesage: there is no such setting"),
    ("history = 'many'\n", ":1: history:"),
    ("history = 999\n", "history:"),
    ("session_timeout = 60\n", ":1: session_timeout:"),
    ("listen = []\n", ":1: listen:"),
    ("limits = 1\n", ":1: limits"),
    ("history = \n", ":1:"),
    ("history = 1001\nhistory = 1002\n", ":2:"),
])
def test_a_bad_file_is_refused_with_the_place(objection, config, text, told):
    path = config(text)
    words = objection("--config", path)
    assert told in words
    assert told[0] != ":" or str(path) in words


@pytest.mark.parametrize("text", ["60", "-1s", "1.5s", "60 s", "60x", "s", "", "500ms", "0s",
                                  "99999999999999999999s", "9999999999999999h"])
def test_what_is_no_timeout_is_refused(objection, text):
    """A duration is a whole number and a unit, and a timeout at least 1s."""
    assert "session_timeout" in objection("--session-timeout", text).replace("-", "_")


@pytest.mark.parametrize("text, means", [("1s", "1s"), ("1500ms", "1500ms"), ("120s", "2m"),
                                         ("60m", "1h"), ("24h", "24h"), ("48h", "2d")])
def test_durations(settings, text, means):
    assert settings("--session-timeout", text)["session_timeout"] == means


@pytest.mark.parametrize("address", ["8000", "127.0.0.1", "127.0.0.1:", ":8000", "127.0.0.1:65536",
                                     "127.0.0.1:-1", "127.0.0.1:80x", "::1:8000", ""])
def test_what_is_no_address_is_refused(objection, address):
    """... and the words show how one looks."""
    assert "127.0.0.1:8000" in objection("--listen", address)


@pytest.mark.parametrize("origin, why", [
    ("*", "name each"), ("null", "sandboxed"), ("https://chat.example/", "slash"),
    ("https://chat.example/app", "path"), ("chat.example", "scheme"), ("", "scheme"),
    ("https://Chat.example", "lower case"), ("https://chat.example:443", "leave out"),
])
def test_what_is_no_origin_is_refused_with_the_reason(objection, origin, why):
    words = objection("--cors-origins", "https://good.example", "--cors-origins", origin)
    assert "cors_origins" in words and f"'{origin}'" in words and why in words


def test_no_origins_may_be_said(settings, config):
    """As the printed defaults have it; over those of the file too."""
    path = config('cors_origins = ["https://chat.example"]\n')
    assert settings("--config", config("cors_origins = []\n"))["cors_origins"] == []
    assert settings("--config", path, YALLCHAT_CORS_ORIGINS="")["cors_origins"] == []


@pytest.mark.parametrize("name, value", [
    ("history", "999"), ("history", "-1"), ("history-age", "500ms"), ("history-age", "36501d"), ("history-bytes", "-1"),
    ("history", "1e3"), ("max-channels", "many"),
    ("max-channels", "99999999999999999999"), ("log-level", "loud"), ("data", ""),
])
def test_a_bad_flag_is_refused_by_name(objection, name, value):
    assert name in objection(f"--{name}", value).replace("_", "-")


@pytest.mark.parametrize("name, value", [
    ("YALLCHAT_HISTORY", "many"), ("YALLCHAT_LIMITS_LOOPBACK", "yes"), ("YALLCHAT_LISTEN", "8000"),
])
def test_a_bad_variable_is_refused(objection, name, value):
    words = objection(**{name: value})
    assert name in words or "listen" in words
