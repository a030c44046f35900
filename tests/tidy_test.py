"""tools/tidy on small trees: each breaks one rule, and the check must say where and what to do."""

import subprocess
from pathlib import Path

import pytest

TIDY = Path(__file__).parent.parent / "tools" / "tidy"
HEADER = "// What it is.\n#pragma once\n"
README = "What it is.\nMay use nothing.\nRead {} first.\n"


def tidy(root: Path, files: dict[str, str], *paths: str) -> list[str]:
    """What the check says of a tree of these files, its last line left out."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if name.startswith("engine/") and path.suffix in (".h", ".cc"):
            (path.parent / "README.md").write_text(README.format(path.name))
    run = subprocess.run([TIDY, "--root", root, *paths], capture_output=True, text=True)
    *problems, _ = run.stdout.splitlines()
    assert run.stderr == ""
    assert run.returncode == (1 if problems else 0)
    return problems


def includes(*targets: str) -> str:
    return HEADER + "".join(f'#include "{target}"\n' for target in targets)


GOOD = {
    "engine/base/error.h": HEADER,
    "engine/net/channel.h": includes("base/error.h"),
    "engine/protocol/protocol.h": includes("net/channel.h"),
    "engine/protocol/registry.h": includes("protocol/protocol.h"),
    "engine/protocol/registry.cc": includes("protocol/rep3/rep3.h", "protocol/registry.h"),
    "engine/protocol/rep3/rep3.h": includes("protocol/protocol.h"),
    "engine/protocol/rep3/gates.cc": includes("protocol/rep3/rep3.h"),
    "engine/ops/equal.h": includes("protocol/protocol.h")
    + "/// x == y.  Reveals nothing.\nBits equal(Protocol& mpc, const Bits& x, const Bits& y);\n",
    "engine/ops/equal_test.cc": includes("protocol/rep3/rep3.h", "protocol/registry.h"),
    "engine/match/match.cc": includes("ops/equal.h")
    + "// The last step: one bit a row, to its owner.\nauto bits = mpc.open(hit, to);\n",
    "engine/node/session.cc": includes("protocol/registry.h", "match/match.h"),
    "engine/match/match.h": HEADER,
    "engine/client/testing/nodes.h": includes("node/server.h"),
    "engine/node/server.h": HEADER,
}


def test_good_tree_passes(tmp_path):
    assert tidy(tmp_path, GOOD) == []


def test_two_types_of_one_name(tmp_path):
    node = HEADER + "namespace polder {\nclass Node {\n};\n}\n"
    elsewhere = node.replace("polder", "polder::net")
    files = {"engine/base/node.h": node, "engine/net/node.h": node, "engine/net/other.h": elsewhere}
    [problem] = tidy(tmp_path, files)
    assert problem.startswith("engine/net/node.h:4: engine/base/node.h has a type Node, too")
    assert tidy(tmp_path, {"engine/net/node.h": node.replace("class Node {\n};", "class Node;")}) == []


@pytest.mark.parametrize(
    "name, text, advice",
    [
        ("engine/base/error.cc", includes("net/channel.h"), "base/ stands below or beside net/"),
        ("engine/match/x.cc", includes("node/session.h"), "stands below or beside node/"),
        ("engine/match/x.cc", includes("graph/walk.h"), "stands below or beside graph/"),
        ("engine/match/x_test.cc", includes("node/session.h"), "stands below or beside node/"),
        ("engine/client/x.cc", includes("node/session.h"), "stands below or beside node/"),
        ("engine/node/x_test.cc", includes("client/upload.h"), "stands below or beside client/"),
        ("engine/ops/x.cc", includes("protocol/registry.h"), "only share.h and protocol.h"),
        ("engine/ops/x.cc", includes("protocol/rep3/rep3.h"), "only share.h and protocol.h"),
        ("engine/node/x.cc", includes("protocol/rep3/rep3.h"), "instead of naming rep3/"),
        ("engine/protocol/x.cc", includes("protocol/rep3/rep3.h"), "instead of naming rep3/"),
        ("engine/ops/x.cc", includes("ops/gone.h"), "there is no engine/ops/gone.h"),
        ("engine/ops/x.cc", includes("equal.h"), 'write the path of "equal.h" from engine/'),
        ("engine/odd/x.cc", includes("base/error.h"), "give odd/ a layer"),
    ],
)
def test_arrows(tmp_path, name, text, advice):
    others = {
        "engine/node/session.h": HEADER,
        "engine/graph/walk.h": HEADER,
        "engine/client/upload.h": HEADER,
    }
    problems = tidy(tmp_path, GOOD | others | {name: text})
    assert len(problems) == 1
    assert problems[0].startswith(f"{name}:3: ") and advice in problems[0]


@pytest.mark.parametrize(
    "folder, text, advice",
    [
        ("match", "polder_module(match USES ops client LINKS x)", "match may not use client"),
        ("match", "polder_module(match USES ops\n  graph)", "match may not use graph"),
        ("match", "polder_module(match USES ops LINKS client TESTS_USE client)", None),
        ("protocol/rep3", "polder_module(rep3 USES protocol)", None),
        ("protocol/rep3", "polder_module(rep3 USES ops)", "rep3 may not use ops"),
        ("protocol/testing", "polder_module(testing USES cleartext)", None),
        ("node", "polder_module(node USES cleartext)", "cleartext is for tests"),
    ],
)
def test_arrows_of_cmake(tmp_path, folder, text, advice):
    cleartext = {"engine/protocol/cleartext/CMakeLists.txt": "polder_module(cleartext USES protocol)"}
    name = f"engine/{folder}/CMakeLists.txt"
    problems = tidy(tmp_path, cleartext | {name: f"# The module.\n{text}\n"})
    assert len(problems) == (1 if advice else 0)
    assert not advice or problems[0].startswith(f"{name}:2: {advice}")


# A file, its text, the line that must be named and a part of the advice.
ONE_RULE = [
    ("engine/base/someThing.cc", "int x;\n", 1, "snake_case"),
    ("engine/base/string_utils.cc", "int x;\n", 1, "'utils' says nothing"),
    ("python/polder/helpers.py", "x = 1\n", 1, "'helpers' says nothing"),
    ("engine/base/long.cc", "int x;\n" * 501, 501, "split it"),
    ("engine/base/a.cc", "int row_idx = 0;\n", 1, "'row_idx': write the index of what"),
    ("engine/base/a.cc", "void put(Buffer& outBuf);\n", 1, "'outBuf': write buffer"),
    ("python/polder/a.py", "def f(msg):\n    return msg\n", 1, "'msg': write message"),
    ("python/polder/a.py", "x = 1\ntmp = 2\n", 2, "'tmp': write what it holds"),
    ("python/polder/a.py", "x = '" + "a" * 120 + "'\n", 1, "break the line"),
    ("engine/base/a.h", "#pragma once\n", 1, "begin with a comment"),
    ("engine/base/a.h", "// What it is.\n", 1, "#pragma once"),
    ("engine/base/a.h", HEADER + "using namespace std;\n", 3, "no 'using namespace'"),
    ("engine/base/a.cc", "int x = rand();\n", 1, "crypto/stream.h"),
    ("engine/base/a.cc", "std::mt19937_64 numbers;\n", 1, "crypto/stream.h"),
    ("engine/base/a.cc", "std::random_device device;\n", 1, "crypto/stream.h"),
    ("engine/net/a.cc", 'auto x = std::getenv("X");\n', 1, "take it as an option"),
    ("python/polder/a.py", "import random\n", 1, "use `secrets`"),
    ("engine/ops/a.cc", "auto x = mpc.open(y, 1);\n", 1, "why this may be opened"),
    ("engine/ops/a.cc", "auto x = many->open_order(y);\n", 1, "why this may be opened"),
    ("engine/node/a.cc", "auto x = protocol->open(y, 1);\n", 1, "why this may be opened"),
    ("engine/ops/a.h", HEADER + "/// x + y.\nBits add(Protocol& mpc);\n", 4, "what it reveals"),
    ("engine/base/a.cc", "int asker_count = 0;\n", 1, "'asker_count': the field says requester"),
    ("engine/base/a.cc", "class AskerPair;\n", 1, "the field says requester"),
    ("engine/base/a.cc", "auto x = mpc.truncate_near(y, 3);\n", 1, "the field says truncate_probabilistic"),
    ("engine/base/a.cc", "int most_rows = 1;\n", 1, "max_ and what it bounds"),
    ("engine/base/a.cc", "int x;  // what near nodes do\n", 1, "'near nodes': the field says nodes in a LAN"),
    ("python/polder/a.py", "summand = 1\n", 1, "the field says additive share"),
    ("docs/a.md", "The asker learns it.\n", 1, "'asker': the field says requester"),
    ("engine/base/a.cc", "int x;  // TODO: more\n", 1, "finish it"),
    ("examples/x/demo.py", "# FIXME\n", 1, "finish it"),
    ("tools/x.sh", "cat /home/anna/file\n", 1, "no path of one machine"),
    ("engine/base/a.cc", "#include <zebra/zebra.h>\n", 1, "names `zebra/`"),
    ("engine/base/a.cc", "#include <zebra.h>\n", 1, "names `zebra.h`"),
    ("tools/packages.txt", "b\n", 1, "one Debian package name"),
    ("tools/packages.txt", "libzebra\n", 1, "names `libzebra`"),
    ("python/requirements.txt", "zebra==1.0\n", 1, "names `zebra`"),
    ("python/requirements.txt", "known>=1.0\n", 1, "pin it"),
    ("python/requirements.txt", "known==1.0\nanother==1.0\n", 2, "sorted"),
]


@pytest.mark.parametrize("name, text, line, advice", ONE_RULE)
def test_one_rule_broken(tmp_path, name, text, line, advice):
    document = {"docs/dependencies.md": "`known` and `another`\n"}
    problems = tidy(tmp_path, document | {name: text})
    assert len(problems) == 1
    assert problems[0].startswith(f"{name}:{line}: ") and advice in problems[0]


@pytest.mark.parametrize(
    "name, text",
    [
        ("engine/base/a_test.cc", "std::mt19937_64 numbers;\n"),
        ("engine/base/a.cc", '// rand() is weak\nauto x = "getenv and rand() \\" tmp";\n'),
        ("engine/base/a.cc", "auto x = R\"(rand() // tmp)\" + 1'000'000; auto idle = y.res(ok);\n"),
        ("engine/base/a.cc", "SSL_CTX* x = SSL_CTX_new(y); ERR_err_get(); ::recv(std::ptrdiff_t{0});\n"),
        ("engine/base/a.cc", "int tmp = 0;  // tidy: the name that the standard gives\n"),
        ("engine/base/a.cc", 'auto x = fields.text("asker");  // as it stands in messages\n'),
        ("engine/base/a.cc", "int at_most = 0, tasker = 0;  // at most, almost\n"),
        ("engine/client/a.cc", 'auto home = std::getenv("POLDER_HOME");\n'),
        ("engine/store/a.cc", "int file = ::open(path, 0); stream.open(path);\n"),
        ("engine/ops/operator_fixture.h", HEADER + "std::mt19937_64 draw;\n"),
        ("engine/ops/a.h", HEADER + "/// x.  Reveals nothing.\nA f(Protocol& a);\nA g(Protocol& a);\n"),
        ("engine/ops/a.h", HEADER + "/// As f.\nA g(Protocol& mpc);\n"),
        ("python/native/a.cc", '#include "../native/a.cc"\nint x = PyErr_Occurred();\n'),
        ("engine/protocol/a.cc", "auto x = mpc.open(y, 1);\n"),
        ("engine/ops/a.cc", "auto x = mpc.open(y, 1);  // ranks of a shuffled column\n"),
        ("engine/base/a.cc", "#include <sys/socket.h>\n#include <unistd.h>\n#include <vector>\n"),
        ("build/a.cc", "int tmp = rand();  // TODO\n"),
    ],
)
def test_not_a_breach(tmp_path, name, text):
    assert tidy(tmp_path, {name: text}) == []


@pytest.mark.parametrize(
    "name, text, advice",
    [
        ("docs/a.md", "See [b](b.md).\n", "the link leads nowhere: b.md"),
        ("docs/a.md", "See `engine/base/gone.h`.\n", "there is no engine/base/gone.h"),
        ("docs/a.md", "[web](https://example.org), [here](#part), [a](a.md#part), `tools/`\n", None),
    ],
)
def test_documents_point_at_what_is_there(tmp_path, name, text, advice):
    problems = tidy(tmp_path, {"tools/x.txt": "", name: text})
    assert problems == ([f"{name}:1: {advice}"] if advice else [])


def test_readme_names_a_file(tmp_path):
    tidy(tmp_path, {"engine/base/a.h": HEADER})
    (tmp_path / "engine/base/README.md").write_text(README.format("b.h"))
    problems = tidy(tmp_path, {})
    assert len(problems) == 1 and "the file of this folder" in problems[0]


@pytest.mark.parametrize("text", ["One.\n", "One.\nTwo.\nThree.\nFour.\n"])
def test_readme_of_three_lines(tmp_path, text):
    tidy(tmp_path, {"engine/base/a.cc": "int x;\n"})
    (tmp_path / "engine/base/README.md").write_text(text)
    problems = tidy(tmp_path, {})
    assert len(problems) == 1 and "three lines" in problems[0]


def test_readme_is_there(tmp_path):
    tidy(tmp_path, {"engine/base/a.cc": "int x;\n"})
    (tmp_path / "engine/base/README.md").unlink()
    assert tidy(tmp_path, {}) == [
        "engine/base/README.md:1: write it: what it is; may use; read first"
    ]


def test_layout(tmp_path):
    style = {".clang-format": "BasedOnStyle: Google\n"}
    source = {"engine/base/a.cc": "int x;\nint   y;\nint   z;\n"}
    assert tidy(tmp_path, style | source) == ["engine/base/a.cc:2: run ./run format"]
    assert tidy(tmp_path, {"engine/base/a.cc": "int x;\n"}) == []


def test_only_the_paths_asked_for(tmp_path):
    files = {"engine/base/a.cc": "int tmp;\n", "engine/net/a.cc": "int tmp;\n"}
    assert len(tidy(tmp_path, files)) == 2
    assert tidy(tmp_path, {}, "engine/net") == [
        "engine/net/a.cc:1: 'tmp': write what it holds for tmp"
    ]
