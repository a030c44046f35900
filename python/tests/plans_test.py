"""Typed tables put at real nodes and analysed there: pandas' answers, and nothing that an owner does not allow."""

import pandas as pd
import polder as po
import pytest
from polder.errors import BadSchema, Forbidden, NotFound
from polder.plan import Session, session

VISITS = pd.DataFrame(
    {
        "patient": [f"P{i % 40:03}" for i in range(200)],
        "cost": [f"{10 + i % 17}.{i % 100:02}" for i in range(200)],
        "days": [None if i % 9 == 0 else i % 5 for i in range(200)],
    }
)
PEOPLE = pd.DataFrame(
    {
        "id": [f"P{i:03}" for i in range(0, 60)],
        "city": [["Delft", "Ede", "Goes"][i % 3] for i in range(60)],
        "born": [f"{1950 + i}-0{1 + i % 9}-11" for i in range(60)],
    }
)
VISIT_TYPES = po.Schema(
    patient=po.string(4), cost=po.decimal(2, 0, 100), days=po.int(0, 9, null=True)
)
PEOPLE_TYPES = po.Schema(id=po.string(4), city=po.category(["Delft", "Ede", "Goes"]), born=po.date())


@pytest.fixture
def space(running, monkeypatch):
    """The running space, connected, with two tables of two owners."""
    monkeypatch.setenv("POLDER_HOME", str(running.home))
    monkeypatch.setattr(session, "_connection", None)
    connection = po.connect("local")
    po.from_pandas(VISITS, name="visits", schema=VISIT_TYPES, owner="hospital", partners=["CBS", "insurer", "town"])
    po.from_pandas(PEOPLE, name="people", schema=PEOPLE_TYPES, owner="town", partners=["CBS", "hospital"])
    return connection


def costs_by_city(visits, people):
    joined = visits.merge(people, left_on="patient", right_on="id", validate="many_to_one")
    joined = joined[joined.days >= 1]
    return joined.groupby("city").agg(n=("cost", "size"), total=("cost", "sum"), mean=("cost", "mean"))


def oracle():
    visits = VISITS.assign(cost=VISITS.cost.astype(float))
    joined = visits.merge(PEOPLE, left_on="patient", right_on="id")
    joined = joined[joined.days >= 1]
    return joined.groupby("city").agg(n=("cost", "size"), total=("cost", "sum"), mean=("cost", "mean")).reset_index()


def test_two_owners_tables_are_joined_and_grouped_as_pandas_does(space):
    opening = costs_by_city(po.table("visits@hospital"), po.table("people")).opening(to="CBS", min_group=10)
    got, want = opening.run(), oracle()
    assert list(got.city) == list(want.city)
    assert list(got.n) == list(want.n)
    assert [float(total) for total in got.total] == pytest.approx(list(want.total), abs=1e-9)
    assert list(got["mean"].astype(float)) == pytest.approx(list(want["mean"]), rel=1e-6)
    assert got.attrs["rounds"] > 0 and len(got.attrs["bytes_sent_per_node"]) == 3
    pd.testing.assert_frame_equal(got, opening.simulate(), check_flags=False)


def test_a_value_a_parameter_and_a_withheld_group(space):
    visits = po.table("visits@hospital")
    low = po.param("low", po.int(0, 9))
    asked = visits[visits.days >= low].days.sum()
    by_days = VISITS[VISITS.days >= 3].days.sum()
    assert asked.open(to="CBS", min_group=10, params={"low": 3}) == by_days
    assert pd.isna(asked.open(to="CBS", min_group=30, params={"low": 9}))
    with pytest.raises(po.errors.PolderError, match="parameter 'low'"):
        asked.open(to="CBS", min_group=10, params={"low": 10})


def test_what_owners_do_not_allow_is_refused_by_every_node(space):
    visits, people = po.table("visits@hospital"), po.table("people@town")
    with pytest.raises(Forbidden, match="groups from 10 on"):
        costs_by_city(visits, people).open(to="CBS", min_group=9)
    with pytest.raises(Forbidden, match="shows rows computed from table"):
        visits[["cost"]].open(to="CBS", min_group=1)
    with pytest.raises(Forbidden, match="no named partner of table 'people'"):
        costs_by_city(visits, people).open(to="insurer", min_group=10)
    own = visits[["cost"]].open(to="hospital", min_group=1, by="hospital")
    assert sorted(map(float, own.cost)) == sorted(map(float, VISITS.cost))


def test_the_command_lists_typed_tables_and_what_they_serve(space, running):
    listed = running("tables").out
    [line] = [line for line in listed.splitlines() if "people@town" in line][-1:]
    assert "id, city, born" in listed and "60" in line
    assert "analyses, groups of 10 rows or more, for CBS, hospital" in " ".join(listed.split())


def test_what_is_not_there_is_named(space):
    with pytest.raises(NotFound, match="no typed table 'visit'.*visits@hospital"):
        po.table("visit")
    frame = po.table("visits", VISIT_TYPES, most_rows=500, owner="town")
    with pytest.raises(NotFound, match="visits@town"):
        frame.days.sum().open(to="CBS", min_group=10)
    few = po.table("visits", VISIT_TYPES, most_rows=100, owner="hospital")
    with pytest.raises(BadSchema, match="has 200 rows, and the plan was made for 100"):
        few.days.sum().open(to="CBS", min_group=10)
    other = po.Schema(days=po.int(0, 8, null=True))
    with pytest.raises(BadSchema, match="column 'days'.*int 0..9"):
        po.table("visits", other, most_rows=500, owner="hospital").days.sum().open(to="CBS", min_group=10)


def test_nothing_runs_without_a_space(monkeypatch):
    monkeypatch.setattr(session, "_connection", None)
    with pytest.raises(NotFound, match="po.connect"):
        po.table("visits")
    assert Session()._connection is None
