"""How good the score is, measured on applications it was not made from: repeated 10-fold cross-validation.

Everything that looks at the outcome (binning, merging, regression) is made anew inside each fold.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from credit_data import is_number
from scorecard import bad_probability, fit, scores

SEED = 20261126
FOLDS = 10
REPEATS = 10


@dataclass(frozen=True)
class Spread:
    """A mean over the folds and the standard deviation between them."""

    mean: float
    deviation: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} ± {self.deviation:.3f}"


@dataclass(frozen=True)
class CrossValidation:
    """AUC and KS by fold, pooled over the folds of a repeat, and the score each application had where it was held out,
    one column a repeat."""

    auc: Spread
    ks: Spread
    pooled_auc: Spread
    pooled_ks: Spread
    held_out: np.ndarray


def spread(values: list[float]) -> Spread:
    return Spread(float(np.mean(values)), float(np.std(values, ddof=1)))


def folds(good: np.ndarray):
    splitter = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=SEED)
    return splitter.split(np.zeros(len(good)), good)


def rows_of(attributes: dict[str, np.ndarray], rows: np.ndarray) -> dict[str, np.ndarray]:
    return {name: values[rows] for name, values in attributes.items()}


def kolmogorov_smirnov(good: np.ndarray, score: np.ndarray) -> float:
    """The largest distance between the distributions of the score among good and bad."""
    false_positive, true_positive, _ = roc_curve(good, score, drop_intermediate=False)
    return float(np.max(true_positive - false_positive))


def cross_validate(attributes: dict[str, np.ndarray], good: np.ndarray) -> CrossValidation:
    """Makes the scorecard in each fold from the other nine, and scores the one that was held out."""
    aucs, kss = [], []
    held_out = np.zeros((len(good), REPEATS))
    for number, (train, test) in enumerate(folds(good)):
        card = fit(rows_of(attributes, train), good[train])
        score = scores(card, rows_of(attributes, test))
        aucs.append(roc_auc_score(good[test], score))
        kss.append(kolmogorov_smirnov(good[test], score))
        held_out[test, number // FOLDS] = score
    pooled_aucs = [roc_auc_score(good, column) for column in held_out.T]
    pooled_kss = [kolmogorov_smirnov(good, column) for column in held_out.T]
    return CrossValidation(spread(aucs), spread(kss), spread(pooled_aucs), spread(pooled_kss), held_out)


def one_hot_auc(columns: dict[str, np.ndarray], good: np.ndarray) -> Spread:
    """The AUC of a plain logistic regression on the columns as they are, over the same folds: the reference."""
    names = list(columns)
    table = np.column_stack([columns[name].astype(object) for name in names])
    numbers = [i for i, name in enumerate(names) if is_number(columns[name])]
    labels = [i for i in range(len(names)) if i not in numbers]
    aucs = []
    for train, test in folds(good):
        encoder = ColumnTransformer(
            [("labels", OneHotEncoder(handle_unknown="ignore"), labels), ("numbers", StandardScaler(), numbers)]
        )
        model = make_pipeline(encoder, LogisticRegression(max_iter=2000)).fit(table[train], good[train])
        aucs.append(roc_auc_score(good[test], model.predict_proba(table[test])[:, 1]))
    return spread(aucs)


@dataclass(frozen=True)
class Group:
    """What the score does to a group of applications, by the scores they had when they were held out."""

    name: str
    count: int
    bad_rate: float
    expected_bad_rate: float
    approval_rate: float
    auc: float


def group_result(name: str, rows: np.ndarray, good: np.ndarray, held_out: np.ndarray, cut_off: int) -> Group:
    """Means over the repeats, each with every application of the group once."""
    chosen, outcome = held_out[rows], good[rows]
    aucs = [roc_auc_score(outcome, chosen[:, repeat]) for repeat in range(chosen.shape[1])]
    return Group(
        name=name,
        count=int(rows.sum()),
        bad_rate=float(1 - outcome.mean()),
        expected_bad_rate=float(bad_probability(chosen).mean()),
        approval_rate=float((chosen >= cut_off).mean()),
        auc=float(np.mean(aucs)),
    )


def association(left: np.ndarray, right: np.ndarray) -> float:
    """Cramér's V of two columns of labels: 0 where they tell nothing of each other, 1 where one tells the other."""
    rows, columns = sorted(set(left)), sorted(set(right))
    seen = np.array([[((left == a) & (right == b)).sum() for b in columns] for a in rows], dtype=float)
    expected = seen.sum(axis=1, keepdims=True) * seen.sum(axis=0, keepdims=True) / seen.sum()
    chi = ((seen - expected) ** 2 / expected).sum()
    return float(np.sqrt(chi / seen.sum() / max(1, min(seen.shape) - 1)))
