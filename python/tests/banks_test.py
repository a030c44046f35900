"""Banks that match without a third party, as processes: all started by one command, and each by its own."""

import hashlib
import json
import signal
import subprocess
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import expected
from conftest import AMPLE, Command, column, processes, wait_until, within
from match_test import assert_nothing_left, scenario
from polder.space import free_ports


# All on this machine.


@pytest.mark.parametrize(
    "protocol, seed, parties, threshold, flags",
    [
        ("quorum", 1, 2, 2, True),
        ("quorum", 3, 5, 3, True),
        ("quorum", 3, 5, 3, False),
        ("quorum", 4, 6, 1, True),
        ("quorum", 5, 7, 7, False),
        ("paillier", 5, 3, 2, True),
        ("paillier", 3, 3, 2, False),
    ],
)
def test_random_scenarios_give_what_the_plain_computation_gives(polder, protocol, seed, parties, threshold, flags):
    files = [polder.clients(name, *rows) for name, rows in scenario(seed, parties, 60).items()]
    asked = [*files, "--protocol", protocol, "--threshold", str(threshold), *([] if flags else ["--no-flag"])]
    ended = polder("match", *asked, "--json", "--out", "out")
    assert ended.code == 0, ended.err
    plain = expected.matched([expected.read_party(file) for file in files], threshold, 1 if flags else 0)
    outcome = ended.json()
    assert (outcome["parties"], outcome["threshold"], outcome["protocol"]) == (parties, threshold, protocol)
    assert set(outcome["recipients"]) == set(plain)
    for name, identifiers in plain.items():
        written = expected.read_party(polder.folder / "out" / f"{name}.csv", flag_column=None)
        assert list(written.spelling.values()) == identifiers
        assert outcome["recipients"][name]["matches"] == len(identifiers)
    assert len(outcome["bytes_sent_per_node"]) == parties and min(outcome["bytes_sent_per_node"]) > 0
    assert not processes("polder-peer", polder.folder)
    assert_nothing_left(polder.folder)


def test_sixty_four_banks(polder):
    files = [polder.clients(f"b{i:02}", f"X,{int(i == 63)}", f"own{i},1") for i in range(64)]
    ended = polder("match", *files, "--protocol", "quorum", "--threshold", "64", "--to", "b00", "--json")
    assert ended.code == 0, ended.err
    assert ended.json()["parties"] == 64
    assert column(polder.folder / "matches" / "b00.csv") == ["X"]


def test_the_json_has_the_form_of_the_delegated_protocol(polder):
    files = [polder.clients("a", "X,1"), polder.clients("b", "x,0")]
    by_banks = polder("match", *files, "--protocol", "quorum", "--json").json()
    by_nodes = polder("match", *files, "--force", "--json").json()
    assert set(by_banks) == {*by_nodes, "protocol"} - {"run", "at_least", "warnings"}, "what the nodes alone say"
    assert by_banks["recipients"] == by_nodes["recipients"]
    assert set(by_banks["seconds"]) == set(by_nodes["seconds"])


def test_only_the_named_party_learns(polder):
    files = [polder.clients("a", "X,1"), polder.clients("b", "x,0"), polder.clients("c")]
    ended = polder("match", *files, "--protocol", "quorum", "--to", "b", "--json")
    assert list(ended.json()["recipients"]) == ["b"]
    assert sorted(file.name for file in (polder.folder / "matches").iterdir()) == ["b.csv", "summary.json"]


@pytest.mark.parametrize(
    "options, words",
    [
        (["--show", "count"], "--show count is not in the protocol quorum"),
        (["--show", "sum", "--attribute", "flagged"], "--show sum is not in the protocol quorum"),
        (["--min-flags", "2"], "--min-flags 2 is not in the protocol quorum"),
        (["--at-least", "3"], "--at-least is not in the protocol quorum"),
        (["--threshold", "3"], "threshold 3 is out of range: with 2 parties it is 1 to 2"),
        (["--threshold", "0"], "threshold 0 is out of range"),
        (["--to", "c"], "recipient 'c' is no party"),
        (["--to", "a", "--to", "a"], "recipient 'a' is named twice"),
        (["--space", "bank-net"], "--space does not go with --protocol quorum"),
        (["--protocol", "psi"], "there is no protocol 'psi'; there is delegated, quorum"),
        (["--new-key"], "--new-key goes with --protocol paillier and --peers"),
        (["--protocol", "delegated", "--bound", "9"], "go with --protocol quorum or paillier"),
    ],
)
def test_what_a_protocol_does_not_offer_is_refused(polder, options, words):
    files = [polder.clients("a", "X,1"), polder.clients("b", "x,0")]
    ended = polder("match", *files, "--protocol", "quorum", *options)
    assert ended.code == 2 and words in ended.err, ended.err
    assert not (polder.folder / "matches").exists()


def test_a_bad_file_is_named_as_in_the_delegated_protocol(polder):
    files = [polder.clients("a", "X,1"), polder.clients("b", "x,perhaps")]
    ended = polder("match", *files, "--protocol", "quorum", "--json")
    assert ended.code == 2
    assert "b.csv" in ended.err and "row 2, column 'flagged': not a flag" in ended.err
    assert_nothing_left(polder.folder)


def test_two_files_of_one_name_are_refused(polder):
    (polder.folder / "other").mkdir()
    files = [polder.clients("a", "X,1"), polder.clients("other/a", "x,0")]
    ended = polder("match", *files, "--protocol", "quorum")
    assert ended.code == 2 and "party 'a' is given twice" in ended.err


# Each bank by itself.


class Consortium:
    """Banks in folders of their own and their network file, made by hand as the documentation says."""

    def __init__(self, root: Path, names: list[str]) -> None:
        self.command = Command(root / "home", root)
        self.names = names
        cards = []
        for name, port in zip(names, free_ports(len(names)), strict=True):
            made = self.command("peer", "init", name, "--name", name, "--address", f"127.0.0.1:{port}", "--json")
            assert made.code == 0, made.err
            cards.append(made.json()["public"])
        made = self.command("peer", "network", *cards, "--out", "network.toml", "--json")
        assert made.code == 0, made.err
        self.processes: dict[str, subprocess.Popen[str]] = {}

    def join(self, name: str, *options: str) -> subprocess.Popen[str]:
        """Starts a bank that answers with its clients; returns once it does."""
        self.answer(name, f"{name}.csv", *options)
        return self.processes[name]

    def answer(self, name: str, *options: str) -> dict:
        """Starts a bank that answers with what the options name; returns what it says of that."""
        arguments = ("--peers", "network.toml", "--dir", name, "--json", *options)
        self.processes[name] = self.command.start("peer", "join", *arguments)
        ready = self.event(name)
        assert ready["event"] == "ready", ready
        return ready

    def event(self, name: str) -> dict:
        """The next thing that a bank says."""
        line = self.processes[name].stdout.readline()
        assert line, self.processes[name].stderr.read()
        return json.loads(line)

    def match(self, name: str, *options: str) -> tuple:
        """Arguments with which a bank asks."""
        peers = ("--protocol", "quorum", "--peers", "network.toml", "--dir", name)
        return ("match", f"{name}.csv", *peers, "--json", "--force", *options)

    def stop(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.communicate()


@pytest.fixture
def banks(tmp_path: Path) -> Iterator[Consortium]:
    made = Consortium(tmp_path, ["amstel", "dommel", "eem"])
    made.command.clients("amstel", "X,1", "Y,0", "Z,0")
    made.command.clients("dommel", "x,0", "Z,1")
    made.command.clients("eem", "y,0", "W,1")
    yield made
    made.stop()


def test_a_bank_asks_and_the_others_say_who_asked_what(banks):
    banks.join("dommel")
    banks.join("eem")
    ended = banks.command(*banks.match("amstel", "--threshold", "2"))
    assert ended.code == 0, ended.err
    assert ended.json()["recipients"]["amstel"] == {"matches": 2, "identifiers": 3, "file": "matches/amstel.csv"}
    assert column(banks.command.folder / "matches" / "amstel.csv") == ["X", "Z"]
    for name in ("dommel", "eem"):
        asked, answered = banks.event(name), banks.event(name)
        assert asked == {
            "event": "asked",
            "requester": "amstel",
            "protocol": "quorum",
            "threshold": 2,
            "flags": True,
            "rows": 16,
        }
        assert answered["event"] == "answered" and answered["bytes_sent"] > 0
    assert sorted(file.name for file in (banks.command.folder / "matches").iterdir()) == ["amstel.csv", "summary.json"]


def test_files_for_people_are_toml(banks):
    network = tomllib.loads((banks.command.folder / "network.toml").read_text())
    assert [bank["name"] for bank in network["bank"]] == banks.names
    card = tomllib.loads((banks.command.folder / "eem" / "eem.peer.toml").read_text())
    assert card["certificate"] == network["bank"][2]["certificate"]
    assert card["certificate"] == (banks.command.folder / "eem" / "peer.crt").read_text()


def test_status_says_who_answers(banks):
    banks.join("dommel")
    ended = banks.command("peer", "status", "--peers", "network.toml", "--dir", "amstel", "--json")
    assert ended.code == 1
    states = {bank["name"]: bank["state"] for bank in ended.json()["banks"]}
    assert states == {"amstel": "self", "dommel": "ready", "eem": "down"}
    banks.join("eem")
    assert banks.command("peer", "status", "--peers", "network.toml", "--dir", "amstel").code == 0


def keep(banks, modulus: int) -> None:
    """Writes the file of a key of an earlier run at every bank."""
    contents = {
        "format": 1,
        "made": int(time.time()),
        "network": tomllib.loads((banks.command.folder / "network.toml").read_text())["network"],
        "protocol": "paillier",
        "version": "0.1.0",
        "words": modulus.to_bytes(256, "little").hex(),
    }

    def text() -> str:
        return json.dumps(contents, sort_keys=True, separators=(",", ":"))

    contents["check"] = hashlib.blake2b(text().encode(), digest_size=16).hexdigest()
    for name in banks.names:
        (banks.command.folder / name / "paillier.key").write_text(text() + "\n")


def test_a_kept_key_is_used_until_a_new_one_is_asked_for(banks):
    banks.join("dommel")
    banks.join("eem")

    def asked(*options):
        ended = banks.command(*banks.match("amstel", "--protocol", "paillier", *options))
        assert ended.code == 0, ended.err
        assert column(banks.command.folder / "matches" / "amstel.csv") == ["X", "Z"]
        return ended.json()

    def kept():
        ended = banks.command("peer", "status", "--peers", "network.toml", "--dir", "amstel", "--json")
        return ended.json()["keys"]

    assert kept() == []
    keep(banks, (2**1024 - 105) * (2**1024 - 179))  # both prime
    (key,) = kept()
    assert (key["protocol"], key["bits"], key["banks"], len(key["fingerprint"])) == ("paillier", 2048, 3, 64)
    under_kept = asked()
    assert kept() == [key]
    under_new = asked("--new-key")
    assert under_kept["rounds"] < 20 < under_new["rounds"]
    assert sum(under_kept["bytes_sent_per_node"]) < sum(under_new["bytes_sent_per_node"])
    (new_key,) = kept()
    assert new_key["fingerprint"] != key["fingerprint"]
    for name in banks.names:
        file = banks.command.folder / name / "paillier.key"
        assert file.stat().st_mode & 0o777 == 0o600
    assert asked()["rounds"] == under_kept["rounds"]
    file.write_text("{")
    ended = banks.command("peer", "status", "--peers", "network.toml", "--dir", "eem", "--json")
    assert "eem/paillier.key is of no use" in ended.json()["keys"][0]["why"]


def test_a_bank_may_answer_once(banks):
    once = banks.join("dommel", "--once")
    banks.join("eem")
    assert banks.command(*banks.match("amstel")).code == 0
    assert once.wait(timeout=AMPLE) == 0


def test_a_bank_answers_what_its_owner_allows(banks):
    banks.join("dommel", "--allow", "eem", "--min-threshold", "3")
    banks.join("eem", "--min-threshold", "3")
    ended = banks.command(*banks.match("amstel", "--threshold", "3"))
    assert ended.code == 3 and "bank 'dommel' takes no part: it does not answer bank 'amstel'" in ended.err
    assert banks.event("dommel")["event"] == "refused"
    banks.processes["eem"].kill()
    banks.join("amstel")
    ended = banks.command(*banks.match("eem", "--threshold", "2"))
    assert ended.code == 3 and "it answers thresholds of 3 or more, not 2" in ended.err
    assert not (banks.command.folder / "matches").exists()


def test_a_match_is_bounded_as_look_ups_are(banks):
    """A match between two banks with T = 2 is a look-up of every row that its requester lists."""
    banks.answer("dommel", "dommel.csv", "--max-rows", "20", "--rows-per-day", "40")
    banks.join("eem")

    def asked(*options):
        return banks.command(*banks.match("amstel", *options))

    ended = asked("--bound", "21")
    assert ended.code == 3 and "bank 'dommel' takes no part: it answers about 20 rows at most in a session" in ended.err
    assert asked("--bound", "20").code == 0
    assert asked("--bound", "18").code == 0
    for _ in range(2):  # also after a restart
        ended = asked()
        assert ended.code == 1 and "the limit of 40 rows, of matches and look-ups together" in ended.err
        banks.processes["dommel"].terminate()
        banks.processes["dommel"].wait(timeout=AMPLE)
        said = banks.answer("dommel", "dommel.csv", "--max-rows", "20", "--rows-per-day", "40")
        assert (said["max_rows"], said["rows_per_day"]) == (20, 40)


def test_a_bank_names_protocol_and_flags(banks):
    banks.join("dommel", "--protocol", "quorum", "--flags-only")
    banks.join("eem")
    ended = banks.command(*banks.match("amstel", "--no-flag"))
    assert ended.code == 3 and "it answers queries about flags only; ask with flags" in ended.err
    ended = banks.command(*banks.match("amstel", "--protocol", "paillier"))
    assert ended.code == 3 and "it answers by quorum only, not by paillier" in ended.err
    assert banks.command(*banks.match("amstel")).code == 0


def test_a_bank_that_is_not_there_is_named(banks):
    banks.join("dommel")
    ended = banks.command(*banks.match("amstel"))
    assert ended.code == 1 and "bank 'eem': cannot connect" in ended.err


def test_without_the_right_key_nobody_answers(banks):
    banks.join("dommel")
    banks.join("eem")
    made = banks.command("peer", "init", "false", "--name", "amstel", "--address", "127.0.0.1:1")
    assert made.code == 0, made.err
    ended = banks.command("match", "amstel.csv", "--protocol", "quorum", "--peers", "network.toml", "--dir", "false")
    assert ended.code == 2 and "this bank's certificate is not in the network file" in ended.err


ROWS = 40_000  # a session of some seconds


def in_session(banks: Consortium) -> subprocess.Popen[str]:
    """amstel asks, and the session runs."""
    for name in banks.names:
        banks.command.clients(name, *(f"{name if i % 2 else ''}{i},1" for i in range(ROWS)))
    banks.join("dommel")
    banks.join("eem")
    asking = banks.command.start(*banks.match("amstel"))
    assert banks.event("dommel")["event"] == "asked"
    assert banks.event("eem")["event"] == "asked"
    time.sleep(0.5)
    return asking


def test_ctrl_c_ends_it_at_all_banks(banks):
    asking = in_session(banks)
    asking.send_signal(signal.SIGINT)
    _, err = asking.communicate(timeout=AMPLE)
    assert (asking.returncode, err) == (130, "polder: stopped; nothing was written\n")
    for name in ("dommel", "eem"):
        failed = banks.event(name)
        assert failed["event"] == "failed" and "bank 'amstel' stopped the session" in failed["why"], failed
    assert not (banks.command.folder / "matches").exists()
    banks.command.clients("amstel", "1,1")
    assert banks.command(*banks.match("amstel")).code == 0  # the others are as new


def test_a_bank_that_is_stopped_says_so(banks):
    asking = in_session(banks)
    banks.processes["eem"].send_signal(signal.SIGINT)
    out, err = asking.communicate(timeout=AMPLE)
    assert asking.returncode == 1 and "bank 'eem' stopped the session" in err, err
    assert json.loads(out)["error"]["code"] == "peer_aborted"
    assert banks.processes["eem"].wait(timeout=AMPLE) == 130


def test_a_killed_bank_is_named_and_nothing_is_written(banks):
    asking = in_session(banks)
    banks.processes["eem"].kill()
    _, err = asking.communicate(timeout=within(10))
    assert asking.returncode == 1 and "bank 'eem'" in err, err
    assert banks.event("dommel")["event"] == "failed"
    assert not (banks.command.folder / "matches").exists()


def test_a_frozen_bank_is_named_within_ten_seconds(banks):
    asking = in_session(banks)
    banks.processes["eem"].send_signal(signal.SIGSTOP)
    _, err = asking.communicate(timeout=within(11))
    assert asking.returncode == 1 and "bank 'eem' gave no sign of life" in err, err


def test_a_requester_that_is_killed_leaves_the_others_answering(banks):
    asking = in_session(banks)
    asking.kill()
    asking.communicate()
    failed = banks.event("dommel")
    assert failed["event"] == "failed" and "bank 'amstel'" in failed["why"], failed
    banks.command.clients("amstel", "1,1")
    assert wait_until(lambda: banks.command(*banks.match("amstel")).code == 0, AMPLE)
