"""No branch and no address of a node depends on a secret (SECURITY 26).

A node's shares and all that it receives are undefined for memcheck, which carries that through every computation; what
the protocol opens is defined again (openings.cc). Any jump or address that is still undefined is named. Source of the
idea: A. Langley, ctgrind, 2010. Valgrind's processor has AVX2 and no AVX-512, so those are the kernels that are shown.
"""

import pytest

from replaying import FOUND, replay

MEMCHECK = ("valgrind", "--tool=memcheck", f"--error-exitcode={FOUND}", "--num-callers=20")


@pytest.mark.parametrize("role", range(3))
@pytest.mark.parametrize("case", ["operators-200", "sorts-3-5", "match-3-5", "bins-70", "lookup-2", "encrypt-1"])
def test_no_branch_or_address_depends_on_a_secret(tmp_path, case, role):
    replay(case, "record", tmp_path)
    ended = replay(case, str(role), tmp_path, *MEMCHECK)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    "case, words", [("branch", "jump or move depends on uninitialised"), ("index", "Use of uninitialised value of")]
)
def test_what_must_not_be_is_found(tmp_path, case, words):
    replay(case, "record", tmp_path)
    ended = replay(case, "0", tmp_path, *MEMCHECK)
    assert ended.returncode == FOUND and words in ended.stderr
