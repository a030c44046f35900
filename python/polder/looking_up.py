"""Look-ups from Python: whether a register knows some identifiers, without telling its owner which."""

import time
from collections.abc import Sequence
from typing import Any

from polder import native, space
from polder.errors import BadInput
from polder.local_banks import Peers

REQUESTER = "requester"
"""Who asks in an embedded space, unless said otherwise."""


def lookup(
    identifiers: Sequence[str],
    register: str,
    *,
    report: str = "",
    key: Sequence[str] = (),
    requester: str = "",
    strict: bool = False,
    kind: str = "text",
    keep_placeholders: bool = False,
    delimiter: str = "",
    header_row: int = 0,
    text: bytes = b"",
    where: str | space.Space = space.LOCAL,
    progress: native.Progress | None = None,
    asker: str = "",  # tidy: the old name of requester, for one release
) -> dict[str, Any]:
    """Ask, at the three nodes, whether a register holds some identifiers.

    Parameters
    ----------
    identifiers : as people write them; of a key of several columns the cells with commas between
    register : an uploaded table "NAME@OWNER", or a file, which is uploaded for this look-up
    report : the column of the register to be given where an identifier is found, if its owner approved that
    key : the key columns of a file, COLUMN or COLUMN:KIND; of an uploaded table the order in which you write them
    kind : of key columns of a file that do not say their own
    keep_placeholders : words for "no value" are identifiers
    delimiter, header_row : of a file, as for a match
    text : what the identifiers are read from if none are given: a line each, or a table that has the key's columns
    requester : the organisation that asks; if not given, the only one whose key is here
    asker : the old name of requester, for one release (tidy: the old name)
    where : a space, or how one is named on the command line

    Returns
    -------
    dict
        What `polder lookup --json` prints.

    Examples
    --------
    >>> lookup(["NL91ABNA0417164300"], "incidents@register", report="reason")["replies"]
    [{'identifier': 'NL91ABNA0417164300', 'found': True, 'report': 'mule account, 2026-03'}]
    """
    start = time.monotonic()
    shown = progress or (lambda stage, done: None)
    with space.for_inputs(where, [register]) as used:
        who = requester or asker or _only_requester(used)  # tidy: the old name
        columns = native.Columns(key, "", "", strict, report, kind, keep_placeholders, delimiter, header_row)
        job = native.Lookup(used.network, identifiers, register, columns, who, text)
        file = job.read(shown)
        if used.temporary:
            space.wait_ready(used)
        keys = used.keys_of([who, job.owner] if file else [who])
        outcome = job.run(keys, shown, keep_uploads=used.temporary)
    outcome["seconds"]["total"] = round(time.monotonic() - start, 3)
    return {"register": register, **outcome, "files": [file] if file else []}


def lookup_at_bank(
    identifiers: Sequence[str],
    bank: str,
    *,
    peers: Peers,
    key: Sequence[str] = (),
    keep_placeholders: bool = False,
    fingerprint: str = "",
    text: bytes = b"",
) -> dict[str, Any]:
    """Ask another bank, without a third party, whether its register holds some identifiers.

    Parameters
    ----------
    identifiers : as people write them; of a key of several columns the cells with commas between
    bank : whose register; it answers with `polder peer join --register FILE.csv`
    peers : the network file, and this bank's folder, where lists of registers are kept
    key : the register's key columns in the order in which you write them; if not given, in its own
    keep_placeholders : words for "no value" are identifiers
    text : what the identifiers are read from if none are given
    fingerprint : what the register's list must have, as its bank shows it; if not given, any is good

    Returns
    -------
    dict
        What `polder lookup --peers … --json` prints.

    Examples
    --------
    >>> peers = Peers.of(Path("bank/network.toml"), None)
    >>> lookup_at_bank(["NL91ABNA0417164300"], "dommel", peers=peers)["replies"]
    [{'identifier': 'NL91ABNA0417164300', 'found': True, 'report': 'mule account, 2026-03'}]
    """
    outcome = native.bank_lookup(
        peers.network,
        peers.folder,
        identifiers,
        bank,
        key=key,
        keep_placeholders=keep_placeholders,
        fingerprint=fingerprint,
        text=text,
    )
    return {"register": bank, **outcome}


def _only_requester(used: space.Space) -> str:
    if used.embedded:
        return REQUESTER
    names = sorted(file.stem for file in used.keys.glob("*.key"))
    if len(names) == 1:
        return names[0]
    here = f"there are the keys of {', '.join(names)}" if names else "there is no key; make one with polder key new"
    raise BadInput(f"who asks? {here}; say --as NAME")
