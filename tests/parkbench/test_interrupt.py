"""Ctrl-C that comes while a process is being started, where Python drops it, ends the command at the next step."""

import subprocess
import sys
import unittest

from support import SCRIPTS

WHILE_A_PROCESS_STARTS = """
import os, signal
from parkbench import interrupt, progress
interrupt.listen()
hook = sys.unraisablehook
def told(what): print("dropped", what.exc_type.__name__); hook(what)
sys.unraisablehook = told
os.register_at_fork(after_in_parent=lambda: signal.raise_signal(signal.SIGINT))
steps = progress.Progress(2, 1.0)
if os.fork() == 0: os._exit(0)
try: steps.step("next"); print("lost")
except KeyboardInterrupt: print("kept")
"""


class InterruptTest(unittest.TestCase):
    def test_it_is_not_lost_and_leaves_no_traceback(self):
        command = [sys.executable, "-B", "-c", f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}){WHILE_A_PROCESS_STARTS}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
        self.assertEqual(("dropped KeyboardInterrupt\nkept\n", ""), (done.stdout, done.stderr))


if __name__ == "__main__":
    unittest.main()
