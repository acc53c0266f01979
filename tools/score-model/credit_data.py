"""Reads the applications, and says which of their columns a score may use."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DATA_FILE = "data/german-credit.csv"
ATTRIBUTES_FILE = "data/german-credit-attributes.json"

# Columns that a lender may not use: never a feature (sex and marital status, nationality, age).
FORBIDDEN = ("personal_status_and_sex", "foreign_worker", "age_in_years")

# Columns that say one of those by another word, whatever the figures say.
STAND_INS_BY_MEANING = {
    "number_of_people_being_liable_to_provide_maintenance_for": "dependants tell of marriage and children",
    "job": "one of its values is 'non-resident', which tells of nationality",
}

# Columns that may be used and are not, each with the reason.
UNEXPLAINABLE = {
    "property": "its corrected labels make people who own real estate the worst risks, which nobody could be told",
    "installment_rate_in_percentage_of_disposable_income": "its corrected labels make a low burden the worse risk, "
    "which nobody could be told",
}

# Columns whose information value stays below 0.02: they tell nothing that the score needs.
USELESS = {
    "number_of_existing_credits_at_this_bank": "information value 0.01",
    "telephone": "information value 0.01; it also goes with age",
}


@dataclass(frozen=True)
class Applications:
    """The rows: raw columns as text, attributes under the platform's names, and 1 for good, 0 for bad."""

    columns: dict[str, np.ndarray]
    attributes: dict[str, np.ndarray]
    column_of: dict[str, str]
    good: np.ndarray

    @property
    def count(self) -> int:
        return len(self.good)


def read_applications() -> Applications:
    """Reads and translates every row. Raises ValueError for a value that the table of attributes does not know."""
    with open(ROOT / DATA_FILE, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open(ROOT / ATTRIBUTES_FILE, encoding="utf-8") as file:
        table = json.load(file)
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    attributes = {name: translated(name, rule, columns) for name, rule in table["attributes"].items()}
    label = table["label"]
    known = {label["good"]: 1, label["bad"]: 0}
    good = np.array([known[value] for value in columns[label["column"]]])
    return Applications(columns, attributes, {n: r["column"] for n, r in table["attributes"].items()}, good)


def translated(name: str, rule: dict, columns: dict[str, np.ndarray]) -> np.ndarray:
    """One attribute of every row: whole numbers as they are, labels by the table."""
    raw = columns[rule["column"]]
    if "values" not in rule:
        return np.array([int(value) for value in raw])
    unknown = sorted(set(raw) - set(rule["values"]))
    if unknown:
        raise ValueError(f"{ATTRIBUTES_FILE} does not know these values of {name}: {unknown}")
    return np.array([rule["values"][value] for value in raw])


def is_number(values: np.ndarray) -> bool:
    """True of a column of whole numbers."""
    return bool(np.issubdtype(values.dtype, np.integer))


def as_column(raw: np.ndarray) -> np.ndarray:
    """A raw column as whole numbers where all of it are; else as text."""
    return raw.astype(int) if all(value.isdigit() for value in raw) else raw
