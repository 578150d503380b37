"""The Universal Scalability Law, fitted to throughput against threads (Gunther, "Guerrilla Capacity Planning", 2007):

    X(N) = gamma * N / (1 + alpha * (N - 1) + beta * N * (N - 1))

gamma is what one thread does alone, alpha the share of the work that threads wait for each other (contention), beta what each pair of them
costs (coherency). With beta above 0 there is a peak, at sqrt((1 - alpha) / beta) threads. The law speaks of threads that have a CPU each.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional, Sequence, Union

import numpy
from scipy import optimize, stats

FEWEST = 6  # thread counts: three parameters, and as many to see whether they fit
POOR = 0.15  # root mean square of the residuals, as a share of the throughput
CONFIDENCE = 0.95
FARTHEST = 10  # a peak at more than so many times the greatest thread count is none: nothing that was measured speaks of it


@dataclass(frozen=True)
class Parameter:
    """An estimate between the bounds of its confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Fit:
    """The three parameters, the residual as a share, and the greatest thread count that it rests on."""

    alpha: Parameter
    beta: Parameter
    gamma: Parameter
    residual: float
    most_threads: int

    @property
    def peak(self) -> Optional[float]:
        """The number of threads beyond which more of them do less; None where the law sees no such number."""
        ahead = max(0.0, 1 - self.alpha.value)
        if ahead >= self.beta.value * (FARTHEST * self.most_threads) ** 2:
            return None
        return max(1.0, math.sqrt(ahead / self.beta.value))

    def throughput(self, threads: float) -> float:
        return law(threads, self.alpha.value, self.beta.value, self.gamma.value)


def law(threads, alpha: float, beta: float, gamma: float):
    return gamma * threads / (1 + alpha * (threads - 1) + beta * threads * (threads - 1))


def fit(threads: Sequence[int], throughput: Sequence[float]) -> Union[Fit, str]:
    """The fit; or in words why there is none."""
    counts, measured = numpy.asarray(threads, dtype=float), numpy.asarray(throughput, dtype=float)
    if len(counts) < FEWEST:
        return f"{len(counts)} thread counts within the CPUs; {FEWEST} are needed"
    try:
        found, covariance = optimize.curve_fit(
            lambda n, *parameters: numpy.log(law(n, *parameters)),
            counts,
            numpy.log(measured),
            p0=(0.05, 0.001, measured[0] / counts[0]),
            bounds=([0, 0, 0], [numpy.inf, numpy.inf, numpy.inf]),
            x_scale=(0.1, 0.01, measured[0]),
            max_nfev=10_000,
        )
    except (RuntimeError, ValueError) as failure:
        return f"no fit: {failure}"
    residual = math.sqrt(float(numpy.mean((numpy.log(measured) - numpy.log(law(counts, *found))) ** 2)))
    if residual > POOR:
        return f"the law does not describe it: the points lie {100 * residual:.0f} % off"
    return Fit(*intervals(found, covariance, len(counts)), residual, int(counts.max()))


def intervals(found: numpy.ndarray, covariance: numpy.ndarray, count: int) -> list[Parameter]:
    """By the parameters' covariance and Student's t; no coefficient is below 0."""
    width = stats.t.ppf((1 + CONFIDENCE) / 2, max(1, count - len(found))) * numpy.sqrt(numpy.diag(covariance))
    return [
        Parameter(float(value), max(0.0, float(value - half)), float(value + half)) for value, half in zip(found, width)
    ]
