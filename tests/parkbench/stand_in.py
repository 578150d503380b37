"""A binary of Google Benchmark's made of Python, as far as its command line goes, and documents of its form."""

import json
import sys

from support import TemporaryFolderTest

# A binary of Google Benchmark's, as far as its command line goes: `times` are ns by benchmark, or what it does instead.
GOOGLE = """#!{python} -S
import json, os, re, signal, sys, time, random
times = json.loads({times!r})
options = dict(word.lstrip("-").partition("=")[::2] for word in sys.argv[1:])
chosen = [name for name in times if re.search(options["benchmark_filter"], name)]
if "benchmark_list_tests" in options: print("\\n".join(chosen)); sys.exit()
entries = []
for name in chosen:
    does = times[name]
    if does == "crash": os.kill(os.getpid(), signal.SIGSEGV)
    if does == "hang": time.sleep(1000)
    if does == "garbage": open(options["benchmark_out"], "w").write("{{"); sys.exit()
    if does == "silence": sys.exit()
    if does == "fill": open(options["benchmark_out"] + ".filler", "wb", buffering=0).write(bytes(1 << 16)); does = 10
    entry = dict(name=name, run_name=name, run_type="iteration", iterations=100, time_unit="ns")
    entry.update(real_time=1.0, cpu_time=1.0)
    if does == "error": entry.update(error_occurred=True, error_message="out of paper")
    elif does == "nothing": entry.update(iterations=0, real_time=0.0)
    else: entry["real_time"] = does * random.uniform(0.995, 1.005)
    entries.append(entry)
json.dump(dict(context=dict(library_version="v1.9.1"), benchmarks=entries), open(options["benchmark_out"], "w"))
"""
QUICK = ("--seconds", "0.001", "--timeout", "20", "--seed", "1")


def entries(name, *times, **more):
    return [
        dict(name=name, run_name=name, run_type="iteration", iterations=9, real_time=time, time_unit="us", **more)
        for time in times
    ]


NEAR = (1.0, 1.01, 0.99, 1.005, 0.995, 1.002)


class GateTest(TemporaryFolderTest):
    def google(self, name, **times):
        path = self.folder / name
        path.write_text(GOOGLE.format(python=sys.executable, times=json.dumps(times)))
        path.chmod(0o755)
        return path

    def compare(self, base, head, *more):
        return self.parkbench(
            "compare", "--base", self.google("base", **base), "--head", self.google("head", **head), *QUICK, *more
        )

    def run_file(self, name, benchmarks, version="v1.9.1"):
        path = self.folder / name
        path.write_text(
            json.dumps({"context": {"library_version": version} if version else {}, "benchmarks": benchmarks})
        )
        return path
