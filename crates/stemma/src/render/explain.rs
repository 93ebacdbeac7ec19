//! An explanation as plain text: the row or the two statements, what the pair model saw of them, and how they differ.

use stemma_compare::{Contribution, Judgement, Link, Place};
use stemma_core::{Alignment, AlignmentRef, Cell, DivergenceKind, ReportIndex};

use super::layout::Page;
use super::overview::counted;
use super::runs::{Run, Shown, Style, shorten};
use super::{TextOptions, rows};
use crate::Compared;
use crate::explain::{Explanation, common_row};
use crate::ids::{alignment_id, letter};

/// Features of one link that are shown; the rest is summed up.
const MOST_FEATURES: usize = 8;
/// Links that are shown in full; of the others the features are left out.
const MOST_LINKS: usize = 3;
/// Suspected divergences of which the features are shown.
const MOST_JUDGED: usize = 2;
/// Cells of a row.
const MOST_CELLS: usize = 8;
/// Links of a row, and reports in which something comes close.
const MOST_LISTED: usize = 6;
/// Reports in which nothing does.
const MOST_LETTERS: usize = 12;
/// Characters of a cell.
const CELL_CHARS: usize = 360;

/// See [`super::explanation`].
pub(super) fn render(compared: &Compared, explanation: &Explanation, options: &TextOptions) -> String {
    let page = Page::new(options.width, options.color);
    let rows = rows(&compared.story, &compared.comparison);
    let mut writer = Writer { compared, explanation, rows, all: options.all, page };
    match explanation.row {
        Some(of) => writer.row(of),
        None => writer.asked(),
    }
    writer.links();
    if let Some(of) = explanation.row {
        writer.divergences(compared.comparison.alignment(of));
        writer.suspected(compared.comparison.alignment(of));
    }
    writer.elsewhere();
    writer.page.finish()
}

struct Writer<'a> {
    compared: &'a Compared,
    explanation: &'a Explanation,
    /// In the order of their numbers.
    rows: Vec<AlignmentRef>,
    all: bool,
    page: Page,
}

impl Writer<'_> {
    /// What the row is, and its cells.
    fn row(&mut self, of: AlignmentRef) {
        let Compared { story, comparison } = self.compared;
        let alignment = comparison.alignment(of);
        let number = self.number(of);
        let (kind, mark) = match of {
            AlignmentRef::Utterance(_) => ("utterance", 'u'),
            AlignmentRef::Fact(_) => ("fact", 'f'),
        };
        let mut carriers: Vec<ReportIndex> = alignment.cells.iter().map(|cell| cell.report).collect();
        carriers.dedup();
        let facts = [
            alignment
                .speaker
                .clone()
                .map_or_else(|| kind.to_owned(), |speaker| format!("{kind} of {speaker}")),
            format!("in {} of {}", carriers.len(), counted(story.documents().len(), "report")),
            format!("score {:.2}", alignment.score),
            alignment_id(story, mark, alignment),
        ];
        let title = [
            Run::new(Style::Strong, format!("Row {number}")),
            Run::new(Style::Faint, format!(" · {}", facts.join(" · "))),
        ];
        self.page.item(0, "", 0, &title);
        self.page.gap();
        let width = alignment.cells.iter().map(|cell| letter(cell.report).len()).max().unwrap_or(1);
        let most = if self.all { usize::MAX } else { MOST_CELLS };
        for cell in alignment.cells.iter().take(most) {
            let runs = self.cell(cell);
            self.page.item(2, &letter(cell.report), 4 + width, &runs);
        }
        self.cut(alignment.cells.len(), most);
    }

    /// A line that says how many items are not shown.
    fn cut(&mut self, n_all: usize, most: usize) {
        if n_all > most {
            let line = format!("… {} more (--all shows them)", n_all - most);
            self.page.item(5, "", 5, &[Run::new(Style::Faint, line)]);
        }
    }

    /// The number of a row on the page of a comparison.
    fn number(&self, of: AlignmentRef) -> usize {
        self.rows.iter().position(|&row| row == of).map_or(0, |n| n + 1)
    }

    fn cell(&self, cell: &Cell) -> Vec<Run> {
        let mut runs = self.words(&(cell.report, cell.spans.clone()));
        let document = self.compared.story.document(cell.report);
        if !cell.source.is_empty() {
            runs.push(Run::new(Style::Faint, format!(" — {}", Shown::new(document, &cell.source).text)));
        }
        runs
    }

    fn words(&self, (report, spans): &Place) -> Vec<Run> {
        let shown = Shown::new(self.compared.story.document(*report), spans).text;
        let limit = if self.all { usize::MAX } else { CELL_CHARS };
        shorten(vec![Run::plain(shown)], limit)
    }

    /// What was asked about, where it is no row; a statement that stands in a row of its own with all its cells.
    fn asked(&mut self) {
        let asked = &self.explanation.asked;
        let title = if asked.len() > 1 { "Not in one row" } else { "In no row" };
        self.page.item(0, "", 0, &[Run::new(Style::Strong, title)]);
        for places in asked {
            self.page.gap();
            for place in places {
                let runs = self.words(place);
                self.page.item(2, &letter(place.0), 5, &runs);
            }
        }
    }

    fn links(&mut self) {
        let links = &self.explanation.links;
        if links.is_empty() {
            return;
        }
        let is_row = self.explanation.row.is_some();
        let title = if is_row { "Why they stand in one row" } else { "Why they do not stand in one row" };
        let count = counted(links.len(), "pair");
        self.page.heading(title, &count);
        let most = if self.all { usize::MAX } else { MOST_LISTED };
        for (n, link) in links.iter().take(most).enumerate() {
            self.page.gap();
            self.link(link, self.all || n < MOST_LINKS, !is_row);
        }
        self.cut(links.len(), most);
    }

    /// A link: what came of it, the words if they are not shown above, and what each feature adds.
    fn link(&mut self, link: &Link, in_full: bool, with_words: bool) {
        let letters = format!("{} {}", letter(link.places[0].0), letter(link.places[1].0));
        let first = match (link.first, link.second) {
            (Some(first), Some(_)) => format!("; {first:.2} at first look"),
            _ => String::new(),
        };
        let own = self.explanation.row;
        let other = common_row(&self.compared.comparison, link, own).filter(|&of| Some(of) != own);
        let verdict = match other {
            Some(of) => format!("aligned in row {}", self.number(of)),
            None => link.verdict.as_str().replace('-', " "),
        };
        let runs = [Run::new(Style::Strong, verdict), Run::plain(format!(": {}{first}", link.reason))];
        self.page.item(2, &letters, 7, &runs);
        if with_words {
            self.link_words(link);
        }
        if in_full {
            self.features(link);
        }
    }

    fn link_words(&mut self, link: &Link) {
        for place in link.places.iter().filter(|place| !place.1.is_empty()) {
            let runs = self.words(place);
            self.page.item(7, &letter(place.0), 10, &runs);
        }
    }

    fn features(&mut self, link: &Link) {
        if !link.contributions.is_empty() {
            self.sum(&link.contributions, link.start, "two clauses of which nothing is known");
        }
    }

    /// What each feature adds to the log-odds at the start, where nothing but `start_of` is known, and what comes of it.
    fn sum(&mut self, contributions: &[Contribution], start: f64, start_of: &str) {
        let most = if self.all { usize::MAX } else { MOST_FEATURES };
        for Contribution { name, meaning, value, log_odds } in contributions.iter().take(most) {
            let runs = [
                Run::plain(format!("{name} {value:.2}")),
                Run::new(
                    Style::Faint,
                    if meaning.is_empty() { String::new() } else { format!(": {meaning}") },
                ),
            ];
            self.page.item(7, &format!("{log_odds:+6.2}"), 15, &runs);
        }
        let rest = &contributions[contributions.len().min(most)..];
        if !rest.is_empty() {
            let sum: f64 = rest.iter().map(|each| each.log_odds).sum();
            let line = format!("{} more together (--all shows them)", rest.len());
            self.page.item(7, &format!("{sum:+6.2}"), 15, &[Run::new(Style::Faint, line)]);
        }
        let line = [Run::new(Style::Faint, format!("at the start: {start_of}"))];
        self.page.item(7, &format!("{start:+6.2}"), 15, &line);
        let sum = start + contributions.iter().map(|each| each.log_odds).sum::<f64>();
        let line = format!("log-odds, a probability of {:.2}", 1.0 / (1.0 + (-sum).exp()));
        self.page.item(7, &format!("{sum:+6.2}"), 15, &[Run::new(Style::Strong, line)]);
    }

    fn judgement(&mut self, judgement: &Judgement) {
        let start_of = "an attribution that the other report may have dropped";
        self.sum(&judgement.contributions, judgement.start, start_of);
    }

    /// Divergences that were suspected and are not shown.
    fn suspected(&mut self, alignment: &Alignment) {
        let judgements = &self.explanation.judgements;
        let suspected: Vec<&Judgement> = judgements.iter().filter(|each| !each.shown).collect();
        if suspected.is_empty() {
            return;
        }
        self.page.heading("Suspected, and not shown", &counted(suspected.len(), "pair"));
        let most = if self.all { usize::MAX } else { MOST_LISTED };
        for (n, judgement) in suspected.iter().take(most).enumerate() {
            let reports = judgement.cells.map(|n| alignment.cells[n].report);
            let line = format!(" {:.2}, and {:.2} is needed", judgement.probability, judgement.threshold);
            let runs = [Run::new(Style::Strong, judgement.kind.as_str()), Run::plain(line)];
            self.page.gap();
            self.page.item(2, &reports.map(letter).join(" "), 7, &runs);
            if self.all || n < MOST_JUDGED {
                self.judgement(judgement);
            }
        }
        self.cut(suspected.len(), most);
    }

    fn divergences(&mut self, alignment: &Alignment) {
        if alignment.divergences.is_empty() {
            return;
        }
        self.page.heading("How they differ", &counted(alignment.divergences.len(), "divergence"));
        for divergence in &alignment.divergences {
            let reports = divergence.cells.map(|n| alignment.cells[n].report);
            let runs = [
                Run::new(Style::Strong, divergence.kind.as_str()),
                Run::plain(format!(" {:.2}: {}", divergence.score, divergence.reason)),
            ];
            self.page.gap();
            self.page.item(2, &reports.map(letter).join(" "), 7, &runs);
            let rule = format!("rule: {}", rule(divergence.kind));
            self.page.item(7, "", 7, &[Run::new(Style::Faint, rule)]);
            for (report, spans) in reports.into_iter().zip(&divergence.evidence) {
                let words = Shown::new(self.compared.story.document(report), spans).text;
                let runs = if words.is_empty() {
                    vec![Run::new(Style::Faint, "nothing there")]
                } else {
                    vec![Run::plain(format!("“{words}”"))]
                };
                self.page.item(7, &letter(report), 10, &runs);
            }
            let is_of = |each: &&Judgement| each.kind == divergence.kind && each.cells == divergence.cells;
            if let Some(judgement) = self.explanation.judgements.iter().find(is_of) {
                self.judgement(judgement);
            }
        }
    }

    /// What comes closest in the reports that do not carry it.
    fn elsewhere(&mut self) {
        let Explanation { elsewhere, alone_in, row, .. } = self.explanation;
        if elsewhere.is_empty() && alone_in.is_empty() {
            return;
        }
        let title =
            if row.is_some() { "What comes closest in the other reports" } else { "What comes closest" };
        self.page.heading(title, "");
        let is_row = row.is_some();
        let most = if self.all { usize::MAX } else { MOST_LISTED };
        for (n, link) in elsewhere.iter().take(most).enumerate() {
            self.page.gap();
            self.link(link, self.all || (!is_row && n < MOST_LINKS), true);
        }
        self.cut(elsewhere.len(), most);
        if !alone_in.is_empty() {
            self.page.gap();
            let most = if self.all { usize::MAX } else { MOST_LETTERS };
            let mut letters: Vec<String> = alone_in.iter().take(most).map(|&report| letter(report)).collect();
            if alone_in.len() > most {
                letters.push(format!("+{}", alone_in.len() - most));
            }
            let line = "no sentence shares enough with it to be laid beside it";
            self.page.item(2, &letters.join(" "), 7, &[Run::plain(line)]);
        }
    }
}

/// What the rule of a kind asks.
fn rule(kind: DivergenceKind) -> &'static str {
    match kind {
        DivergenceKind::Polarity => {
            "one denies what the other says, or uses a word of the opposite meaning in its place"
        }
        DivergenceKind::QuoteAltered => {
            "both stand in quotation marks, of one utterance in one language, and their words differ inside"
        }
        DivergenceKind::Figure => {
            "figures of one thing whose ranges do not meet, also not after rounding and conversion"
        }
        DivergenceKind::Speaker => "the two reports give it to different sources",
        DivergenceKind::Time => "times of one thing that cover different days or hours",
        DivergenceKind::Place => "different places stand in the same part of what both say",
        DivergenceKind::Name => {
            "different names, or spellings of one, stand in the same part of what both say"
        }
        DivergenceKind::AttributionDropped => {
            "one gives it on the word of a source, the other in its own voice; a judge weighs what stands around"
        }
        DivergenceKind::Hedge => "one tells it with a word of reserve, the other without",
        DivergenceKind::List => "both enumerate the same things, and one has a member more",
        DivergenceKind::QuotePartial => "one quotes a part of the sentence that the other quotes whole",
        DivergenceKind::Role => "the same person has different offices",
        DivergenceKind::Scope => "one says part, may or planned where the other says all, must or done",
        DivergenceKind::Update => "the later report gives what the earlier one could not know",
        DivergenceKind::Wording => "other words for the same utterance",
    }
}
