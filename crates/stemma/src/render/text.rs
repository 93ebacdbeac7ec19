//! A comparison as plain text, for a terminal or a mail: made to be read in half a minute.

use stemma_core::{Comparison, EdgeKind, EdgeOrigin, ReportIndex, Story};

use super::layout::Page;
use super::overview::{Group, Overview, Shared, Side, counted, kind_title};
use super::runs::{Run, Shown, Style, clean, head, shorten};
use super::{Limits, TextOptions};

/// Letters that are shown before a cell; the rest is counted.
const MOST_LETTERS: usize = 5;

/// See [`super::text`].
pub(super) fn render(story: &Story, comparison: &Comparison, options: &TextOptions) -> String {
    let overview = Overview::new(story, comparison);
    let page = Page::new(options.width, options.color);
    let mut writer = Writer { overview: &overview, limits: Limits::of(options.all), page };
    writer.reports();
    writer.divergences();
    writer.core();
    writer.utterances();
    writer.only_in();
    writer.omissions();
    writer.names();
    writer.timeline();
    writer.lineage(story, comparison);
    writer.page.finish()
}

struct Writer<'a> {
    overview: &'a Overview,
    limits: Limits,
    page: Page,
}

impl Writer<'_> {
    /// A line that says how many items are not shown.
    fn cut(&mut self, n_all: usize, n_shown: usize, indent: usize) {
        if n_all > n_shown {
            let line = format!("… {} more (--all shows them)", n_all - n_shown);
            self.page.item(indent, "", indent, &[Run::new(Style::Faint, line)]);
        }
    }

    /// The title line, the reports and the witnesses.
    fn reports(&mut self) {
        let overview = self.overview;
        let mut title = vec![Run::new(Style::Strong, overview.summary())];
        if let Some(headline) = overview.headline() {
            title.push(Run::plain(format!(": {headline}")));
        }
        self.page.item(0, "", 0, &title);
        self.page.gap();
        let width = overview.reports.last().map_or(1, |report| report.letter.len());
        for report in &overview.reports {
            let mut facts: Vec<String> = report.date.iter().cloned().collect();
            facts.push(counted(report.n_words, "word"));
            facts.extend(report.byline.iter().cloned());
            if !report.credits.is_empty() {
                facts.push(format!("credits {}", report.credits.join(", ")));
            }
            let runs = [
                Run::new(Style::Strong, &report.name),
                Run::new(Style::Faint, format!(" · {}", facts.join(" · "))),
            ];
            self.page.item(2, &report.letter, 4 + width, &runs);
            if let Some(title) = report.title.as_deref().filter(|&title| Some(title) != overview.headline()) {
                self.page.item(4 + width, "", 4 + width, &[Run::plain(title)]);
            }
        }
        if overview.witnesses.iter().any(|witness| witness.len() > 1) {
            let groups: Vec<String> = overview
                .witnesses
                .iter()
                .map(|reports| overview.letters(reports, usize::MAX).replace(' ', "+"))
                .collect();
            let line = format!(
                "Witnesses: {} (reports joined by + depend on each other and count once)",
                groups.join(", ")
            );
            self.page.item(2, "", 2, &[Run::plain(line)]);
        }
    }

    fn divergences(&mut self) {
        let overview = self.overview;
        let mut number = 0;
        if !overview.conflicts.is_empty() {
            self.page.heading("Where they disagree", &counted(overview.n_conflicts(), "conflict"));
            self.groups(&overview.conflicts, &mut number);
        }
        if !overview.other_divergences.is_empty() {
            self.page.heading("Differences that are no conflict", "");
            self.groups(&overview.other_divergences, &mut number);
        }
    }

    fn groups(&mut self, groups: &[Group], number: &mut usize) {
        for group in groups {
            self.page.gap();
            self.page.item(0, "", 0, &[Run::new(Style::Strong, kind_title(group.kind))]);
            for item in group.items.iter().take(self.limits.conflicts) {
                *number += 1;
                let label = number.to_string();
                if let Some(speaker) = &item.speaker {
                    self.page.item(2, &label, 5, &[Run::new(Style::Faint, speaker)]);
                    self.sides("", &item.sides);
                } else {
                    self.sides(&label, &item.sides);
                }
                for (n, reason) in item.reasons.iter().enumerate() {
                    let score = if n == 0 { format!(" ({:.2})", item.score) } else { String::new() };
                    self.page.item(5, "→", 7, &[Run::new(Style::Faint, format!("{reason}{score}"))]);
                }
            }
            self.cut(group.items.len(), self.limits.conflicts, 5);
        }
    }

    /// The cells of an item, `label` before the first of them.
    fn sides(&mut self, label: &str, sides: &[Side]) {
        let letters: Vec<String> =
            sides.iter().map(|side| self.overview.letters(&side.reports, MOST_LETTERS)).collect();
        let width = letters.iter().take(self.limits.cells).map(String::len).max().unwrap_or(1);
        for (n, (side, letters)) in sides.iter().zip(&letters).take(self.limits.cells).enumerate() {
            let label = if n == 0 { format!("{label:<3}{letters}") } else { format!("   {letters}") };
            self.page.item(2, &label, 5 + width + 2, &self.side_runs(side));
        }
        self.cut(sides.len(), self.limits.cells, 5);
    }

    /// Words and source of a cell.
    fn side_runs(&self, side: &Side) -> Vec<Run> {
        let mut runs = shorten(side.runs.clone(), self.limits.cell_chars);
        if !side.source.is_empty() {
            runs.push(Run::new(Style::Faint, " — "));
            runs.extend(side.source.iter().cloned());
        }
        runs
    }

    fn core(&mut self) {
        let overview = self.overview;
        if !overview.core.is_empty() {
            self.page.heading("What independent witnesses share", &counted(overview.core.len(), "statement"));
            self.shared(&overview.core, self.limits.core, true);
        }
        if !overview.copied.is_empty() {
            let count = counted(overview.copied.len(), "statement");
            let title = if overview.witnesses.len() > 1 {
                "Shared inside one witness only"
            } else {
                "What they share"
            };
            self.page.heading(title, &format!("{count}, no corroboration"));
            let most = if overview.core.is_empty() { self.limits.core } else { self.limits.core / 2 };
            self.shared(&overview.copied, most.max(1), true);
        }
    }

    fn utterances(&mut self) {
        let overview = self.overview;
        if !overview.utterances.is_empty() {
            self.page
                .heading("Who is quoted, in which words", &counted(overview.utterances.len(), "utterance"));
            self.shared(&overview.utterances, self.limits.utterances, false);
        }
    }

    fn shared(&mut self, items: &[Shared], most: usize, with_count: bool) {
        let mut n_witnesses = usize::MAX;
        for (n, item) in items.iter().take(most).enumerate() {
            if with_count && item.n_witnesses != n_witnesses && item.n_witnesses > 1 {
                n_witnesses = item.n_witnesses;
                self.page.item(
                    2,
                    "",
                    2,
                    &[Run::new(Style::Faint, format!("{}:", counted(n_witnesses, "witness")))],
                );
            }
            let label = (n + 1).to_string();
            let kinds: Vec<&str> = item.kinds.iter().map(|kind| kind.as_str()).collect();
            if with_count {
                self.sides(&label, &item.sides);
            } else {
                let speaker = item.speaker.clone().unwrap_or_else(|| "Speaker not named".to_owned());
                let mut runs = vec![Run::new(Style::Strong, speaker)];
                if item.n_witnesses > 1 {
                    runs.push(Run::new(Style::Faint, format!(" · {}", counted(item.n_witnesses, "witness"))));
                }
                if !kinds.is_empty() {
                    runs.push(Run::new(Style::Faint, format!(" · {}", kinds.join(", "))));
                }
                self.page.item(2, &label, 5, &runs);
                self.sides("", &item.sides);
            }
            if with_count && !kinds.is_empty() {
                self.page.item(
                    5,
                    "→",
                    7,
                    &[Run::new(Style::Faint, format!("differs: {}", kinds.join(", ")))],
                );
            }
        }
        self.cut(items.len(), most, 5);
    }

    fn only_in(&mut self) {
        let overview = self.overview;
        if overview.only_in.is_empty() {
            return;
        }
        let total: usize = overview.only_in.iter().map(|(_, sides)| sides.len()).sum();
        self.page.heading("Only in one witness", &counted(total, "statement"));
        for (report, sides) in &overview.only_in {
            self.report_name(*report, sides.len());
            for side in sides.iter().take(self.limits.only_in) {
                let runs = self.side_runs(side);
                self.page.item(5, "·", 7, &runs);
            }
            self.cut(sides.len(), self.limits.only_in, 7);
        }
    }

    fn omissions(&mut self) {
        let overview = self.overview;
        if overview.omissions.is_empty() {
            return;
        }
        let total: usize = overview.omissions.iter().map(|(_, omitted)| omitted.len()).sum();
        self.page.heading("Left out", &counted(total, "statement"));
        for (report, omitted) in &overview.omissions {
            self.report_name(*report, omitted.len());
            for each in omitted.iter().take(self.limits.omissions) {
                let mut runs = shorten(each.side.runs.clone(), self.limits.cell_chars / 2);
                let letters = overview.letters(&each.carried_by, MOST_LETTERS);
                runs.push(Run::new(Style::Faint, format!(" (in {letters})")));
                self.page.item(5, "·", 7, &runs);
            }
            self.cut(omitted.len(), self.limits.omissions, 7);
        }
    }

    fn report_name(&mut self, report: ReportIndex, count: usize) {
        let line = &self.overview.reports[report.index()];
        let runs = [Run::plain(&line.name), Run::new(Style::Faint, format!(" ({count})"))];
        self.page.item(2, &line.letter, 5, &runs);
    }

    fn names(&mut self) {
        let overview = self.overview;
        if overview.names.is_empty() && overview.named_once.is_empty() {
            return;
        }
        self.page.heading("Names", "");
        for name in overview.names.iter().take(self.limits.names) {
            let mut runs = vec![
                Run::new(Style::Strong, &name.name),
                Run::new(Style::Faint, format!(" ({})", name.kind.as_str())),
            ];
            for (n, (report, forms)) in name.forms.iter().enumerate() {
                let count = |(form, count): &(String, usize)| match count {
                    0 | 1 => form.clone(),
                    _ => format!("{form} ×{count}"),
                };
                let forms: Vec<String> = forms.iter().map(count).collect();
                let letter = &overview.reports[report.index()].letter;
                runs.push(Run::new(Style::Faint, if n == 0 { ": " } else { "; " }));
                runs.push(Run::new(Style::Strong, letter));
                runs.push(Run::plain(format!(" {}", forms.join(", "))));
            }
            self.page.item(2, "", 5, &runs);
        }
        self.cut(overview.names.len(), self.limits.names, 5);
        for (report, names) in &overview.named_once {
            let shown: Vec<&str> =
                names.iter().take(self.limits.names.saturating_mul(2)).map(String::as_str).collect();
            let mut runs = vec![
                Run::new(Style::Faint, "only in "),
                Run::new(Style::Strong, &overview.reports[report.index()].letter),
            ];
            runs.push(Run::plain(format!(": {}", shown.join(", "))));
            if names.len() > shown.len() {
                runs.push(Run::new(
                    Style::Faint,
                    format!(", … {} more (--all shows them)", names.len() - shown.len()),
                ));
            }
            self.page.item(2, "", 5, &runs);
        }
    }

    fn timeline(&mut self) {
        let overview = self.overview;
        if overview.timeline.is_empty() {
            return;
        }
        self.page.heading("When", "");
        for day in overview.timeline.iter().take(self.limits.timeline) {
            self.page.item(2, "", 2, &[Run::new(Style::Strong, &day.days)]);
            for (report, time, sentence, reason) in day.mentions.iter().take(self.limits.cells) {
                let sentence = match head(sentence, self.limits.cell_chars / 3) {
                    cut if cut.len() < sentence.len() => format!("{cut} …"),
                    whole => whole.to_owned(),
                };
                let runs = [
                    Run::plain(format!("“{time}”")),
                    Run::new(Style::Faint, format!(" = {reason}: ")),
                    Run::plain(sentence),
                ];
                self.page.item(5, &overview.reports[report.index()].letter, 7, &runs);
            }
            self.cut(day.mentions.len(), self.limits.cells, 7);
        }
        self.cut(overview.timeline.len(), self.limits.timeline, 2);
    }

    fn lineage(&mut self, story: &Story, comparison: &Comparison) {
        if self.overview.reports.len() < 2 || comparison.witnesses.is_empty() {
            return;
        }
        self.page.heading("Who had it from whom", "");
        for edge in &comparison.lineage {
            let to = &self.overview.reports[edge.to.index()].letter;
            let from = match &edge.from {
                EdgeOrigin::Report(report) => self.overview.reports[report.index()].letter.clone(),
                EdgeOrigin::Unseen(name) => format!("{} (not among the reports)", clean(name)),
            };
            let mut runs = vec![
                Run::new(Style::Strong, to),
                Run::plain(format!(" {} ", edge_words(edge.kind))),
                Run::new(Style::Strong, from),
            ];
            if !edge.evidence.is_empty() {
                let words = Shown::new(story.document(edge.to), &edge.evidence).text;
                let words = shorten(vec![Run::plain(words)], self.limits.cell_chars / 3);
                runs.push(Run::plain(": “"));
                runs.extend(words);
                runs.push(Run::plain("”"));
            }
            self.page.item(2, "", 5, &runs);
            let credited = if edge.credited { "credited" } else { "not credited" };
            let reason = format!("{credited}; {} ({:.2})", clean(&edge.reason), edge.score);
            self.page.item(5, "→", 7, &[Run::new(Style::Faint, reason)]);
        }
        if comparison.lineage.is_empty() {
            self.page.item(2, "", 2, &[Run::plain("No report names or shows another as its source.")]);
        }
        self.passages(story, comparison);
    }

    fn passages(&mut self, story: &Story, comparison: &Comparison) {
        let shared: Vec<_> = comparison.passages.iter().filter(|passage| !passage.quoted).collect();
        if shared.is_empty() {
            self.page.item(2, "", 2, &[Run::plain("No shared passages outside quotations.")]);
            return;
        }
        let mut longest = shared.clone();
        longest.sort_by_key(|passage| std::cmp::Reverse(passage.n_words));
        self.page.item(
            2,
            "",
            2,
            &[Run::plain(format!(
                "{} outside quotations, longest first:",
                counted(shared.len(), "shared passage")
            ))],
        );
        for passage in longest.iter().take(self.limits.passages) {
            let letters = self.overview.letters(&[passage.a.0, passage.b.0], 2);
            let words = Shown::new(story.document(passage.a.0), &[passage.a.1]).text;
            let mut runs = vec![Run::new(Style::Faint, format!("{}: ", counted(passage.n_words, "word")))];
            runs.extend(shorten(vec![Run::plain(words)], self.limits.cell_chars / 2));
            self.page.item(5, &letters, 6 + letters.len(), &runs);
        }
        self.cut(shared.len(), self.limits.passages, 5);
    }
}

/// What the later report did.
pub(super) fn edge_words(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Copy => "copies",
        EdgeKind::Rewrite => "rewrites",
        EdgeKind::Relay => "relays",
        EdgeKind::SharedSource => "comes from the same source as",
        EdgeKind::AgencyCredit => "credits",
        EdgeKind::Revision => "is a later version of",
    }
}
