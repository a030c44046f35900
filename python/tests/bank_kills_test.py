"""Banks killed at random moments of real sessions: never a wrong or partial result, and the next session is well.

POLDER_KILLS says how many, as for nodes.
"""

import random
import shutil
import subprocess
import time

from banks_test import Consortium
from conftest import column, within
from kills_test import ERROR_SECONDS, KILLS

ROWS = 2000


def test_kills_never_leave_a_wrong_or_partial_result(tmp_path):
    banks = Consortium(tmp_path, ["amstel", "dommel", "eem"])
    banks.command.clients("amstel", *(f"X{i},{int(i % 3 == 0)}" for i in range(ROWS)))
    banks.command.clients("dommel", *(f"x{i},0" for i in range(ROWS // 2, ROWS * 2)))
    banks.command.clients("eem", "Y,1")
    expected = [f"X{i}" for i in range(ROWS // 2, ROWS) if i % 3 == 0]
    out = banks.command.folder / "matches"
    draw = random.Random(time.time_ns())
    try:
        for name in ("dommel", "eem"):
            banks.join(name)
        start = time.monotonic()
        assert banks.command(*banks.match("amstel")).code == 0
        usual = time.monotonic() - start
        for turn in range(KILLS):
            shutil.rmtree(out, ignore_errors=True)
            asking = banks.command.start(*banks.match("amstel"))
            delay, victim = draw.uniform(0, 1.1 * usual), draw.choice(["amstel", "dommel", "eem"])
            where = f"turn {turn}: {victim} after {delay:.3f} s of about {usual:.3f} s"
            time.sleep(delay)
            killed = asking if victim == "amstel" else banks.processes[victim]
            killed.kill()
            end = end_of(asking, where)
            if end == 0:
                assert column(out / "amstel.csv") == expected, where
            elif victim == "amstel":
                assert not (out / "amstel.csv").exists() or column(out / "amstel.csv") == expected, where
            else:
                assert end == 1 and not out.exists(), where
                banks.processes[victim].communicate()
            if victim != "amstel":
                banks.join(victim)
            assert banks.command(*banks.match("amstel")).code == 0, where
            assert column(out / "amstel.csv") == expected, where
    finally:
        banks.stop()


def end_of(asking: subprocess.Popen[str], where: str) -> int:
    try:
        asking.communicate(timeout=within(ERROR_SECONDS))
    except subprocess.TimeoutExpired:
        asking.kill()
        raise AssertionError(f"no end within {ERROR_SECONDS} s, {where}") from None
    return asking.returncode
