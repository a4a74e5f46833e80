"""Run the command as a person would."""

import subprocess
import sys


def riskmap(*words, **options):
    command = [sys.executable, "-m", "riskmap", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, **options)
