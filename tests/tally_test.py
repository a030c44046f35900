"""tools/tally: the closing line of ./run test stands on it, so it must not lose a failure."""

import subprocess
from pathlib import Path

import pytest

TALLY = Path(__file__).parent.parent / "tools" / "tally"


def junit(path: Path, **cases: str) -> None:
    body = "".join(f'<testcase name="{name}" classname="s">{inner}</testcase>' for name, inner in cases.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<testsuites><testsuite>{body}</testsuite></testsuites>")


def tally(folder: Path, broken: int = 0) -> tuple[str, str]:
    run = subprocess.run([TALLY, str(broken), folder], capture_output=True, text=True, check=True)
    return run.stdout.strip(), run.stderr


def test_counts_cases(tmp_path):
    junit(tmp_path / "pytest.xml", one="", two="<failure/>", three="<skipped/>", four="<error/>")
    counts, failures = tally(tmp_path, broken=1)
    assert counts == "1 2"
    assert "s.two" in failures and "s.four" in failures and "s.one" not in failures


def test_cases_of_a_binary_replace_its_own(tmp_path):
    junit(tmp_path / "ctest.xml", net="", base="", script="")
    junit(tmp_path / "junit" / "net.xml", a="", b="", c="")
    junit(tmp_path / "junit" / "base.xml", a="")  # of the same name as net's
    assert tally(tmp_path) == ("5 0", "")


def test_failure_of_a_case_counts_once(tmp_path):
    junit(tmp_path / "ctest.xml", net="<failure/>")
    junit(tmp_path / "junit" / "net.xml", a="", b="<failure/>")
    assert tally(tmp_path, broken=1)[0] == "1 1"


def test_leak_after_all_cases_passed_is_a_failure(tmp_path):
    junit(tmp_path / "ctest.xml", net="<failure/>")
    junit(tmp_path / "junit" / "net.xml", a="", b="")
    assert tally(tmp_path, broken=1)[0] == "2 1"


def test_crash_leaves_no_file_and_is_a_failure(tmp_path):
    junit(tmp_path / "ctest.xml", net="<failure/>")
    assert tally(tmp_path, broken=1)[0] == "0 1"


@pytest.mark.parametrize("broken", [0, 1])
def test_nothing_run_is_a_failure(tmp_path, broken):
    assert tally(tmp_path, broken)[0] == "0 1"


def test_command_that_failed_is_a_failure_though_all_cases_passed(tmp_path):
    junit(tmp_path / "pytest.xml", one="")
    assert tally(tmp_path, broken=1)[0] == "1 1"


def test_half_written_file_is_a_failure(tmp_path):
    (tmp_path / "pytest.xml").write_text("<testsuites><testsuite>")
    assert tally(tmp_path, broken=1)[0] == "0 1"
