"""A scorecard: binned characteristics, a logistic regression on their WoE, and whole points."""

import math
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression

from binning import Bin, label_bins, number_bins, weight_of_evidence
from credit_data import is_number

# 600 points stand for 16 good to 1 bad, and 50 more double that.
BASE_SCORE = 600
BASE_ODDS = 16
POINTS_TO_DOUBLE_ODDS = 50
POINTS_PER_LOG_ODDS = POINTS_TO_DOUBLE_ODDS / math.log(2)
# Weak: the WoE is already drawn to the average, and ten coefficients on 1,000 rows need little more.
INVERSE_REGULARISATION = 10.0


@dataclass(frozen=True)
class Characteristic:
    """An attribute with its bins, the WoE and the points of each, and the coefficient of the regression."""

    attribute: str
    bins: list[Bin]
    woe: list[float]
    coefficient: float
    points: list[int]


@dataclass(frozen=True)
class Scorecard:
    """score = base_points + the points of one bin of each characteristic; an unknown value has 0, the average."""

    intercept: float
    base_points: int
    characteristics: list[Characteristic]


def fit(attributes: dict[str, np.ndarray], good: np.ndarray) -> Scorecard:
    """Bins, weighs and scales, from these applications alone."""
    good_all, bad_all = int(good.sum()), int(len(good) - good.sum())
    binned = {name: bins_of(values, good) for name, values in attributes.items()}
    woe = {name: [weight_of_evidence(b, good_all, bad_all) for b in bins] for name, bins in binned.items()}
    inputs = np.column_stack(
        [np.array([*woe[name], 0.0])[places(binned[name], values)] for name, values in attributes.items()]
    )
    regression = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=1000, tol=1e-8).fit(inputs, good)
    intercept = float(regression.intercept_[0])
    characteristics = [
        Characteristic(name, binned[name], woe[name], float(weight), [points_of(weight * w) for w in woe[name]])
        for name, weight in zip(attributes, regression.coef_[0], strict=True)
    ]
    base_points = round(BASE_SCORE + POINTS_PER_LOG_ODDS * (intercept - math.log(BASE_ODDS)))
    return Scorecard(intercept, base_points, characteristics)


def points_of(log_odds: float) -> int:
    return round(POINTS_PER_LOG_ODDS * float(log_odds))


def bins_of(values: np.ndarray, good: np.ndarray) -> list[Bin]:
    return number_bins(values, good) if is_number(values) else label_bins(values, good)


def places(bins: list[Bin], values: np.ndarray) -> np.ndarray:
    """The bin of each value by its place; one past the last where no bin has it."""
    if is_number(values):
        return np.searchsorted([b.up_to for b in bins if b.up_to is not None], values, side="left")
    place = {label: i for i, b in enumerate(bins) for label in b.values}
    return np.array([place.get(str(value), len(bins)) for value in values])


def scores(card: Scorecard, attributes: dict[str, np.ndarray]) -> np.ndarray:
    """The score of each application, in whole points."""
    count = len(next(iter(attributes.values())))
    total = np.full(count, card.base_points)
    for one in card.characteristics:
        total += np.array([*one.points, 0])[places(one.bins, attributes[one.attribute])]
    return total


def bad_probability(score: np.ndarray) -> np.ndarray:
    """What the scale says: the probability that an application of this score goes bad."""
    odds = BASE_ODDS * 2.0 ** ((score - BASE_SCORE) / POINTS_TO_DOUBLE_ODDS)
    return 1 / (1 + odds)
