"""The nodes' logs, checked against each other and against what was seen of them before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from polder import folders, home, statements
from polder.space import Space


def verify(used: Space, key: Path) -> dict[str, Any]:
    """Reads the three logs as the organisation of a key file sees them.

    Their heads are kept, so that a later check finds a changed past.

    `problems` in words (none: all is well), `runs` that ended well at all three with equal terms, and `nodes`.
    """
    folder = folders.made((used.network.parent if used.embedded else home.home()) / "audit")
    kept = folder / f"{used.client().network}.json"
    with folders.locked(folder):
        before = json.loads(kept.read_text()) if kept.exists() else {}
        report = statements.audit(used.network, key, before)
        if not report["problems"]:
            heads = {
                str(role): {"size": node["size"], "link": node["link"]}
                for role, node in enumerate(report["nodes"])
                if not node["away"]
            }
            fresh = kept.with_suffix(".new")
            fresh.write_text(json.dumps({**before, **heads}))
            fresh.replace(kept)
    return report
