"""Speed, memory and start of the engine, in a process of its own. Texts: the project's own phenomena."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.measure.figures import Line

_ROOT = Path(__file__).resolve().parents[2]
_RUNS = 3
_MIB = 1 << 20

_START = """
import time
begun = time.process_time()
from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped
Engine(shipped())
print(time.process_time() - begun)
"""

_WORK = """
import json, time
import psutil
from console.netiquette.engine import Engine
from console.netiquette.policy_loader import shipped
engine = Engine(shipped())
from tests.phenomena.reading import phenomena
cases = [(case.text, case.context) for each in phenomena() for case in each.cases]
own = psutil.Process()
for text, context in cases[::10]:
    engine.judge(text, context)
spent = []
for text, context in cases:
    begun = time.process_time_ns()
    engine.judge(text, context)
    spent.append(time.process_time_ns() - begun)
spent.sort()
print(json.dumps({
    "each": sum(spent) / len(spent) / 1e9,
    "slow": spent[int(len(spent) * 0.99)] / 1e9,
    "memory": own.memory_info().rss,
}))
"""


def cost() -> list[Line]:
    """Messages a second on one core, the slowest hundredth, resident memory, start; best of three, in
    processor time: other programs of the machine do not count."""
    ready = min(float(_run(_START)) for _ in range(_RUNS))
    work = [json.loads(_run(_WORK)) for _ in range(_RUNS)]
    best = min(work, key=lambda each: float(each["each"]))
    return [
        Line("messages a second on one core", 1 / best["each"], 5000),
        Line("slowest 1 % of messages", best["slow"] * 1e3, 2.0, most=True, unit="ms"),
        Line("memory", best["memory"] / _MIB, 180, most=True, unit="MiB"),
        Line("ready", ready, 0.8, most=True, unit="s"),
    ]


def _run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=_ROOT, check=True, capture_output=True, text=True
    ).stdout
