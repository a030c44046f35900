"""The command itself: help, version, keys, exit codes, and the native module's types."""

import subprocess
import sys
from pathlib import Path

import pytest

import polder as package
from polder import errors
from polder.commands import exit_code

STUB = Path(__file__).resolve().parents[1] / "_polder.pyi"


def test_version_is_the_packages(polder):
    assert polder("version").out == f"polder {package.__version__}\n"
    assert polder("version", "--json").json() == {"version": package.__version__}


@pytest.mark.parametrize(
    "words", ["", "match", "upload", "tables", "result", "up", "key new", "node init", "network create"]
)
def test_help_of_everything(polder, words):
    ended = polder(*words.split(), "--help")
    assert ended.code == 0
    assert ended.out.startswith("Usage: polder")


def test_unknown_commands_and_options_are_wrong_use(polder):
    for arguments in (["bogus"], ["match", "--bogus"], ["match"]):
        ended = polder(*arguments)
        assert ended.code == 2 and "Traceback" not in ended.err


@pytest.mark.parametrize(
    "error, code",
    [
        (errors.BadInput, 2), (errors.BadSchema, 2), (errors.NotFound, 2), (errors.Forbidden, 3),
        (errors.Cancelled, 130), (errors.Busy, 1), (errors.TimedOut, 1), (errors.PeerLost, 1),
        (errors.PeerAborted, 1), (errors.Cheating, 1), (errors.Internal, 1),
    ],
)  # fmt: skip
def test_exit_codes(error, code):
    assert exit_code(error("x")) == code
    assert errors.of_code(error.code) is error


def test_native_errors_are_python_exceptions(tmp_path):
    with pytest.raises(errors.NotFound) as caught:
        package.native.Client(tmp_path / "none.json")
    assert caught.value.code == "not_found"
    assert str(caught.value) == f"{tmp_path}/none.json: cannot be read; check its name and rights"


def test_a_signal_while_a_native_error_is_translated_is_no_mistake_of_ours(tmp_path, monkeypatch):
    """Ctrl-C just then: what its handler raises comes out as itself, not as an internal error."""

    def interrupted(_code: str) -> type[errors.PolderError]:
        raise errors.Cancelled("stopped")

    monkeypatch.setattr(errors, "of_code", interrupted)
    with pytest.raises(errors.Cancelled):
        package.native.key_show(tmp_path / "none.pub")


def test_a_key_that_others_can_read_is_not_used(polder):
    assert polder("key", "new", "bank").code == 0
    shown = polder("key", "show", "bank", "--json").json()
    assert shown["name"] == "bank" and len(shown["sign"]) == len(shown["seal"]) == 64
    secret = polder.home / "keys" / "bank.key"
    assert secret.stat().st_mode & 0o777 == 0o600
    again = polder("key", "new", "bank")
    assert again.code == 2 and "is not overwritten" in again.err
    for name in ("../bank", "a/b", ""):
        assert polder("key", "new", name).code == 2
    assert polder("key", "show", "nobody").code == 2


def test_progress_is_for_terminals_only(local):
    ended = local("match", local.clients("a", "X,1"), local.clients("b", "x,0"))
    assert ended.code == 0 and ended.err == ""
    assert "\x1b" not in ended.out


def test_the_stub_describes_the_module(tmp_path):
    made = tmp_path / "_polder.pyi"
    command = [sys.executable, "-m", "nanobind.stubgen", "-q", "-m", "_polder", "-o", made]
    subprocess.run(command, check=True, cwd=tmp_path)
    assert made.read_text() == STUB.read_text(), f"make it anew: {' '.join(map(str, command[:-1]))} {STUB}"
