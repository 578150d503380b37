"""The gate: whether a change made a benchmark slower, by interleaved pairs of processes or by two finished runs.

Arrows run downward only: compare -> verdicts -> rule; compare -> pairs -> process, samples; outputs -> verdicts.
"""
