"""polder analysis, approve, revoke, run, audit: plans that owners approve before they run."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from polder import analyses as plans
from polder import approvals, audits, space
from polder.commands.show import Json, SpaceName, progress, say, say_json, say_table
from polder.errors import BadInput, Forbidden

app = typer.Typer(help="Plans that were submitted for approval.", no_args_is_help=True)
log = typer.Typer(help="The nodes' logs of what was decided and run.", no_args_is_help=True)

Which = Annotated[str, typer.Argument(metavar="PLAN", help="A fingerprint, or the name under which it was submitted.")]
As = Annotated[str, typer.Option("--as", metavar="NAME", help="Whose key signs: an organisation's whose key is here.")]
Key = Annotated[Path | None, typer.Option("--key", metavar="FILE", help="Its key, if it lies elsewhere: NAME.key.")]


def add_to(parent: typer.Typer) -> None:
    parent.command()(approve)
    parent.command()(revoke)
    parent.command()(run)
    parent.add_typer(app, name="analysis")
    parent.add_typer(log, name="audit")


@app.command("list")
def ls(member: As = "", key: Key = None, where: SpaceName = space.LOCAL, json: Json = False) -> None:
    """List the plans that concern an organisation, the latest first."""
    used = space.find(where)
    _, signer = _signer(used, member, key)
    found = approvals.submitted_for(used, signer)
    if json:
        say_json([_submitted(each) for each in found])
        return
    rows = [[each.name, each.author, each.terms.purpose, _day(each.terms.until), each.fingerprint] for each in found]
    say_table(["name", "submitted by", "purpose", "until", "fingerprint"], rows)


@app.command()
def show(
    plan: Which, member: As = "", key: Key = None, where: SpaceName = space.LOCAL, json: Json = False
) -> None:
    """Say what a plan reads, does, and reveals to whom; computed here from a text of that fingerprint."""
    used = space.find(where)
    _, signer = _signer(used, member, key)
    fingerprint = approvals.fingerprint_of(used, plan, [signer])
    if json:
        found = approvals.state(used, fingerprint, signer)
        say_json(
            {
                "fingerprint": fingerprint,
                "tables": found.facts.tables,
                "openings": found.facts.openings,
                "submitted": [_submitted(each) for each in found.submitted],
                "missing": found.missing(),
            }
        )
    else:
        say(plans.in_words(used, fingerprint, signer))


def approve(
    plan: Which,
    member: As = "",
    key: Key = None,
    runs: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="At most so many.  [default: as proposed]")
    ] = None,
    valid: Annotated[str | None, typer.Option(metavar="90d", help="From now.  [default: as proposed]")] = None,
    requesters: Annotated[
        list[str] | None, typer.Option("--for", metavar="ORG", help="Who may ask; repeat it.  [default: as proposed]")
    ] = None,
    where: SpaceName = space.LOCAL,
    json: Json = False,
) -> None:
    """Sign that a plan may read an owner's tables and open what `polder analysis show` says, on these terms."""
    used = space.find(where)
    owner, signer = _signer(used, member, key)
    fingerprint = approvals.fingerprint_of(used, plan, [signer])
    state = approvals.state(used, fingerprint, signer)
    terms = plans.proposed(state, valid=valid, max_runs=runs, requesters=requesters or ())
    told = approvals.approve(used, fingerprint, owner, signer, terms)
    missing = approvals.state(used, fingerprint, signer).missing()
    if json:
        say_json({"approval": told["id"], "plan": fingerprint, "terms": terms.value(), "missing": missing, **told})
        return
    say(f"'{owner}' approved plan {fingerprint}.")
    say(f"Until {_day(terms.until)}, {terms.max_runs} runs, asked for by {', '.join(terms.requesters)}.")
    say(f"Missing approvals: {', '.join(missing) or 'none'}.")
    _say_away(told)


def revoke(plan: Which, member: As = "", key: Key = None, where: SpaceName = space.LOCAL, json: Json = False) -> None:
    """Take back, for good, what an owner approved of a plan; what runs with it is stopped."""
    used = space.find(where)
    owner, signer = _signer(used, member, key)
    fingerprint = approvals.fingerprint_of(used, plan, [signer])
    ended = approvals.revoke(used, fingerprint, owner, signer)
    if json:
        say_json({"plan": fingerprint, "revoked": ended})
    else:
        say(f"'{owner}' had {len(ended)} approval{'s' * (len(ended) != 1)} of plan {fingerprint}; none holds now.")


def run(
    plan: Which,
    member: As,
    params: Annotated[
        list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="A parameter's value; repeat it.")
    ] = None,
    where: SpaceName = space.LOCAL,
    json: Json = False,
) -> None:
    """Have the nodes run a plan that was submitted, and show what those learned whose keys are here."""
    values = dict(_pair(each) for each in params or [])
    with progress(quiet=json) as shown:
        done = plans.run_at(space.find(where), plan, member, values, shown)
    if json:
        learned = {name: learned.value() for name, learned in done.learned.items()}
        say_json({"session": done.session, "seconds": done.seconds, "rounds": done.rounds, "learned": learned})
        return
    say(f"Session {done.session}: done in {done.seconds:.2f} s, {done.rounds} rounds.")
    for learned in done.learned.values():
        say(learned.text())
    say("Recipients elsewhere open theirs: polder result SESSION --as NAME")


@log.command()
def verify(member: As = "", key: Key = None, where: SpaceName = space.LOCAL, json: Json = False) -> None:
    """Check the logs of the three nodes: whole, as they were before, signed, and of one mind on every run."""
    used = space.find(where)
    _, signer = _signer(used, member, key)
    report = audits.verify(used, signer)
    if json:
        say_json(report)
    for role, node in enumerate(report["nodes"]):
        if not json:
            state = node["away"] or f"{node['size']} entries, {len(node['entries'])} of them to be read here"
            say(f"Node {role}: {state}.")
    if report["problems"]:
        raise Forbidden("the logs are not in order: " + "; ".join(report["problems"]))
    if not json:
        say(f"All is well: {report['runs']} runs ended well, alike in all logs that could be read.")


def _signer(used: space.Space, member: str, key: Path | None) -> tuple[str, Path]:
    """The organisation and its key file."""
    if bool(member) == (key is not None):
        raise BadInput("say whose key signs: --as NAME, or --key FILE")
    return (member, used.key(member)) if key is None else (key.stem, key)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise BadInput(f"--param {text}: write NAME=VALUE")
    return name, value


def _submitted(each: approvals.Submitted) -> dict[str, Any]:
    return {"fingerprint": each.fingerprint, "name": each.name, "by": each.author, "terms": each.terms.value()}


def _say_away(told: dict[str, Any]) -> None:
    for why in told["away"]:
        say(f"Not yet there: {why}. It hears of it when the plan is next looked at or run.")


def _day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000).strftime("%Y-%m-%d %H:%M")
