"""A match from Python: `polder match` and the examples are thin over this."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from polder import native, space


def match(
    inputs: Sequence[str | Path],
    options: native.MatchOptions | None = None,
    *,
    out: Path | str = "matches",
    force: bool = False,
    where: str | space.Space = space.LOCAL,
    progress: native.Progress | None = None,
) -> dict[str, Any]:
    """Find which clients several parties have and some have flagged.

    Parameters
    ----------
    inputs : files, called like their party, or uploaded tables "NAME@OWNER"
    options : columns, threshold, recipients and what is shown
    out : the folder for one CSV file a recipient, and summary.json
    force : results of an earlier run there are replaced; an input never is
    where : a space, or how one is named on the command line
    progress : called with what is being done and how far it is

    Returns
    -------
    dict
        What `polder match --json` prints, and under "files" what was read of each file.

    Examples
    --------
    >>> outcome = match(["amstel.csv", "dommel.csv", "eem.csv"], MatchOptions(threshold=2))
    >>> outcome["recipients"]["eem"]["matches"]
    17
    """
    start = time.monotonic()
    options = options or native.MatchOptions()
    given = [str(each) for each in inputs]
    report = progress or (lambda stage, done: None)
    with space.for_inputs(where, given) as used:
        job = native.Match(used.network, given, options)
        if options.show == "rows":
            native.check_results(Path(out), options.to or job.parties(), given, replace=force)
        files = job.read(report)
        if used.temporary:
            space.wait_ready(used)
        keys = used.keys_of([*job.parties(), *options.to])
        outcome = job.run(keys, used.tables, Path(out), report, replace=force, keep_uploads=used.temporary)
    outcome["seconds"]["total"] = round(time.monotonic() - start, 3)
    return {**outcome, "files": files}
