#!/usr/bin/env python3
"""Stemma's stream of stories beside TF-IDF with scikit-learn's clustering, on the same made-up reports. See README.md.

Prints one Markdown table. Needs Python 3.11 or newer, cargo, and PyPI on the first run.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / "target" / "side-by-side-grouping"
# So many reports a day: then some thousand reports span days, as a desk's feeds do.
PER_DAY = 1000
STEMMA_LINE = re.compile(r"in ([\d.]+) s.*?(\d+) MB at most; B³ P ([\d.]+) R ([\d.]+) F1 ([\d.]+), ARI (-?[\d.]+)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, nargs="*", default=[2000, 5000, 10000], help="how many reports")
    parser.add_argument("--stream", type=Path, help="the built example `stream`; without it, it is built with cargo")
    parser.add_argument("--python", type=Path, help="a Python with scikit-learn; without it, one is set up from PyPI")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    stream = options.stream or build()
    python = options.python or prepare()
    print("| reports | tool | seconds | ratio | peak memory, MB | B³ P | B³ R | B³ | ARI |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for n_reports in options.reports:
        arguments = [stream, "--reports", str(n_reports), "--per-day", str(PER_DAY), "--window", "3650"]
        texts = WORK / "reports.jsonl"
        texts.write_bytes(subprocess.run([*arguments, "--write"], check=True, capture_output=True).stdout)
        rows = [stemma("Stemma, annotating and grouping, as a stream", [*arguments, "--text"])]
        rows.append(stemma("Stemma, grouping alone", arguments))
        for method in ("average linkage", "DBSCAN"):
            command = [python, HERE / "grouping_tools.py", texts, method]
            rows.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
        for row in rows:
            ratio = row["seconds"] / rows[1]["seconds"]
            scores = " | ".join(f"{row[key]:.3f}" for key in ("precision", "recall", "f1", "ari"))
            print(f"| {n_reports} | {row['tool']} | {row['seconds']:.2f} | {ratio:.1f} | {row['megabytes']:.0f} | {scores} |", flush=True)


def build() -> Path:
    command = ["cargo", "build", "--release", "-p", "stemma-eval", "--example", "stream"]
    subprocess.run(command, cwd=ROOT, check=True)
    target = ROOT / os.environ.get("CARGO_TARGET_DIR", "target")
    return target / "release" / "examples" / "stream"


def prepare() -> Path:
    folder = WORK / "environment"
    python = folder / "bin" / "python"
    # Written last: an environment that was left half made, or was made for other requirements, is made anew.
    done = folder / "installed.txt"
    requirements = HERE / "grouping_requirements.txt"
    if not (done.is_file() and done.read_bytes() == requirements.read_bytes()):
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
        done.write_bytes(requirements.read_bytes())
    return python


def stemma(tool: str, command: list) -> dict:
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = STEMMA_LINE.search(out.strip().split("\n")[-1])
    if not found:
        sys.exit(f"not understood: {out}")
    seconds, megabytes, precision, recall, f1, ari = map(float, found.groups())
    return dict(tool=tool, seconds=seconds, megabytes=megabytes, precision=precision, recall=recall, f1=f1, ari=ari)


if __name__ == "__main__":
    main()
