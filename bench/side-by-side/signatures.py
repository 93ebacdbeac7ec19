#!/usr/bin/env python3
"""Stemma's sketches beside the MinHash signatures of rensa and datasketch, on the same made-up texts. See README.md.

Prints one Markdown table. Needs Python 3.11 or newer, cargo, and PyPI on the first run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WORK = ROOT / "target" / "side-by-side"
SEED, SHINGLE_LEN = 5, 5
# Words that texts are made of; the commonest stand as often as in a language (Zipf).
N_WORDS = 30_000
LETTERS = "etaoinshrdlucmfwypvbgk"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, help="write the table to this file too")
    parser.add_argument("--pairs", type=int, default=2000, help="pairs of texts (default: 2000)")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    texts = made_up(options.pairs)
    source = WORK / "signatures.txt"
    source.write_text("".join(" ".join(text) + "\n" for text in texts), encoding="utf-8")
    python, stemma = prepare_environment(), build_stemma()
    ours = answer([stemma], source)
    theirs = answer([python, HERE / "signature_tools.py"], source)
    page = table(texts, ours, theirs)
    print(page)
    if options.output:
        options.output.write_text(page + "\n", encoding="utf-8")


def made_up(n_pairs: int) -> list[list[str]]:
    """Pairs of texts of 150 to 750 words. The second has stretches of the first and others of its own, in all shares."""
    chance = random.Random(SEED)
    words = ["".join(chance.choices(LETTERS, k=2 + min(n.bit_length() // 2, 8))) for n in range(N_WORDS)]
    weights = [1 / (n + 3) for n in range(N_WORDS)]
    texts = []
    for _ in range(n_pairs):
        first = chance.choices(words, weights, k=chance.randint(150, 750))
        share = chance.random()
        second, at = [], 0
        while at < len(first):
            stretch = chance.randint(10, 60)
            kept = first[at : at + stretch]
            second += kept if chance.random() < share else chance.choices(words, weights, k=len(kept))
            at += stretch
        texts += [first, second]
    return texts


def build_stemma() -> Path:
    build = ["cargo", "build", "--release", "--locked", "--quiet", "-p", "stemma-group", "--example", "signatures"]
    subprocess.run(build, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / "examples" / "signatures"


def prepare_environment() -> Path:
    """Python of an environment with the packages of signatures_requirements.txt; made anew when that file changes."""
    environment = WORK / "signatures-environment"
    python = environment / "bin" / "python"
    stamp = environment / "requirements.sha256"
    requirements = HERE / "signatures_requirements.txt"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]
    subprocess.run([*install, "--requirement", requirements], check=True)
    stamp.write_text(wanted)
    return python


def answer(command: list, source: Path) -> dict:
    one_thread = {name: "1" for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    with source.open() as texts:
        done = subprocess.run(command, stdin=texts, stdout=subprocess.PIPE, env=os.environ | one_thread, check=True)
    return json.loads(done.stdout)


def resemblance(a: list[str], b: list[str]) -> float:
    x, y = ({tuple(text[n : n + SHINGLE_LEN]) for n in range(len(text) - SHINGLE_LEN + 1)} for text in (a, b))
    return len(x & y) / len(x | y)


def table(texts: list[list[str]], ours: dict, theirs: dict) -> str:
    truth = [resemblance(a, b) for a, b in zip(texts[::2], texts[1::2], strict=True)]

    def error(estimates: list[float]) -> str:
        errors = [estimate - true for estimate, true in zip(estimates, truth, strict=True)]
        return f"{(sum(e * e for e in errors) / len(errors)) ** 0.5:.4f} | {sum(errors) / len(errors):+.4f}"

    rensa = theirs["rensa RMinHash"]["rate"]
    lines = [
        "| | texts a second | × rensa | error | bias | bytes |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, key in (("Stemma, from the same shingles", "from_shingles"), ("Stemma, from the text", "from_text")):
        rate = ours[key]
        lines.append(f"| {name} | {rate:,.0f} | {rate / rensa:.2f} | {error(ours['estimates'])} | {ours['bytes']:.0f} |")
    sizes = {"rensa": 512, "datasketch": 1024}
    for name, found in theirs.items():
        rate, size = found["rate"], sizes[name.split(" ")[0]]
        lines.append(f"| {name} | {rate:,.0f} | {rate / rensa:.2f} | {error(found['estimates'])} | {size} |")
    mean = sum(map(len, texts)) / len(texts)
    about = (
        f"{len(texts)} texts, {mean:.0f} words on average, shingles of {SHINGLE_LEN} words, one thread, the best of ten rounds. "
        f"Error: root mean square over {len(truth)} pairs of every resemblance from 0 to 1."
    )
    return "\n".join(lines) + f"\n\n{about}"


if __name__ == "__main__":
    main()
