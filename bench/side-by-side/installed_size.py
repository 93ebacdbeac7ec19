"""Bytes of a model, and of packages with all that they need.

Usage: installed_size.py MODEL PACKAGE; prints [model, all] as JSON.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, distribution


def closure(names: list[str]) -> set[str]:
    """These packages and what they need here, extras not counted."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:  # not for this system
            continue
        found.add(name)
        waiting += [re.match(r"[\w.-]+", need)[0] for need in needs if "extra ==" not in need]
    return found


def size(name: str) -> int:
    files = distribution(name).files or []
    return sum(file.locate().stat().st_size for file in files if file.locate().is_file() and file.suffix != ".pyc")


model, *packages = sys.argv[1:]
print(json.dumps([size(model), sum(map(size, closure([model, *packages])))]))
