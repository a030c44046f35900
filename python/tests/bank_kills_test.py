"""Banks killed at random moments of real sessions: never a wrong or partial result, and the next session is well.

POLDER_BANK_KILLS says how many; of a hundred a quarter is in the slower protocol.
"""

import os
import random
import shutil
import subprocess
import time

import pytest

from banks_test import Consortium
from conftest import column, within
from kills_test import ERROR_SECONDS

KILLS = int(os.environ.get("POLDER_BANK_KILLS", "6"))
SLOW_KILLS = KILLS // 4 if KILLS >= 20 else 0  # each costs several keys
UNBOUNDED = ("--max-rows", "100000", "--rows-per-day", "1000000000")  # one requester asks all day


@pytest.mark.parametrize(
    "protocol, rows, kills",
    [
        ("quorum", 2000, KILLS - SLOW_KILLS),
        pytest.param("paillier", 12, SLOW_KILLS, marks=pytest.mark.skipif(SLOW_KILLS == 0, reason="a long run's")),
    ],
)
def test_kills_never_leave_a_wrong_or_partial_result(tmp_path, protocol, rows, kills):
    banks = Consortium(tmp_path, ["amstel", "dommel", "eem"])
    banks.command.clients("amstel", *(f"X{i},{int(i % 3 == 0)}" for i in range(rows)))
    banks.command.clients("dommel", *(f"x{i},0" for i in range(rows // 2, rows * 2)))
    banks.command.clients("eem", "Y,1")
    expected = [f"X{i}" for i in range(rows // 2, rows) if i % 3 == 0]
    out = banks.command.folder / "matches"
    draw = random.Random(time.time_ns())
    again = banks.match("amstel", "--protocol", protocol)
    ask = (*again, "--new-key") if protocol == "paillier" else again
    try:
        for name in ("dommel", "eem"):
            banks.join(name, *UNBOUNDED)
        start = time.monotonic()
        assert banks.command(*ask).code == 0
        usual = time.monotonic() - start
        ends = {"right": 0, "named error": 0, "requester killed": 0}
        longest = 0.0
        for turn in range(kills):
            shutil.rmtree(out, ignore_errors=True)
            asking = banks.command.start(*ask)
            delay, victim = draw.uniform(0, 1.1 * usual), draw.choice(["amstel", "dommel", "eem"])
            where = f"turn {turn}: {victim} after {delay:.3f} s of about {usual:.3f} s"
            time.sleep(delay)
            killed = asking if victim == "amstel" else banks.processes[victim]
            killed.kill()
            start = time.monotonic()
            end = end_of(asking, where)
            longest = max(longest, time.monotonic() - start)
            if end == 0:
                assert column(out / "amstel.csv") == expected, where
                ends["right"] += 1
            elif victim == "amstel":
                assert not (out / "amstel.csv").exists() or column(out / "amstel.csv") == expected, where
                ends["requester killed"] += 1
            else:
                assert end == 1 and not out.exists(), where
                ends["named error"] += 1
            if victim != "amstel":
                banks.processes[victim].communicate()
                banks.join(victim, *UNBOUNDED)
            assert banks.command(*again).code == 0, where
            assert column(out / "amstel.csv") == expected, where
        print(f"{protocol}: {kills} kills, {ends}; the longest end took {longest:.1f} s")
    finally:
        banks.stop()


def end_of(asking: subprocess.Popen[str], where: str) -> int:
    try:
        asking.communicate(timeout=within(ERROR_SECONDS))
    except subprocess.TimeoutExpired:
        asking.kill()
        raise AssertionError(f"no end within {ERROR_SECONDS} s, {where}") from None
    return asking.returncode
