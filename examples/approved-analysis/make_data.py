"""Writes the made-up data of this example: 120 people of a town, their visits to a hospital, their insurances.

    python make_data.py
"""

import csv
import random
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
DISTRICTS = ("centre", "harbour", "north")


def main() -> None:
    draw = random.Random(20)
    people = [f"P{number:03}" for number in range(120)]
    write("town.csv", ["person", "district"], [[person, draw.choice(DISTRICTS)] for person in people])
    insured = draw.sample(people, 90)
    write("insurer.csv", ["person", "excess"], [[person, draw.choice([385, 485, 885])] for person in insured])
    visits = [
        [draw.choice(people), draw.randint(0, 12), f"{draw.randint(80, 900)}.{draw.randint(0, 99):02}"]
        for _ in range(300)
    ]
    write("hospital.csv", ["person", "days", "cost"], visits)


def write(name: str, header: list[str], rows: list[list[object]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main()
