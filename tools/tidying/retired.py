"""Retired words: what the field has a word for is called by it (docs/glossary.md)."""

import re
from collections.abc import Callable, Iterator

from .names import words
from .source import CODE, File, Problem, Tree

# Words inside identifiers.
WORDS = {
    "asker": "requester",
    "askers": "requesters",
    "desk": "service",
    "guest": "connection",
    "patience": "cancellation",
    "speaker": "reporter",
    "summand": "additive share",
    "summands": "additive shares",
    "world": "scenario",
    "worlds": "scenarios",
}

# Whole identifiers, as regular expressions.
IDENTIFIERS = {
    "KeyValueStore|key_value_store": "okvs",
    "any_in_group": "segmented_or",
    "any_so_far": "segmented_prefix_or",
    "base_transfers?|BaseTransfers?": "base_ots",
    "copy_first": "segmented_broadcast",
    r"fewest_\w+|least_\w+": "min_ and what it bounds",
    "group_starts": "segment_starts",
    "idle_lines|on_lines": "connections",
    "leading_bit": "find_first_one",
    "lend": "send_borrowed",
    r"most_(?!filtered)\w+": "max_ and what it bounds",
    "mul_near": "mul_truncate_probabilistic",
    "Note|NoteKind|NoteReader|send_note": "HandshakeMessage, HandshakeKind, …",
    "nth": "order_statistic",
    r"(\w+_)?(rows|bytes|bins|ns|rounds|lanes|comparisons)_a_\w+": "_per_ in place of _a_",
    "set_from": "suffix_or",
    "spread_groups": "segmented_aggregates",
    "truncate_near": "truncate_probabilistic",
    "Wake|wake_descriptor": "EventFd, event_descriptor",
}

# In comments and documents.
PHRASES = {
    "askers?": "requester",
    "base transfers?": "base OT",
    "correlated transfers?": "correlated OT",
    r"(near|far) nodes": "nodes in a LAN, in a WAN",
    r"(?<!oblivious )key-value stores?": "OKVS",
    r"near truncations?": "probabilistic truncation",
    r"oblivious functions?": "OPRF",
    "put together what they see": "collude",
    "summands?": "additive share",
}

EXEMPT = ("tools/tidying/", "tests/tidy_test.py", "tests/corpus/", "docs/glossary.md")
_identifiers = [(re.compile(old), new) for old, new in IDENTIFIERS.items()]
_phrases = [(re.compile(rf"\b{old}\b", re.IGNORECASE), new) for old, new in PHRASES.items()]
_identifier = re.compile(r"(?<![\w\"'])[A-Za-z_]\w*")
_text = re.compile(r'R"(\w*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"')
_comment = re.compile(r"//.*|#.*")


def check(tree: Tree) -> Iterator[Problem]:
    for file in tree.files:
        if str(file.path).startswith(EXEMPT):
            continue
        if file.is_cpp:
            yield from check_identifiers(file, file.code, retired)
            yield from check_phrases(file, comments(file))
        elif file.path.suffix in CODE:
            yield from check_identifiers(file, _text.sub(blank, file.text).splitlines(), retired_word)
        elif file.path.suffix == ".md":
            yield from check_phrases(file, file.lines)


def blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found.group())


def comments(file: File) -> list[str]:
    lines = _text.sub(blank, file.text).splitlines()
    return [found.group() if (found := _comment.search(line)) else "" for line in lines]


def check_identifiers(
    file: File, lines: list[str], new_of: Callable[[str], str | None]
) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("#include"):
            continue
        for identifier in _identifier.findall(line):
            new = new_of(identifier.strip("_"))
            if new and not file.excused(number):
                yield file.problem(number, f"'{identifier}': the field says {new}")


def retired_word(identifier: str) -> str | None:
    return next((WORDS[word] for word in words(identifier) if word in WORDS), None)


def retired(identifier: str) -> str | None:
    word = retired_word(identifier)
    return word or next((new for old, new in _identifiers if old.fullmatch(identifier)), None)


def check_phrases(file: File, lines: list[str]) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        for phrase, new in _phrases:
            found = phrase.search(line)
            if found and not file.excused(number):
                yield file.problem(number, f"'{found.group()}': the field says {new}")
