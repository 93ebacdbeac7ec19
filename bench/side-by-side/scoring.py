"""One scorer for every tool: names, and strings in quotation marks with who said them.

It follows `crates/stemma-eval/src/entities.rs` and `attributions.rs`, whose definitions hold. Offsets are code points, end
exclusive. A tool's answer to one document is `Answer`; a tool that raised an error has `failed`, and its gold counts as missed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Span = tuple[int, int]
Name = tuple[int, int, str]

# Kinds of name that are compared, by each gold or tool's own word for them.
KINDS = {
    "Person": "person", "Organization": "organization", "Location": "place", "Facility": "place",
    "PERSON": "person", "ORG": "organization", "GPE": "place", "LOC": "place", "FAC": "place",
    "person": "person", "organization": "organization", "place": "place", "facility": "place",
}
# Share of characters that two strings must have in common to count as one.
SAME_STRING = 0.8
# Double quotation marks: the mark, whether it opens, whether it closes.
MARKS = (("“", True, False), ("”", False, True), ('"', True, True), ("''", True, True), ("``", True, False))


@dataclass
class Attribution:
    """Who said what. `strings` are the stretches of `content` in quotation marks, without the marks."""

    source: list[Span]
    content: list[Span]
    strings: list[Span]


@dataclass
class Answer:
    """What one tool found in one document."""

    names: list[Name] = field(default_factory=list)
    attributions: list[Attribution] = field(default_factory=list)
    failed: bool = False


@dataclass
class Tally:
    """Counts behind precision and recall."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, right: int, predicted: int, gold: int) -> None:
        self.right += right
        self.predicted += predicted
        self.gold += gold

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class NameScores:
    """Names with the exact edges, and with "the" before and a possessive after left aside."""

    exact: Tally = field(default_factory=Tally)
    forgiving: Tally = field(default_factory=Tally)


@dataclass
class QuoteScores:
    """Quoted strings; the same where the source must be right too; of the matched ones, how many sources are right."""

    strings: Tally = field(default_factory=Tally)
    sourced: Tally = field(default_factory=Tally)
    sources_right: int = 0
    sources_judged: int = 0
    failed: int = 0

    @property
    def source_share(self) -> float:
        return self.sources_right / self.sources_judged if self.sources_judged else 0.0


def score_names(records: list[dict], answers: dict[str, Answer]) -> NameScores:
    """Compares persons, organizations and places with the gold's `entities`."""
    scores = NameScores()
    for record in records:
        text = record["text"]
        gold = {(e["start"], e["end"], KINDS[e["label"]]) for e in record["entities"] if e["label"] in KINDS}
        found = set(answers[record["id"]].names)
        scores.exact.add(len(gold & found), len(found), len(gold))
        loose_gold, loose_found = ({forgive(text, name) for name in names} for names in (gold, found))
        scores.forgiving.add(len(loose_gold & loose_found), len(loose_found), len(loose_gold))
    return scores


def forgive(text: str, name: Name) -> Name:
    """The name without "the" before it and a possessive after it.

    >>> forgive("The Hague's mayor", (0, 11, "place"))
    (4, 9, 'place')
    """
    start, end, kind = name
    lower = text[start:end].lower()
    if lower.endswith(("'s", "’s")):
        end -= 2
    if lower.startswith("the "):
        start += 4
    return (start, max(start, end), kind)


def score_quotes(records: list[dict], answers: dict[str, Answer]) -> QuoteScores:
    """Compares attributed strings in quotation marks with the gold's `attributions`."""
    scores = QuoteScores()
    for record in records:
        answer = answers[record["id"]]
        scores.failed += answer.failed
        text = record["text"]
        gold = strings_of([gold_attribution(text, a) for a in record["attributions"]], text)
        found = strings_of(answer.attributions, text)
        pairs = best_pairs(gold, found, byte_offsets(text))
        misplaced = 0
        for wanted, given in pairs:
            if wanted.source:
                touches = any(a[0] < b[1] and b[0] < a[1] for a in wanted.source for b in given.source)
                scores.sources_judged += 1
                scores.sources_right += touches
                misplaced += not touches
        scores.strings.add(len(pairs), len(found), len(gold))
        scores.sourced.add(len(pairs) - misplaced, len(found), len(gold))
    return scores


def gold_attribution(text: str, record: dict) -> Attribution:
    content = [tuple(piece) for piece in record["content"]]
    strings = [string for piece in content for string in quoted_strings(text, piece)]
    return Attribution([tuple(piece) for piece in record["source"]], content, strings)


def quoted_strings(text: str, piece: Span) -> list[Span]:
    """Strings in quotation marks inside `piece`, line by line. A mark without a partner reaches to the edge of its line.

    >>> text = "he was “glad,” and \\"open\\nso ''there''"
    >>> [text[start:end] for start, end in quoted_strings(text, (0, len(text)))]
    ['glad,', 'open\\n', 'there']
    """
    found = []
    start = piece[0]
    for line in split_lines(text[piece[0] : piece[1]]):
        end = start + len(line)
        at, opened = start, None
        while at < end:
            mark = next((mark for mark in MARKS if text.startswith(mark[0], at, end)), None)
            if mark is None:
                at += 1
                continue
            length, opens, closes = len(mark[0]), mark[1], mark[2]
            if opened is not None and closes:
                found.append((opened, at))
                opened = None
            elif opened is None and opens:
                opened = at + length
            elif opened is None:
                found.append((start, at))
            at += length
        if opened is not None:
            found.append((opened, end))
        start = end
    return [(start, end) for start, end in found if text[start:end].strip()]


def split_lines(text: str) -> list[str]:
    """Lines with their `\\n`, and no other line end."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]


@dataclass
class QuotedString:
    """One quoted string with the source of the innermost attribution that holds it."""

    span: Span
    source: list[Span]


def strings_of(attributions: list[Attribution], text: str) -> list[QuotedString]:
    """Each quoted string once, with the attribution of the shortest content that holds it."""
    rows = []
    for attribution in attributions:
        length = sum(end - start for start, end in attribution.content)
        rows += [(bare(text, string), length, attribution.source) for string in attribution.strings]
    rows.sort(key=lambda row: row[:2])
    first: dict[Span, list[Span]] = {}
    for span, _, source in rows:
        first.setdefault(span, source)
    return [QuotedString(span, source) for span, source in first.items()]


def bare(text: str, span: Span) -> Span:
    """`span` without marks and blanks at its edges.

    >>> bare("‘We will,’ ", (0, 11))
    (1, 8)
    """
    kept = [at for at in range(*span) if text[at].isalnum()]
    return (kept[0], kept[-1] + 1) if kept else span


def byte_offsets(text: str) -> list[int]:
    """Byte offset of every code point, and of the end: `stemma eval` counts shares in bytes."""
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + len(character.encode("utf-8", "surrogatepass")))
    return offsets


def best_pairs(
    gold: list[QuotedString], found: list[QuotedString], offsets: list[int]
) -> list[tuple[QuotedString, QuotedString]]:
    """Pairs that share enough, one to one, the best first."""
    candidates = []
    for g, left in enumerate(gold):
        for f, right in enumerate(found):
            share = intersection_over_union(left.span, right.span, offsets)
            if share >= SAME_STRING:
                candidates.append((-share, g, f))
    used_gold, used_found, pairs = set(), set(), []
    for _, g, f in sorted(candidates):
        if g not in used_gold and f not in used_found:
            used_gold.add(g)
            used_found.add(f)
            pairs.append((gold[g], found[f]))
    return pairs


def intersection_over_union(a: Span, b: Span, offsets: list[int]) -> float:
    start, end = max(a[0], b[0]), min(a[1], b[1])
    if start >= end:
        return 0.0
    shared = offsets[end] - offsets[start]
    return shared / (offsets[a[1]] - offsets[a[0]] + offsets[b[1]] - offsets[b[0]] - shared)
