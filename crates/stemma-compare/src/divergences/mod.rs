//! Divergences: in which ways two aligned cells differ, each with the words that show it and the rule that found it.
//!
//! For every two reports of an alignment the cells that stand closest are laid side by side, and each detector is asked. A
//! detector sees two [`Side`]s and answers with [`Finding`]s. Precision goes first: a divergence that is not one costs a
//! reader more than one that is missed.

mod around;
mod baselines;
mod consequences;
mod dropped;
mod figures;
mod hedges;
mod lists;
mod names;
mod offsets;
mod periods;
mod places;
mod polarity;
mod quotations;
mod roles;
mod scopes;
mod sources;
mod strangers;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod times;
mod tolls;
mod updates;
mod voices;

use stemma_core::{
    Alignment, Cell, Divergence, DivergenceKind, Document, Figure, Mention, Quote, ReportIndex, Span, Story,
    TimeExpression,
};

use crate::alignment::Agreement;
use crate::diff::{DiffPiece, DiffText, word_diff};
use crate::entities::Cast;
use crate::judge::Judges;
use crate::terms::Texts;

pub(crate) use dropped::NAMES as DROPPED;
pub(crate) use names::skeleton;
pub(crate) use places::Surroundings;
pub(crate) use quotations::Translations;

/// What the detectors know of the story.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) cast: &'a Cast,
    pub(crate) texts: &'a Texts<'a>,
    pub(crate) translations: &'a Translations,
    pub(crate) surroundings: &'a Surroundings,
    pub(crate) agreement: &'a Agreement<'a>,
    pub(crate) judges: &'a Judges,
}

/// What a detector found.
#[derive(Clone, Debug)]
struct Finding {
    kind: DivergenceKind,
    evidence: [Vec<Span>; 2],
    score: f64,
    reason: String,
}

/// One of the two cells, with what its document says of it.
#[derive(Clone, Copy)]
struct Side<'a> {
    report: ReportIndex,
    document: &'a Document,
    cell: &'a Cell,
}

impl<'a> Side<'a> {
    /// From the first to the last byte of the cell.
    fn cover(self) -> Span {
        self.cell.spans.iter().copied().reduce(Span::cover).unwrap_or(Span::new(0, 0))
    }

    /// The text from the first to the last byte of the cell.
    fn slice_of_cover(self) -> &'a str {
        self.slice(self.cover())
    }

    /// The sentence or sentences that the cell lies in.
    fn sentences(self) -> Span {
        let layers = self.document.layers();
        let cover = self.cover();
        [cover.start(), cover.end().saturating_sub(1)]
            .into_iter()
            .filter_map(|at| self.document.sentence_at(at))
            .map(|id| layers.sentences[id].span)
            .fold(cover, Span::cover)
    }

    fn holds(self, span: Span) -> bool {
        self.cell.spans.iter().any(|own| own.contains(span))
    }

    fn figures(self) -> impl Iterator<Item = &'a Figure> {
        self.document.layers().figures.items().iter().filter(move |figure| self.holds(figure.span))
    }

    fn times(self) -> impl Iterator<Item = &'a TimeExpression> {
        self.document.layers().times.items().iter().filter(move |time| self.holds(time.span))
    }

    fn mentions(self) -> impl Iterator<Item = &'a Mention> {
        self.document.layers().mentions.items().iter().filter(move |mention| self.holds(mention.span))
    }

    /// Outer quotations that lie in the cell or that the cell lies in, cut to the cell.
    fn quoted(self) -> Vec<Span> {
        self.quoted_in(self.cover())
    }

    /// Outer quotations, cut to what lies in `cover`.
    fn quoted_in(self, cover: Span) -> Vec<Span> {
        let quotes = self.document.layers().quotes.items().iter().filter(|quote| quote.depth == 0);
        let cut = |quote: &Quote| {
            let start = quote.inner.start().max(cover.start());
            let end = quote.inner.end().min(cover.end());
            (start < end)
                .then(|| Span::new(start, end).trim(self.document.text()))
                .filter(|span| !span.is_empty())
        };
        quotes.filter_map(cut).collect()
    }

    fn slice(self, span: Span) -> &'a str {
        self.document.slice(span)
    }
}

/// The two cells side by side.
struct Pair<'a> {
    a: Side<'a>,
    b: Side<'a>,
    story: &'a Story,
    alignment: &'a Alignment,
    cast: &'a Cast,
    texts: &'a Texts<'a>,
    surroundings: &'a Surroundings,
    /// How sure it is that the two say the same, `0.0..=1.0`.
    probability: f64,
    /// Differing and common words of the two cells' covers.
    diff: Vec<DiffPiece>,
}

impl Pair<'_> {
    fn sides(&self) -> [Side<'_>; 2] {
        [self.a, self.b]
    }

    /// Share of the words of the shorter cell that the other has in the same order, `0.0..=1.0`.
    fn sameness(&self) -> f64 {
        let sum = |pick: fn(&DiffPiece) -> usize| self.diff.iter().map(pick).sum::<usize>();
        let same = sum(|p| if p.same { p.n_words[0] } else { 0 });
        let shorter = sum(|p| p.n_words[0]).min(sum(|p| p.n_words[1]));
        if shorter == 0 { 0.0 } else { same as f64 / shorter as f64 }
    }

    /// Words that both cells have in the same order.
    fn n_same(&self) -> usize {
        self.diff.iter().filter(|piece| piece.same).map(|piece| piece.n_words[0]).sum()
    }

    /// Share of the words of the longer cell that the other has in the same order, `0.0..=1.0`.
    fn closeness(&self) -> f64 {
        let sum = |pick: fn(&DiffPiece) -> usize| self.diff.iter().map(pick).sum::<usize>();
        let same = sum(|p| if p.same { p.n_words[0] } else { 0 });
        same as f64 / sum(|p| p.n_words[0]).max(sum(|p| p.n_words[1])).max(1) as f64
    }

    /// True if one of the first `n` words with content after `span` (on `side`) stands in the other cell too, or one of at least
    /// this nearness (`0.0..=1.0`): what `span` qualifies is something that both say.
    fn is_shared_after(&self, side: usize, span: Span, n: usize, least: f64) -> bool {
        let (own, other) = (self.sides()[side], self.sides()[1 - side]);
        let sentence = own.document.tokens_in(own.sentences());
        let from = own.document.tokens_in(span).end;
        let vocabulary = self.texts.vocabulary;
        let after = self.texts.terms_in(own.report.index(), from..sentence.end);
        let bag = self.texts.bag(other.report.index(), other.document.tokens_in(other.cover()));
        let mut content = after.filter(|&id| !vocabulary.is_stop(id)).take(n);
        content.any(|id| vocabulary.meanings().nearness(id, &bag) >= least)
    }

    /// True if most of the words with content of two spans, one of each side, are the same or near.
    fn is_near(&self, spans: [Span; 2]) -> bool {
        let ranges = [0, 1].map(|n| self.sides()[n].document.tokens_in(spans[n]));
        self.nearness(ranges) >= MOSTLY
    }

    /// A span of the diff's side in the document's text.
    fn place(&self, side: usize, span: Span) -> Span {
        let start = self.sides()[side].cover().start();
        Span::new(span.start() + start, span.end() + start)
    }
}

/// Share of the words of two spans that are common or near, from which on they name one thing.
const MOSTLY: f64 = 0.5;

/// How sure it must be that two cells say the same before what differs is a divergence; quotations show it by their words.
const MIN_AGREEMENT: f64 = 0.4;
/// The same where two figures differ: they lower the agreement, and by what they count they show that they are of one thing.
const MIN_AGREEMENT_OF_FIGURES: f64 = 0.3;

/// All divergences of `alignment`, in order of kind and cells.
pub(crate) fn find_divergences(
    story: &Story,
    alignment: &Alignment,
    context: &Context<'_>,
) -> Vec<Divergence> {
    let mut found: Vec<Divergence> = Vec::new();
    let mut compared: Vec<[usize; 2]> = Vec::new();
    for ([x, y], pair) in pairs(story, alignment, context) {
        compared.push([x, y]);
        let mut findings = quotations::compare(&pair, context.translations);
        if pair.probability >= MIN_AGREEMENT_OF_FIGURES {
            findings.extend(figures::compare(&pair));
        }
        if pair.probability >= MIN_AGREEMENT {
            findings.extend(sources::compare(&pair));
            findings.extend(dropped::compare(&pair, &context.judges.dropped));
            findings.extend(hedges::compare(&pair));
            findings.extend(polarity::compare(&pair));
            findings.extend(periods::compare(&pair).or_else(|| times::compare(&pair)));
            findings.extend(places::compare(&pair));
            findings.extend(names::compare(&pair));
            findings.extend(lists::compare(&pair));
            findings.extend(roles::compare(&pair));
            findings.extend(scopes::compare(&pair));
        }
        found.extend(findings.into_iter().map(|finding| divergence([x, y], finding)));
    }
    found.extend(partial_elsewhere(story, alignment, context, &found, &compared));
    found.extend(consequences::find(story, alignment, context, &found));
    updates::explain(story, alignment, &mut found);
    strangers::drop_strangers(&mut found);
    found.sort_by_key(|d| (d.kind, d.cells));
    found
}

/// The quotations that one of two reports gives in part, where no cells that were compared show it.
fn partial_elsewhere(
    story: &Story,
    alignment: &Alignment,
    context: &Context<'_>,
    found: &[Divergence],
    known: &[[usize; 2]],
) -> Vec<Divergence> {
    let quotes: Vec<bool> =
        (0..alignment.cells.len()).map(|n| !side_of(story, alignment, n).quoted().is_empty()).collect();
    let report = |n: usize| alignment.cells[n].report;
    let reports = |[x, y]: [usize; 2]| [report(x).min(report(y)), report(x).max(report(y))];
    let is_quote = |d: &&Divergence| {
        matches!(
            d.kind,
            DivergenceKind::QuotePartial | DivergenceKind::QuoteAltered | DivergenceKind::Wording
        )
    };
    let mut done: Vec<[ReportIndex; 2]> = found.iter().filter(is_quote).map(|d| reports(d.cells)).collect();
    let compared = compared_cells(story, alignment);
    let mut more = Vec::new();
    for (at, &x) in compared.iter().enumerate() {
        for &y in compared[at + 1..].iter().filter(|&&y| report(y) != report(x)) {
            if !quotes[x] || !quotes[y] || known.contains(&[x, y]) || done.contains(&reports([x, y])) {
                continue;
            }
            let pair = pair_of(story, alignment, context, [x, y]);
            if let Some(finding) = quotations::compare_rest(&pair) {
                done.push(reports([x, y]));
                more.push(divergence([x, y], finding));
            }
        }
    }
    more
}

/// Two aligned cells of which one is attributed and the other not, for gold to label.
#[derive(Clone, Debug)]
pub struct DroppedCandidate {
    /// Indices into [`Alignment::cells`].
    pub cells: [usize; 2],
    /// In the order of [`crate::dropped_features`].
    pub features: Vec<f64>,
}

/// Every pair of cells of `alignment` of which one may have dropped the attribution of the other.
pub(crate) fn dropped_candidates(
    story: &Story,
    alignment: &Alignment,
    context: &Context<'_>,
) -> Vec<DroppedCandidate> {
    let candidate = |(cells, pair): ([usize; 2], Pair<'_>)| {
        let (_, features) = dropped::candidate(&pair)?;
        Some(DroppedCandidate { cells, features: features.to_vec() })
    };
    pairs(story, alignment, context).into_iter().filter_map(candidate).collect()
}

/// The closest cells of every two reports, side by side.
fn pairs<'a>(
    story: &'a Story,
    alignment: &'a Alignment,
    context: &Context<'a>,
) -> Vec<([usize; 2], Pair<'a>)> {
    let pair = |(x, y): (usize, usize)| ([x, y], pair_of(story, alignment, context, [x, y]));
    closest_cells(story, alignment, context.agreement).into_iter().map(pair).collect()
}

/// Two cells of `alignment` side by side.
fn pair_of<'a>(
    story: &'a Story,
    alignment: &'a Alignment,
    context: &Context<'a>,
    cells: [usize; 2],
) -> Pair<'a> {
    let [a, b] = cells.map(|n| side_of(story, alignment, n));
    Pair {
        a,
        b,
        story,
        alignment,
        cast: context.cast,
        texts: context.texts,
        surroundings: context.surroundings,
        probability: context.agreement.between(a.cell, b.cell),
        diff: word_diff(a.slice_of_cover(), b.slice_of_cover()),
    }
}

fn side_of<'a>(story: &'a Story, alignment: &'a Alignment, n: usize) -> Side<'a> {
    let cell = &alignment.cells[n];
    Side { report: cell.report, document: story.document(cell.report), cell }
}

fn divergence(cells: [usize; 2], finding: Finding) -> Divergence {
    Divergence {
        kind: finding.kind,
        cells,
        evidence: finding.evidence,
        score: finding.score,
        reason: finding.reason,
    }
}

/// The reserve with which one of two cells tells what the other asserts, of cells that share too few words to be compared
/// word by word.
pub(crate) fn find_reserve(story: &Story, cells: &[Cell; 2]) -> Option<Divergence> {
    let side = |n: usize| {
        let cell = &cells[n];
        Side { report: cell.report, document: story.document(cell.report), cell }
    };
    let (evidence, reason) = hedges::reserve([side(0), side(1)])?;
    Some(Divergence { kind: DivergenceKind::Hedge, cells: [0, 1], evidence, score: RESERVE, reason })
}

/// How sure a reserve is if the two cells say the same.
const RESERVE: f64 = 0.5;

/// Cells of one alignment that are compared, each with each.
const MOST_CELLS: usize = 20;

/// The cells that are compared: all, or of very many one for each wording and source, in order, up to [`MOST_CELLS`].
fn compared_cells(story: &Story, alignment: &Alignment) -> Vec<usize> {
    let all = 0..alignment.cells.len();
    if all.len() <= MOST_CELLS {
        return all.collect();
    }
    let mut seen = std::collections::BTreeSet::new();
    let says = |n: &usize| {
        let cell = &alignment.cells[*n];
        let document = story.document(cell.report);
        (document.slices(&cell.spans), document.slices(&cell.source))
    };
    all.filter(|n| seen.insert(says(n))).take(MOST_CELLS).collect()
}

/// For every two reports of the alignment the cells that most probably say the same and share the most words, each cell once: a
/// lead that sums up and a quotation below it each find their like.
fn closest_cells(story: &Story, alignment: &Alignment, agreement: &Agreement<'_>) -> Vec<(usize, usize)> {
    let text = |cell: &Cell| DiffText::new(&story.document(cell.report).slices(&cell.spans));
    let texts: Vec<DiffText> = alignment.cells.iter().map(text).collect();
    let mut likeness: Vec<(f64, usize, usize)> = Vec::new();
    let compared = compared_cells(story, alignment);
    for (at, &x) in compared.iter().enumerate() {
        let apart = |y: &&usize| alignment.cells[**y].report != alignment.cells[x].report;
        for &y in compared[at + 1..].iter().filter(apart) {
            let diff = texts[x].diff(&texts[y]);
            let count = |pick: fn(&DiffPiece) -> usize| diff.iter().map(pick).sum::<usize>();
            let same = count(|p| if p.same { p.n_words[0] } else { 0 });
            let all = count(|p| p.n_words[0]) + count(|p| p.n_words[1]);
            let sure = agreement.between(&alignment.cells[x], &alignment.cells[y]);
            likeness.push((sure + 2.0 * same as f64 / all.max(1) as f64, x, y));
        }
    }
    likeness.sort_by(|p, q| q.0.total_cmp(&p.0).then((p.1, p.2).cmp(&(q.1, q.2))));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, x, y) in likeness {
        let report = |n: usize| alignment.cells[n].report;
        let taken = |cell: usize, other: usize| {
            pairs.iter().any(|&(p, q)| {
                (p == cell && report(q) == report(other)) || (q == cell && report(p) == report(other))
            })
        };
        if !taken(x, y) && !taken(y, x) {
            pairs.push((x, y));
        }
    }
    pairs.sort_unstable();
    pairs
}

/// `“…”` around a slice, cut after [`MAX_SHOWN`] characters: reasons are one line.
pub(crate) fn show(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_SHOWN {
        return format!("“{line}”");
    }
    format!("“{}…”", line.chars().take(MAX_SHOWN).collect::<String>().trim_end())
}

/// Longest slice shown in a reason, in characters.
const MAX_SHOWN: usize = 60;
