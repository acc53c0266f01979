"""Bins of one characteristic and their weight of evidence.

WoE of a bin = ln(share of all good in it / share of all bad in it), each count raised by a pseudo-count, so that a small
bin cannot claim more than it knows. Above 0 the bin is better than the average application, at 0 it is the average.
"""

from dataclasses import dataclass, replace

import numpy as np

SHARE_MIN = 0.05
BINS_MAX = 6
FINE_BINS = 20
# Neighbours whose difference is smaller than chance makes it (chi-square with one degree of freedom) become one bin.
CHI_SQUARE_MIN = 1.0
PSEUDO_COUNT = 5.0


@dataclass(frozen=True)
class Bin:
    """Applications with one of these values (labels), or with a number up to `up_to` and above the bin before."""

    good: int
    bad: int
    values: tuple[str, ...] = ()
    up_to: int | None = None

    @property
    def count(self) -> int:
        return self.good + self.bad

    def with_next(self, other: "Bin") -> "Bin":
        return replace(
            other, good=self.good + other.good, bad=self.bad + other.bad, values=(*self.values, *other.values)
        )


def weight_of_evidence(one: Bin, good_all: int, bad_all: int) -> float:
    """The WoE of a bin among so many good and bad applications."""
    base = good_all / (good_all + bad_all)
    good = (one.good + PSEUDO_COUNT * base) / good_all
    bad = (one.bad + PSEUDO_COUNT * (1 - base)) / bad_all
    return float(np.log(good / bad))


def information_value(bins: list[Bin]) -> float:
    """How well the bins tell good from bad: the sum of (share of good - share of bad) * WoE."""
    good_all, bad_all = sum(b.good for b in bins), sum(b.bad for b in bins)
    return float(
        sum((b.good / good_all - b.bad / bad_all) * weight_of_evidence(b, good_all, bad_all) for b in bins)
    )


def number_bins(values: np.ndarray, good: np.ndarray) -> list[Bin]:
    """Bins of a number: from twentieths, merged until each has its share and the risk goes one way."""
    edges = sorted({int(edge) for edge in np.quantile(values, np.linspace(0, 1, FINE_BINS + 1)[1:-1], method="lower")})
    bounds = [edge for edge in edges if edge < values.max()]
    place = np.searchsorted(bounds, values, side="left")
    bins = [
        Bin(int(good[place == i].sum()), int((1 - good[place == i]).sum()), (), up_to)
        for i, up_to in enumerate([*bounds, None])
    ]
    bins = merged_small(bins, len(values), ordered=True)
    while len(bins) > 2 and not is_monotone(bins):
        bins = merge_at(bins, most_alike(bins))
    return merged_alike(bins, ordered=True)


def label_bins(values: np.ndarray, good: np.ndarray) -> list[Bin]:
    """Bins of labels: those that are too rare go with the most similar, then those that chance cannot tell apart."""
    bins = [
        Bin(int(good[values == label].sum()), int((1 - good[values == label]).sum()), (str(label),))
        for label in sorted(set(values))
    ]
    return merged_alike(merged_small(bins, len(values), ordered=False), ordered=False)


def merged_small(bins: list[Bin], count: int, ordered: bool) -> list[Bin]:
    bins = bins if ordered else by_risk(bins)
    while len(bins) > 2:
        smallest = min(range(len(bins)), key=lambda i: bins[i].count)
        if bins[smallest].count >= SHARE_MIN * count:
            return bins
        neighbours = [i for i in (smallest - 1, smallest) if 0 <= i < len(bins) - 1]
        bins = merge_at(bins, min(neighbours, key=lambda i: abs(rate(bins[i]) - rate(bins[i + 1]))))
        bins = bins if ordered else by_risk(bins)
    return bins


def merged_alike(bins: list[Bin], ordered: bool) -> list[Bin]:
    bins = bins if ordered else by_risk(bins)
    while len(bins) > 2:
        at = most_alike(bins)
        if len(bins) <= BINS_MAX and chi_square(bins[at], bins[at + 1]) >= CHI_SQUARE_MIN:
            return bins
        bins = merge_at(bins, at)
    return bins


def by_risk(bins: list[Bin]) -> list[Bin]:
    return sorted(bins, key=lambda b: (rate(b), b.values))


def merge_at(bins: list[Bin], at: int) -> list[Bin]:
    return [*bins[:at], bins[at].with_next(bins[at + 1]), *bins[at + 2 :]]


def most_alike(bins: list[Bin]) -> int:
    return min(range(len(bins) - 1), key=lambda i: chi_square(bins[i], bins[i + 1]))


def rate(one: Bin) -> float:
    """The share of good ones, drawn to one half where the bin is small."""
    return (one.good + 0.5) / (one.count + 1)


def is_monotone(bins: list[Bin]) -> bool:
    steps = np.diff([rate(b) for b in bins])
    return bool((steps >= 0).all() or (steps <= 0).all())


def chi_square(left: Bin, right: Bin) -> float:
    """How surely two bins differ (Pearson, one degree of freedom)."""
    seen = np.array([[left.good, left.bad], [right.good, right.bad]], dtype=float)
    expected = seen.sum(axis=1, keepdims=True) * seen.sum(axis=0, keepdims=True) / seen.sum()
    return float((((seen - expected) ** 2) / np.maximum(expected, 1e-9)).sum())
