"""Look-ups in another bank's register, by processes of their own over TLS: what is found, what is refused, what is
kept."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from banks_test import Consortium
from conftest import AMPLE
from lookup_test import HEADER, ROWS, answers
from polder import errors, looking_up
from polder.local_banks import Peers

RIGHT = {
    "nl91abna0417164300": (True, "mule account"),
    " b2 ": (True, "forged, twice; again"),
    "ZOE\u0308": (True, ""),
    "nobody": (False, None),
}


@pytest.fixture(scope="module")
def consortium(tmp_path_factory: pytest.TempPathFactory) -> Consortium:
    return Consortium(tmp_path_factory.mktemp("banks"), ["amstel", "dommel", "eem"])


@pytest.fixture
def banks(consortium: Consortium) -> Iterator[Consortium]:
    """dommel has a register, nobody has looked up in it yet; amstel and eem may."""
    for name in consortium.names:
        for left in ("lookup.*", "asked.*"):
            for file in (consortium.command.folder / name).glob(left):
                file.unlink()
        shutil.rmtree(consortium.command.folder / name / "registers", ignore_errors=True)
    consortium.command.clients("dommel", "x,0", "Z,1")
    consortium.command.clients("incidents", *ROWS, header=HEADER)
    yield consortium
    consortium.stop()
    consortium.processes.clear()


def with_register(banks: Consortium, *options: str) -> dict:
    """What dommel says of its register once it answers."""
    return banks.answer("dommel", "--register", "incidents.csv", *options)["register"]


def stop(banks: Consortium, name: str) -> None:
    banks.processes[name].send_signal(signal.SIGINT)
    assert banks.processes[name].wait(timeout=AMPLE) == 130


def ask(banks: Consortium, name: str, *arguments: str):
    peers = ("--register", "dommel", "--peers", "network.toml", "--dir", name)
    return banks.command("lookup", *arguments, *peers)


def test_a_register_answers_and_its_list_is_fetched_once(banks):
    register = with_register(banks, "--report", "reason")
    assert (register["identifiers"], register["duplicate_rows"]) == (4, 2)
    first = ask(banks, "amstel", *RIGHT, "--json")
    assert answers(first) == RIGHT
    assert first.json()["fingerprint"] == register["fingerprint"]
    assert first.json()["entries"] >= 4 and first.json()["list_bytes"] > 0
    asked = banks.event("dommel")
    assert asked == {"event": "looked_up", "requester": "amstel", "identifiers": 4}  # and nothing else

    again = ask(banks, "amstel", "b2", "--fingerprint", register["fingerprint"], "--json")
    assert answers(again) == {"b2": RIGHT[" b2 "]} and again.json()["list_bytes"] == 0

    stop(banks, "dommel")
    banks.command.clients("incidents", *ROWS, "new,yesterday", header=HEADER)
    changed = with_register(banks, "--report", "reason")["fingerprint"]
    assert changed != register["fingerprint"]
    later = ask(banks, "amstel", "new", "--json")
    assert answers(later) == {"new": (True, "yesterday")} and later.json()["list_bytes"] > 0
    refused = ask(banks, "amstel", "new", "--fingerprint", register["fingerprint"])
    assert refused.code == 1 and "ask why it changed" in refused.err


def test_nothing_of_the_query_or_the_answer_is_at_the_register(banks):
    with_register(banks, "--report", "reason")
    asked = ("nl91abna0417164300", "nobody-at-all")
    assert [found for found, _ in answers(ask(banks, "amstel", *asked, "--json")).values()] == [True, False]
    stop(banks, "dommel")
    said = "".join(banks.processes["dommel"].communicate())
    kept = b"".join(file.read_bytes() for file in (banks.command.folder / "dommel").rglob("*") if file.is_file())
    for needle in (*asked, *(each.upper() for each in asked), "mule account"):
        assert needle not in said and needle.encode() not in kept
    # Nor does the list that a requester keeps show what the register holds.
    lists = [file.read_bytes() for file in (banks.command.folder / "amstel" / "registers").iterdir()]
    assert len(lists) == 1 and b"forged" not in lists[0] and b"mule" not in lists[0]


def test_the_limit_holds_for_each_bank_and_across_a_restart(banks):
    with_register(banks, "--limit", "3")
    assert answers(ask(banks, "amstel", "B2", "x", "--json")) == {"B2": (True, None), "x": (False, None)}
    refused = ask(banks, "amstel", "B2", "x")
    assert refused.code == 1
    assert "bank 'dommel' takes no part: the limit of 3 look-ups of a bank in 24 hours is reached; ask again at " in (
        refused.err
    )
    assert [banks.event("dommel")["event"] for _ in range(2)] == ["looked_up", "refused"]
    stop(banks, "dommel")
    with_register(banks, "--limit", "3")
    assert ask(banks, "amstel", "B2", "x").code == 1
    assert ask(banks, "eem", "1", "2", "B2").code == 0
    assert ask(banks, "amstel", "B2").code == 0


def test_a_bank_may_answer_matches_and_look_ups_or_either(banks):
    banks.command.clients("amstel", "z,0")
    banks.command.clients("eem", "w,1")
    banks.answer("dommel", "dommel.csv", "--register", "incidents.csv", "--allow", "amstel")
    banks.join("eem")
    assert ask(banks, "amstel", "B2").code == 0
    refused = ask(banks, "eem", "B2")
    assert refused.code == 3 and "it does not answer bank 'eem'" in refused.err
    matched = banks.command(*banks.match("amstel", "--no-flag"))
    assert matched.code == 0 and matched.json()["recipients"]["amstel"]["matches"] == 1

    without = banks.command("lookup", "B2", "--register", "eem", "--peers", "network.toml", "--dir", "amstel")
    assert without.code == 3 and "bank 'eem' takes no part: it has no register to look up in" in without.err
    stop(banks, "dommel")
    with_register(banks)
    alone = banks.command(*banks.match("amstel", "--no-flag"))
    assert alone.code == 3 and "takes part in no match" in alone.err


def test_people_see_a_table_and_no_report_acts_on_the_terminal(banks):
    register = with_register(banks, "--report", "reason", "--once")
    ended = ask(banks, "amstel", "D4", "nobody")
    assert ended.code == 0, ended.err
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["D4", "yes", "[31mred"] in lines and ["nobody", "no", "-"] in lines
    assert "\x1b" not in ended.out and f"fingerprint {register['fingerprint']}" in ended.out
    assert banks.processes["dommel"].wait(timeout=AMPLE) == 0


def peers_of(banks: Consortium, name: str) -> Peers:
    return Peers(banks.command.folder / "network.toml", banks.command.folder / name)


def test_from_python(banks):
    banks.command.write("people.csv", "name,born,reason\nSmit,1980-02-01,again\n")
    banks.answer("dommel", "--register", "people.csv", "--report", "reason", "--id", "name,born:date")
    peers = peers_of(banks, "eem")
    found = looking_up.lookup_at_bank(["SMIT,1-2-1980"], "dommel", peers=peers)  # by the register's own kinds
    assert found["replies"] == [{"identifier": "SMIT,1-2-1980", "found": True, "report": "again"}]
    turned = looking_up.lookup_at_bank(["1-2-1980,smit"], "dommel", peers=peers, key=["born", "name"])
    assert turned["replies"][0]["found"]
    with pytest.raises(errors.BadInput, match="identifier 1 to look up, 'born'"):
        looking_up.lookup_at_bank(["smit,yesterday"], "dommel", peers=peers)


@pytest.mark.parametrize(
    "identifiers, bank, words",
    [
        ([], "dommel", "0 identifiers to look up; one look-up takes 1 to 64"),
        (["1"] * 65, "dommel", "65 identifiers to look up"),
        ([" "], "dommel", "identifier 1 to look up is empty"),
        (["A"], "rijn", "no bank 'rijn'"),
        (["A"], "amstel", "'amstel' is this bank itself"),
    ],
)
def test_wrong_queries_are_told_before_anybody_is_called(banks, identifiers, bank, words):
    with pytest.raises((errors.BadInput, errors.NotFound), match=words):
        looking_up.lookup_at_bank(identifiers, bank, peers=peers_of(banks, "amstel"))


def test_wrong_options_are_told(banks):
    ended = ask(banks, "amstel", "A", "--report", "reason", "--json")
    assert ended.code == 2 and "--report does not go with --peers" in ended.json()["error"]["message"]
    ended = banks.command("lookup", "A", "--register", "incidents.csv", "--fingerprint", "00")
    assert ended.code == 2 and "--dir and --fingerprint go with --peers" in ended.err

    join = ("peer", "join", "--peers", "network.toml", "--dir", "dommel")
    ended = banks.command(*join)
    assert ended.code == 2 and "nothing to answer with" in ended.err
    ended = banks.command(*join, "--register", "incidents.csv", "--report", "colour")
    assert ended.code == 2 and "'colour'" in ended.err
    ended = banks.command(*join, "--register", "incidents.csv", "--bound", "3")
    assert ended.code == 2 and "the bound 3 is less than the 4 identifiers" in ended.err
