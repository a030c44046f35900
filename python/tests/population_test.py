"""20,000 clients of two banks, as real exports spell them: nobody matched who is not common, nobody missed without a
reason that was planted. The truth is the population's, not that of any normal form."""

import csv
import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

CLIENTS = 20_000
HELD_BY_BOTH, HELD_BY_ONE = 0.5, 0.25  # the rest is the other bank's
UNREADABLE = 6  # of the common clients: what no reader can put right

SYLLABLES = {
    "latin": "jan pe de smit vos öz şen çel ñu é ia ß ł ø an ter ber".split(),
    "turkish": "yıl maz ış ık kı lıç ipek de mir ay dın".split(),
    "greek": "πα που λος γε ωρ γι ος νι κη".split(),
    "cyrillic": "ива нов пет ров сид юк щен ко жи ль".split(),
    "arabic": "علي كمال محم ود يوس ف حسين كري م".split(),
    "vietnamese": "nguy ễn tr ần ph ạm h ồng th ị".split(),
    "kana": "ヤマ ダ サト ウ スズ キ ガク".split(),
}


@dataclass
class Population:
    """Who is who: a client's number, and how its identifier is written when nobody damages it."""

    draw: random.Random
    identifiers: list[str] = field(default_factory=list)

    def fill(self) -> None:
        makers = [self.iban, self.number, self.name, self.record]
        seen: set[str] = set()
        while len(self.identifiers) < CLIENTS:
            identifier = self.draw.choice(makers)()
            for one in [identifier, *self.neighbours(identifier)]:
                plain = unicodedata.normalize("NFKD", one).casefold()  # other clients, also to a careless eye
                if plain not in seen and len(self.identifiers) < CLIENTS:
                    seen.add(plain)
                    self.identifiers.append(one)

    def neighbours(self, identifier: str) -> list[str]:
        """Now and then other clients whose identifiers are close by: they must stay apart."""
        if self.draw.random() > 0.03:
            return []
        twins = [identifier.replace("a", "а"), identifier.replace("0", "O"), identifier + "1", "0" + identifier,
                 identifier.replace("-", "_"), identifier.replace(" ", "")]  # fmt: skip
        is_iban = identifier[:2].isupper() and len(identifier) == 18
        return [] if is_iban else [each for each in twins if each != identifier][:2]

    def iban(self) -> str:
        account = f"{self.draw.choice(['ABNA', 'INGB', 'RABO'])}{self.draw.randrange(10**10):010}"
        value = "".join(str(int(sign, 36)) for sign in account + "NL00")
        return f"NL{98 - int(value) % 97:02}{account}"

    def number(self) -> str:
        return f"{self.draw.randrange(1, 10**9):09}"

    def record(self) -> str:
        return f"K{self.draw.randrange(10**3):03}-{self.draw.randrange(10**6):06}"

    def name(self) -> str:
        parts = SYLLABLES[self.draw.choice(list(SYLLABLES))]
        words = ["".join(self.draw.choices(parts, k=self.draw.randint(2, 4))) for _ in range(self.draw.randint(2, 3))]
        if self.draw.random() < 0.2:
            words[-1] = "o'" + words[-1]
        if self.draw.random() < 0.2:
            words[-1] += "-" + self.draw.choice(parts) + self.draw.choice(parts)
        return " ".join(words)


ARABIC = str.maketrans("يك0123456789", "یک۰۱۲۳۴۵۶۷۸۹")
WIDE = {ord(" ") + n: 0xFEE0 + ord(" ") + n for n in range(1, 95)}


def capital(text: str) -> str:
    """As banks shout: i and ı are I, as they are where nobody set a language."""
    return text.upper()


def grouped(text: str, gap: str) -> str:
    return gap.join(text[at : at + 4] for at in range(0, len(text), 4))


def spellings(identifier: str, draw: random.Random) -> list[Callable[[str], str]]:
    """What exports do to this identifier without making another client of it."""
    unseen = draw.choice(["\u200b", "\ufeff", "\u2060", "\u00ad", "\u202a", "\u200f"])
    at = draw.randrange(len(identifier) + 1)
    ways: list[Callable[[str], str]] = [
        str.lower, capital, lambda text: unicodedata.normalize("NFD", text),
        lambda text: text[:at] + unseen + text[at:], lambda text: draw.choice([" ", "\u00a0", "\t"]) + text + "  ",
        lambda text: text.translate(WIDE), lambda text: f'="{text}"',
        lambda text: text.replace(" ", draw.choice(["  ", "\u00a0", "\u2003", " \u200b "])),
        lambda text: text.replace("'", draw.choice("’ʼ´`‘′")),
        lambda text: text.replace("-", draw.choice("‐‑–—−－")),
    ]  # fmt: skip
    if identifier.isdecimal():
        ways += [lambda text: "'" + text, lambda text: text + "\u200b", lambda text: "\x1f" + text]
    if "ك" in identifier or "ي" in identifier or identifier.isdecimal():
        ways += [lambda text: text.translate(ARABIC), lambda text: text.replace("م", "مـ")]
    if identifier.startswith("NL"):
        ways += [lambda text: grouped(text, " "), lambda text: grouped(text, "-"), lambda text: grouped(text, "."),
                 lambda text: "IBAN " + grouped(text, "\u00a0")]  # fmt: skip
    return ways


def damaged(identifier: str, draw: random.Random) -> str:
    for way in draw.sample(spellings(identifier, draw), draw.choice([0, 1, 1, 2])):
        identifier = way(identifier) if not identifier.startswith("=") else identifier
    return identifier


def made_unreadable(identifier: str) -> str:
    """A slip of the pen: the last sign is another one."""
    return identifier[:-1] + ("7" if identifier[-1] != "7" else "3")


NO_VALUE = ["NULL", "N/A", "n/a", "#N/A", "-", "--", "0", "000000000", "nan", "None", "unknown", "", "\u200b", "-0-"]


def write(path: Path, rows: list[str], draw: random.Random) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["client_id", "note"])
        writer.writerows([row, draw.choice(["", "x", "a, b"])] for row in rows)


def test_20000_clients_of_real_exports(local):
    draw = random.Random(20)
    population = Population(draw)
    population.fill()
    held = draw.choices(["both", "a", "b"], [HELD_BY_BOTH, HELD_BY_ONE, 1 - HELD_BY_BOTH - HELD_BY_ONE], k=CLIENTS)
    common = [client for client in range(CLIENTS) if held[client] == "both"]
    spelled = {
        bank: {client: damaged(population.identifiers[client], draw) for client in range(CLIENTS) if held[client] in of}
        for bank, of in (("a", ("a", "both")), ("b", ("b", "both")))
    }
    planted = set(draw.sample(common, UNREADABLE))
    for client in planted:
        spelled["b"][client] = made_unreadable(population.identifiers[client])

    files = []
    for bank, clients in spelled.items():
        rows = [*clients.values(), *draw.choices(NO_VALUE, k=400)]
        draw.shuffle(rows)
        files.append(local.folder / f"{bank}.csv")
        write(files[-1], rows, draw)
    ended = local("match", *files, "--no-flag", "--json", "--out", "out")
    assert ended.code == 0, ended.err

    for bank, clients in spelled.items():
        whose = {spelling.strip(): client for client, spelling in clients.items()}
        with (local.folder / "out" / f"{bank}.csv").open(encoding="utf-8-sig", newline="") as file:
            found = {whose[row["client_id"].strip()] for row in csv.DictReader(file)}
        assert found <= set(common), "a false match"
        missed = set(common) - found
        assert missed <= planted, [(population.identifiers[each], clients[each]) for each in missed - planted]
        assert len(found) >= 0.999 * len(common)
