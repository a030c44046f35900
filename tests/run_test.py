"""./run: what a newcomer meets first."""

import re
import subprocess
from pathlib import Path

RUN = Path(__file__).parent.parent / "run"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([RUN, *arguments], capture_output=True, text=True)


def test_alone_it_prints_every_command():
    answer = run()
    commands = set(re.findall(r"^  ([a-z-]+)\) ", RUN.read_text(), re.MULTILINE))
    assert answer.returncode == 0
    assert commands == set(re.findall(r"^  \./run ([a-z-]+)", answer.stdout, re.MULTILINE))


def test_what_it_does_not_know_is_an_error():
    answer = run("tset")
    assert answer.returncode != 0
    assert "no command 'tset'" in answer.stderr


def test_what_is_asked_of_python_comes_back_unchanged(tmp_path):
    words = ["-c", "import os, sys; print(os.getcwd(), sys.argv[1:]); sys.exit(3)", "a b", "*"]
    answer = subprocess.run([RUN, "python", *words], capture_output=True, text=True, cwd=tmp_path)
    assert (answer.stdout, answer.returncode) == (f"{tmp_path} ['a b', '*']\n", 3)
