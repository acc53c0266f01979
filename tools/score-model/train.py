"""Makes the score model m1 from data/german-credit.csv: the scorecard, the stored scores and the model card.

    python3 tools/score-model/train.py           writes the three files
    python3 tools/score-model/train.py --check   makes them anew and says which one differs; exit code 1 where one does
"""

import csv
import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np

from credit_data import ATTRIBUTES_FILE, DATA_FILE, ROOT, Applications, read_applications
from evaluation import FOLDS, REPEATS, SEED, CrossValidation, cross_validate
from model_card import model_card
from scorecard import BASE_ODDS, BASE_SCORE, POINTS_TO_DOUBLE_ODDS, Characteristic, Scorecard, fit, scores

VERSION = "m1"
# The form of the file; a program that knows another one must refuse it.
FORMAT = 1
# Fewer known attributes than this, and nothing is scored: the average would be made up.
KNOWN_MIN = 5
MODEL_FILE = f"topologies/credit/scorecard-{VERSION}.json"
SCORES_FILE = f"tools/score-model/scores-{VERSION}.csv"
CARD_FILE = f"docs/model-card-{VERSION}.md"

# What a refusal calls the characteristic (topologies/credit/reasons.ts).
REASONS = {
    "checkingAccount": "SCORE_CHECKING_ACCOUNT",
    "creditHistory": "SCORE_CREDIT_RECORD",
    "durationMonths": "SCORE_CREDIT_DURATION",
    "creditAmount": "SCORE_CREDIT_AMOUNT",
    "purpose": "SCORE_CREDIT_PURPOSE",
    "savings": "SCORE_SAVINGS",
    "otherDebtors": "SCORE_NO_GUARANTOR",
    "otherInstalments": "SCORE_OTHER_INSTALMENTS",
}


def sha256(*paths: str) -> str:
    """The SHA-256 of files, one after the other."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update((ROOT / path).read_bytes())
    return whole.hexdigest()


def script_files() -> list[str]:
    """What the result depends on besides the data: every script, the pinned packages, the table of attributes."""
    folder = ROOT / "tools/score-model"
    scripts = sorted(f"tools/score-model/{path.name}" for path in folder.glob("*.py"))
    return [*scripts, "tools/score-model/requirements.txt", ATTRIBUTES_FILE]


def require_sound(card: Scorecard) -> None:
    """A coefficient below 0 would give points against the evidence; a score outside 0..1000 has no band."""
    against = [one.attribute for one in card.characteristics if one.coefficient <= 0]
    if against:
        raise ValueError(f"These characteristics turned their sign, leave them out or bin them coarser: {against}")
    lowest = card.base_points + sum(min(one.points) for one in card.characteristics)
    highest = card.base_points + sum(max(one.points) for one in card.characteristics)
    if lowest < 0 or highest > 1000:
        raise ValueError(f"The scores go from {lowest} to {highest}; they must stay within 0 and 1000")


def characteristic_json(one: Characteristic, count: int) -> dict:
    def bin_json(place: int) -> dict:
        b = one.bins[place]
        what = {"values": list(b.values)} if b.values else {"upTo": b.up_to}
        figures = {"share": round(b.count / count, 4), "badRate": round(b.bad / b.count, 4)}
        return {**what, "points": one.points[place], "woe": round(one.woe[place], 6), **figures}

    bins = [bin_json(place) for place in range(len(one.bins))]
    head = {"attribute": one.attribute, "reason": REASONS[one.attribute], "coefficient": round(one.coefficient, 6)}
    return {**head, "bins": bins}


def model_json(card: Scorecard, data: Applications, result: CrossValidation) -> str:
    model = {
        "format": FORMAT,
        "version": VERSION,
        "scale": {"score": BASE_SCORE, "odds": BASE_ODDS, "pointsToDoubleOdds": POINTS_TO_DOUBLE_ODDS},
        "intercept": round(card.intercept, 6),
        "basePoints": card.base_points,
        "knownMin": KNOWN_MIN,
        "trainedOn": {
            "data": DATA_FILE,
            "dataSha256": sha256(DATA_FILE),
            "rows": data.count,
            "script": script_files(),
            "scriptSha256": sha256(*script_files()),
        },
        "crossValidation": {
            "folds": FOLDS,
            "repeats": REPEATS,
            "seed": SEED,
            "auc": round(result.auc.mean, 4),
            "aucDeviation": round(result.auc.deviation, 4),
            "ks": round(result.ks.mean, 4),
            "ksDeviation": round(result.ks.deviation, 4),
        },
        "characteristics": [characteristic_json(one, data.count) for one in card.characteristics],
    }
    return json.dumps(model, indent=2) + "\n"


def scores_csv(score: np.ndarray) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["model", "row", "score"])
    writer.writerows((VERSION, row + 1, int(value)) for row, value in enumerate(score))
    return text.getvalue()


def main(arguments: list[str]) -> int:
    data = read_applications()
    card = fit(data.attributes, data.good)
    require_sound(card)
    result = cross_validate(data.attributes, data.good)
    print(f"AUC {result.auc}, KS {result.ks} by cross-validation")
    files = {
        MODEL_FILE: model_json(card, data, result),
        SCORES_FILE: scores_csv(scores(card, data.attributes)),
        CARD_FILE: model_card(VERSION, data, card, result),
    }
    if arguments == ["--check"]:
        differing = [path for path, text in files.items() if (ROOT / path).read_text(encoding="utf-8") != text]
        for path in differing:
            print(f"{path} is not what this script makes")
        return 1 if differing else 0
    for path, text in files.items():
        Path(ROOT / path).write_text(text, encoding="utf-8")
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
