"""docs/operators.md, done as it is printed: three operators and two members, each in a folder and home of its own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import AMPLE, within
from polder.space import free_ports

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operators.md"
BLOCK = re.compile(r"^```sh (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Organisation:
    """One of the page's: its machine is a folder, and `~` is its home."""

    def __init__(self, root: Path, name: str) -> None:
        self.folder = root / name
        self.folder.mkdir()
        self.home = root / f"{name}-home"
        self.running: list[subprocess.Popen[bytes]] = []
        (self.folder / "clients.csv").write_text("client_id,flagged\nA 1,1\nB 2,0\n")

    def run(self, command: str) -> str:
        words = command.removesuffix(" &").split()
        assert words[0] == "polder"
        arguments = [sys.executable, "-m", "polder", *words[1:]]
        environment = {**os.environ, "POLDER_HOME": str(self.home)}
        if command.endswith(" &"):
            log = (self.folder / "log").open("wb")
            self.running.append(subprocess.Popen(arguments, cwd=self.folder, env=environment, stdout=log, stderr=log))
            return ""
        for _ in range(100):  # the last node of three may be starting
            ended = subprocess.run(
                arguments, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=AMPLE, check=False
            )
            if ended.returncode == 0 or words[1:3] != ["node", "status"]:
                break
        assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
        return ended.stdout

    def stop(self) -> None:
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(timeout=within(15))


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each command of the page printed."""
    root = tmp_path_factory.mktemp("walk")
    text = PAGE.read_text()
    hosts = sorted(set(re.findall(r"\w+\.example:\d+", text)))
    for host, port in zip(hosts, free_ports(len(hosts)), strict=True):
        text = text.replace(host, f"127.0.0.1:{port}")
    blocks = BLOCK.findall(text)
    all_of_them = {who: Organisation(root, who) for who in {who for who, _ in blocks}}
    printed = {}
    try:
        for who, lines in blocks:
            here = all_of_them[who]
            for line in lines.splitlines():
                if handed := re.fullmatch(r"# hand (\S+) to (\w+)", line):
                    file, to = handed.groups()
                    source = here.folder / file.replace("~/.polder", str(here.home))  # an absolute path stays one
                    shutil.copy(source, all_of_them[to].folder)
                else:
                    printed[line] = here.run(line)
    finally:
        for organisation in all_of_them.values():
            organisation.stop()
    return printed


def test_every_command_of_the_page_works(walked):
    assert len(walked) >= 15


def test_the_walk_ends_in_a_match(walked):
    (match,) = [out for line, out in walked.items() if line.startswith("polder match")]
    assert "berkel" in match


def test_members_and_operators_see_the_same_fingerprint(walked):
    (made,) = [out for line, out in walked.items() if line == "polder key new amstel"]
    (admitted,) = [out for line, out in walked.items() if line.startswith("polder node admit node amstel.pub")]
    shown = re.findall(r"(?:[0-9a-f]{4} ){7}[0-9a-f]{4}", made)
    assert len(shown) == 1
    assert shown[0] in admitted


def test_the_service_file_runs_what_the_page_says():
    unit = (PAGE.parents[1] / "deploy" / "polderd.service").read_text()
    command = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    assert command and command.group(1).split()[1::2] == ["--dir", "--network"]
    verify = shutil.which("systemd-analyze")
    if verify:
        unit_file = PAGE.parents[1] / "deploy" / "polderd.service"
        said = subprocess.run([verify, "verify", unit_file], capture_output=True, text=True, check=False)
        wrong = [line for line in said.stderr.splitlines() if "polderd" in line and "not executable" not in line]
        assert not wrong, said.stderr
