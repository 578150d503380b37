"""parkbench: run park_bench, keep its measurements as one JSON document, and draw the machine's scaling report.

    PYTHONPATH=scripts python3 -m parkbench bench --binary build/release/bench/park_bench
"""
