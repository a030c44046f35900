"""Analyses as people submit, read, approve, run and revoke them, in Python and on the command line."""

import json

import polder as po
import pytest
from polder import approvals, audits
from polder.errors import BadInput, Forbidden, NotApproved, NotFound
from polder.plan import session

import pandas as pd

STAYS = pd.DataFrame({"ward": [["A", "B"][i % 2] for i in range(40)], "days": [i % 7 for i in range(40)]})
TYPES = po.Schema(ward=po.category(["A", "B"]), days=po.int(0, 9))


@pytest.fixture
def stays(running, monkeypatch, request):
    """Two tables under names of the test's own, one whose owner wants to approve."""
    monkeypatch.setenv("POLDER_HOME", str(running.home))
    monkeypatch.setattr(session, "_connection", None)
    po.connect("local")
    name = request.node.name
    po.from_pandas(STAYS, name=name, schema=TYPES, owner="clinic", approval=True)
    po.from_pandas(STAYS, name=name, schema=TYPES, owner="hospice", approval=True)
    return name


def total_days(name, *, min_group=10, **terms):
    with po.analysis(name, purpose="care", by="office", **terms) as a:
        low = po.param("low", po.int(0, 9))
        clinic, hospice = po.table(f"{name}@clinic"), po.table(f"{name}@hospice")
        a.output("clinic", clinic[clinic.days >= low].days.sum(), to=["office", "press"], min_group=min_group)
        a.output("wards", hospice.groupby("ward").agg(days=("days", "sum")), to="press", min_group=min_group)
    return a


def test_nothing_runs_before_every_owner_approved_and_then_each_learns_its_part(stays, capsys):
    asked = total_days(stays)
    fingerprint = asked.submit()
    assert capsys.readouterr().out == (
        f"{stays}: {fingerprint}\nmissing approvals: clinic (none given), hospice (none given)\n"
    )
    with pytest.raises(NotApproved, match=r"missing approvals: clinic \(none given\), hospice") as refused:
        po.run(stays, by="office", low=2)
    assert refused.value.missing == {"clinic": "none given", "hospice": "none given"}
    po.approve(stays, by="clinic")
    assert asked.missing() == {"hospice": "none given"}
    po.approve(fingerprint, by="hospice")
    assert asked.missing() == {}

    want = STAYS[STAYS.days >= 2].days.sum()
    done = po.run(stays, by="office", low=2)
    assert done.clinic == want and done.learned["office"].labels == ["clinic"]
    late = po.result(done.session, to="press")
    assert late.clinic == want
    assert list(late.wards.days) == list(STAYS.groupby("ward").days.sum())
    with pytest.raises(NotFound):
        po.result(done.session, to="clinic")
    with pytest.raises(po.errors.PolderError, match="parameter 'low'"):
        po.run(stays, by="office", low=10)


def test_a_changed_analysis_is_another_one(stays):
    first = total_days(stays)
    first.submit()
    for owner in ("clinic", "hospice"):
        po.approve(stays, by=owner)
    changed = total_days(stays, min_group=9)
    assert changed.fingerprint != first.fingerprint
    changed.submit()
    with pytest.raises(NotApproved):
        po.run(stays, by="office", low=0)
    assert po.run(first.fingerprint, by="office", low=0).clinic == STAYS.days.sum()


def test_an_approval_ends_when_it_is_taken_back_or_used_up(stays):
    asked = total_days(stays, max_runs=5)
    asked.submit()
    po.approve(stays, by="clinic")
    po.approve(stays, by="hospice", max_runs=1)
    po.run(stays, by="office", low=0)
    assert asked.missing() == {"hospice": "all 1 runs used"}
    assert len(po.revoke(stays, by="clinic")) == 1
    with pytest.raises(NotApproved) as refused:
        po.run(stays, by="office", low=0)
    assert refused.value.missing == {"clinic": "revoked", "hospice": "all 1 runs used"}
    assert po.revoke(stays, by="clinic") == [], "nothing is left of it"
    po.approve(stays, by="clinic")
    po.approve(stays, by="hospice")
    assert po.run(stays, by="office", low=0).clinic == STAYS.days.sum()


def test_only_those_who_are_named_may_ask(stays):
    total_days(stays, requesters=["office", "press"]).submit()
    po.approve(stays, by="clinic")
    po.approve(stays, by="hospice")
    assert po.run(stays, by="press", low=0).clinic == STAYS.days.sum()
    with pytest.raises(NotFound, match="no analysis"):
        po.run(stays, by="stranger", low=0)
    fingerprint = total_days(stays).fingerprint
    with pytest.raises(NotApproved, match="not for runs that 'stranger' asks for"):
        po.run(fingerprint, by="stranger", low=0)


def test_what_is_wrong_is_said(stays):
    with pytest.raises(BadInput, match="has no output"), po.analysis("empty", purpose="x", by="office"):
        pass
    with pytest.raises(BadInput, match="no length of time"):
        po.analysis("x", purpose="x", by="office", valid="soon")
    fingerprint = total_days(stays).submit()
    with pytest.raises(BadInput, match="reads no table of 'press', but of clinic, hospice"):
        po.approve(fingerprint, by="press")
    with pytest.raises(NotFound, match="this node has none of that fingerprint"):
        po.approve("0" * 64, by="clinic")


def test_an_approver_reads_what_it_signs(stays):
    total_days(stays).submit()
    said = po.show(stays, by="clinic")
    assert f"reads {stays} of clinic (needs its approval)" in said
    assert "shows 'clinic' to office, press: numbers of 10 rows or more each" in said
    assert "for the purpose 'care'" in said and "param: to the nodes: the value of low" in said


def test_the_command_line_does_the_same(stays, local):
    fingerprint = total_days(stays).submit()
    [listed] = [
        each for each in local("analysis", "list", "--as", "clinic", "--json").json() if each["name"] == stays
    ]
    assert listed["fingerprint"] == fingerprint and listed["by"] == "office"
    shown = local("analysis", "show", stays, "--as", "clinic")
    assert shown.code == 0 and "missing approvals: clinic (none given), hospice (none given)" in shown.out
    refused = local("run", stays, "--as", "office", "--param", "low=1")
    assert refused.code == 3 and "missing approvals: clinic" in refused.err

    approved = local("approve", stays, "--as", "clinic", "--runs", "2", "--valid", "7d")
    assert approved.code == 0 and "2 runs, asked for by office" in approved.out
    assert "Missing approvals: hospice." in approved.out
    key = local.home / "spaces" / "local" / "keys" / "hospice.key"
    assert local("approve", fingerprint, "--key", key, "--json").json()["missing"] == {}
    assert local("approve", fingerprint).code == 2, "whose key?"
    done = local("run", stays, "--as", "office", "--param", "low=1", "--json").json()
    want = str(STAYS[STAYS.days >= 1].days.sum())
    assert done["learned"]["office"] == {"clinic": want}
    opened = local("result", done["session"], "--as", "press", "--json").json()
    assert opened["clinic"] == want and [row["ward"] for row in opened["wards"]] == ["A", "B"]
    assert fingerprint in local("runs", "--as", "clinic").out

    assert "had 1 approval of plan" in local("revoke", stays, "--as", "clinic").out
    refused = local("run", stays, "--as", "office", "--param", "low=1")
    assert refused.code == 3 and "clinic (revoked)" in refused.err
    assert "analyses, each approved by its owner" in local("tables").out


def test_logs_tell_what_was_decided_and_a_changed_past_is_found(stays, local):
    fingerprint = total_days(stays).submit()
    for owner in ("clinic", "hospice"):
        po.approve(stays, by=owner)
    done = po.run(stays, by="office", low=0)
    po.revoke(stays, by="clinic")
    with pytest.raises(NotApproved):
        po.run(stays, by="office", low=0)

    used = session.connection.space
    report = audits.verify(used, used.key("office"))
    assert report["problems"] == [] and report["runs"] >= 1
    for node in report["nodes"]:
        entries = [json.loads(text) for text in node["entries"]]
        mine = [entry for entry in entries if fingerprint in json.dumps(entry) or done.session in json.dumps(entry)]
        assert [entry["event"] for entry in mine] == [
            "submission", "approval", "approval", "run_begun", "run_ended", "run_refused"
        ]  # fmt: skip
    told = local("audit", "verify", "--as", "clinic")
    assert told.code == 0 and "All is well" in told.out

    kept = used.network.parent / "audit" / f"{used.client().network}.json"
    heads = json.loads(kept.read_text())
    link = heads["1"]["link"]
    heads["1"]["link"] = ("0" if link[0] != "0" else "1") + link[1:]
    kept.write_text(json.dumps(heads))
    changed = local("audit", "verify", "--as", "clinic")
    kept.unlink()
    assert changed.code == 3 and "node 1's log is not the one of before" in changed.err


def test_a_standing_rule_and_an_approval_do_not_mix(stays):
    po.from_pandas(STAYS, name=f"{stays}2", schema=TYPES, owner="clinic", partners=["office"])
    with po.analysis(f"{stays}2", purpose="care", by="office") as a:
        a.output("days", po.table(f"{stays}2@clinic").days.sum(), to="office", min_group=9)
    a.submit()
    assert a.missing() == {}
    po.approve(a.fingerprint, by="clinic")
    with pytest.raises(Forbidden, match="groups from 10 on") as refused:
        po.run(a.fingerprint, by="office")
    assert not isinstance(refused.value, NotApproved)


def test_lengths_of_time():
    assert approvals.duration("90d").days == 90
    assert approvals.duration("12h").seconds == 12 * 3600
    assert approvals.duration("2w").days == 14
    for wrong in ("", "0d", "d", "1", "1y", "-1d", "1.5d"):
        with pytest.raises(BadInput):
            approvals.duration(wrong)
