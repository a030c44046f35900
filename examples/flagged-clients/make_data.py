"""Writes the five client files of this example, the same bytes on every run. All is invented.

Five banks share some clients. Each bank spells identifiers its own way, has some clients twice,
and has flagged a few.
"""

import csv
import datetime
import random
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

SEED = 20240607
PEOPLE = 10_000

FIRST = (
    "Aart Bea Cor Dina Evert Femke Gijs Hanna Ivo Jantine Koen Lotte Mees Noor Otto Petra Quint "
    "Roos Sjoerd Tess Ümit Vera Wim Xandra Yara Zoë"
).split()
LAST = (
    "Akkerman/Bakker/van den Berg/Çelik/Dijkstra/van Eck/Fokkema/de Groot/Haanstra/IJsbrand/"
    "Jansen/Kuipers/van der Linden/Müller/Noordhof/Oomen/Postma/Quist/de Ruiter/Sørensen/Tuinman/"
    "Uittenbogaard/Visser/Weststrate/Ypma/Zandstra"
).split("/")
CITIES = (
    "Amersfoort Breda Coevorden Delfzijl Eindhoven Franeker Gouda 's-Hertogenbosch IJsselstein "
    "Joure Kampen Leiden Maassluis Nijmegen Oss Purmerend Roermond Sneek Tiel Utrecht Veere "
    "Woerden Zwolle"
).split()
BANK_CODES = ["AMSX", "DOMX", "EEMX", "MAAX", "VECX"]  # no such banks
REGISTERS = ["KÖLN", "GROß-ENS", "ÅRE", "MÁLAGA", "LIÈGE"]  # of an invented company register


@dataclass(frozen=True)
class Client:
    identifier: str
    name: str
    city: str
    born: str


@dataclass(frozen=True)
class Bank:
    name: str
    size: int  # share of the clients that it draws
    flag_words: tuple[str, str]  # not flagged, flagged
    spelling: str
    line_end: str = "\n"
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Row:
    client: Client
    flagged: bool
    spelling: str


BANKS = [
    Bank("amstel", 50, ("0", "1"), "compact"),
    Bank("dommel", 36, ("false", "true"), "groups of four", "\r\n", "utf-8-sig"),
    Bank("eem", 22, ("No", "Yes"), "lower case"),
    Bank("maas", 42, ("FALSE", "TRUE"), "stray spaces"),
    Bank("vecht", 26, ("no", "YES"), "full width"),
]
SPELLINGS = [bank.spelling for bank in BANKS]


def iban(country: str, account: str) -> str:
    """The account number with the two check digits that make it 1 modulo 97."""
    digits = "".join(str(int(sign, 36)) for sign in account + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{account}"


def new_identifier(draw: random.Random) -> str:
    kind = draw.random()
    if kind < 0.70:
        return iban("NL", f"{draw.choice(BANK_CODES)}{draw.randrange(10**10):010d}")
    if kind < 0.90:  # a person's number in an invented national register
        return f"REG {draw.randrange(10**4):04d} {draw.randrange(10**5):05d}"
    return f"{draw.choice(REGISTERS)} {draw.randrange(10**3):03d}.{draw.randrange(10**3):03d}"


def new_client(identifier: str, draw: random.Random) -> Client:
    born = datetime.date(1935, 1, 1) + datetime.timedelta(days=draw.randrange(26_000))
    name = f"{draw.choice(LAST)}, {draw.choice(FIRST)}"
    return Client(identifier, name, draw.choice(CITIES), born.isoformat())


def population(draw: random.Random) -> list[Client]:
    identifiers: dict[str, None] = {}
    while len(identifiers) < PEOPLE:
        identifiers[new_identifier(draw)] = None
    return [new_client(identifier, draw) for identifier in identifiers]


def in_groups(identifier: str) -> str:
    return " ".join(identifier[i : i + 4] for i in range(0, len(identifier), 4))


def full_width(identifier: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in identifier)


def spell(identifier: str, spelling: str, draw: random.Random) -> str:
    """One of the ways to write the identifier; all of them compare equal."""
    is_iban = " " not in identifier
    if spelling == "compact":  # the sign of the unit, which NFKC makes the letter
        return identifier.replace("Å", "\N{ANGSTROM SIGN}")
    if spelling == "groups of four":
        return in_groups(identifier) if is_iban else identifier
    if spelling == "lower case":  # letters and accents apart
        return unicodedata.normalize("NFD", identifier.lower())
    if spelling == "stray spaces":
        text = in_groups(identifier) if is_iban and draw.random() < 0.5 else identifier.upper()
        space = draw.choice([" ", "  ", "\N{NO-BREAK SPACE}", "\N{EM SPACE}"])
        return draw.choice(["", " "]) + text.replace(" ", space) + draw.choice(["", "", "  "])
    return full_width(identifier) if draw.random() < 0.25 else identifier


def holders(draw: random.Random) -> list[Bank]:
    """Who has a client: mostly one bank, sometimes all five; big banks more often."""
    count = draw.choices([1, 2, 3, 4, 5], weights=[62, 24, 9, 3, 2])[0]
    return sorted(BANKS, key=lambda bank: -(draw.random() ** (1 / bank.size)))[:count]


def file_of(bank: Bank, clients: list[tuple[Client, bool]], draw: random.Random) -> list[Row]:
    """A row for each client, and a second one, in some other spelling, for one client in fifty.

    One in ten of those is flagged in one of its rows only.
    """
    rows = [Row(client, flagged, bank.spelling) for client, flagged in clients]
    for row in [row for row in rows if draw.random() < 0.02]:
        spelling = draw.choice([other for other in SPELLINGS if other != bank.spelling])
        rows.append(Row(row.client, row.flagged != (draw.random() < 0.1), spelling))
    draw.shuffle(rows)
    return rows


def write(folder: Path, bank: Bank, rows: list[Row], draw: random.Random) -> None:
    with (folder / f"{bank.name}.csv").open("w", encoding=bank.encoding, newline="") as file:
        writer = csv.writer(file, lineterminator=bank.line_end)
        writer.writerow(["client_id", "name", "city", "born", "flagged"])
        for row in rows:
            identifier = spell(row.client.identifier, row.spelling, draw)
            flag = bank.flag_words[row.flagged]
            writer.writerow([identifier, row.client.name, row.client.city, row.client.born, flag])


def main(folder: Path) -> None:
    draw = random.Random(SEED)
    clients: dict[Bank, list[tuple[Client, bool]]] = {bank: [] for bank in BANKS}
    for client in population(draw):
        risky = draw.random() < 0.03
        for bank in holders(draw):
            clients[bank].append((client, draw.random() < (0.6 if risky else 0.004)))
    for bank in BANKS:
        write(folder, bank, file_of(bank, clients[bank], draw), draw)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
