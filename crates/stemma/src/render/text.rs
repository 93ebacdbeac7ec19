//! A comparison as plain text, for a terminal or a mail: made to be read in half a minute.

use stemma_core::{AlignmentRef, Comparison, ReportIndex, Story};

use super::layout::Page;
use super::overview::{Finding, Overview, Side, counted, kind_title};
use super::runs::{Run, Style, shorten};
use super::{Limits, TextOptions};

/// Letters that are shown before a cell; the rest is counted.
const MOST_LETTERS: usize = 5;

/// Reasons that are shown for one divergence; the rest is counted.
const MOST_REASONS: usize = 3;

/// See [`super::text`].
pub(super) fn render(story: &Story, comparison: &Comparison, options: &TextOptions) -> String {
    let overview = Overview::new(story, comparison);
    let page = Page::new(options.width, options.color);
    let mut writer =
        Writer { overview: &overview, limits: Limits::of(options.all, story.documents().len()), page };
    writer.reports();
    writer.divergences();
    writer.core();
    writer.utterances();
    writer.only_in();
    writer.doubtful();
    writer.omissions();
    writer.emphasis();
    writer.names();
    writer.timeline();
    writer.lineage();
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
        if !overview.conflicts.is_empty() {
            self.page.heading("Where they disagree", &counted(overview.n_conflicts(), "conflict"));
            for (kind, items) in &overview.conflicts {
                self.page.gap();
                self.page.item(0, "", 0, &[Run::new(Style::Strong, kind_title(*kind))]);
                self.items(items, self.limits.conflicts);
            }
        }
        if !overview.updates.is_empty() {
            self.page.heading("Updated by later reports", &counted(overview.updates.len(), "statement"));
            self.items(&overview.updates, self.limits.conflicts);
        }
    }

    /// Items in full.
    fn items(&mut self, items: &[usize], most: usize) {
        for &n in items.iter().take(most) {
            self.item(n);
        }
        self.cut(items.len(), most, 5);
    }

    /// An item in full: speaker, cells, and how they differ.
    fn item(&mut self, number: usize) {
        let item = &self.overview.items[number];
        let label = (number + 1).to_string();
        let is_utterance = matches!(item.of, AlignmentRef::Utterance(_));
        if is_utterance {
            let speaker = item.speaker.clone().unwrap_or_else(|| "Speaker not named".to_owned());
            let witnesses = format!(" · {}", counted(item.n_witnesses, "witness"));
            self.page.item(
                2,
                &label,
                5,
                &[Run::new(Style::Strong, speaker), Run::new(Style::Faint, witnesses)],
            );
        }
        let n_involved = if self.limits == Limits::ALL { item.sides.len() } else { item.n_involved };
        let (involved, others) = item.sides.split_at(n_involved);
        let note = item.is_loose().then(|| format!(" ({:.2})", item.score));
        self.sides(if is_utterance { "" } else { &label }, involved, note);
        if !others.is_empty() {
            let reports: Vec<ReportIndex> = others.iter().flat_map(|side| side.reports()).collect();
            let line = format!("also in {}", self.overview.letters(&reports, MOST_LETTERS));
            self.page.item(5, "", 5, &[Run::new(Style::Faint, line)]);
        }
        for finding in &item.findings {
            self.finding(finding);
        }
    }

    /// How the cells of an item differ in one way.
    fn finding(&mut self, finding: &Finding) {
        let most = if self.limits == Limits::ALL { usize::MAX } else { MOST_REASONS };
        let runs =
            [Run::plain(finding.kind.as_str()), Run::new(Style::Faint, format!(": {}", finding.line(most)))];
        self.page.item(5, "→", 7, &runs);
    }

    /// The cells of an item, `label` before the first of them, `note` behind the last.
    fn sides(&mut self, label: &str, sides: &[Side], note: Option<String>) {
        let letters: Vec<String> =
            sides.iter().map(|side| self.overview.letters(&side.reports(), MOST_LETTERS)).collect();
        let width = letters.iter().take(self.limits.cells).map(String::len).max().unwrap_or(1);
        for (n, (side, letters)) in sides.iter().zip(&letters).take(self.limits.cells).enumerate() {
            let label = if n == 0 { format!("{label:<3}{letters}") } else { format!("   {letters}") };
            let mut runs = self.side_runs(side);
            if n + 1 == sides.len().min(self.limits.cells) {
                runs.extend(note.iter().map(|note| Run::new(Style::Faint, note.as_str())));
            }
            self.page.item(2, &label, 5 + width + 2, &runs);
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
        if let Some(doubt) = &side.doubt {
            runs.push(Run::new(Style::Faint, format!(" ({doubt})")));
        }
        runs
    }

    fn core(&mut self) {
        let overview = self.overview;
        if !overview.core.is_empty() {
            self.page.heading("What independent witnesses share", &counted(overview.core.len(), "statement"));
            let n_all = overview.core.len();
            let shown = &overview.core[..n_all.min(self.limits.core)];
            for group in
                shown.chunk_by(|&a, &b| overview.items[a].n_witnesses == overview.items[b].n_witnesses)
            {
                let count = counted(overview.items[group[0]].n_witnesses, "witness");
                self.page.item(2, "", 2, &[Run::new(Style::Faint, format!("{count}:"))]);
                self.listed(group);
            }
            self.cut(n_all, shown.len(), 5);
        }
        if !overview.copied.is_empty() {
            let title = if overview.witnesses.len() > 1 {
                "Shared inside one witness only"
            } else {
                "What they share"
            };
            let count = counted(overview.copied.len(), "statement");
            self.page.heading(title, &format!("{count}, no corroboration"));
            let most = if overview.core.is_empty() { self.limits.core } else { self.limits.core / 2 };
            self.listed(&overview.copied[..overview.copied.len().min(most)]);
            self.cut(overview.copied.len(), most, 5);
        }
    }

    fn utterances(&mut self) {
        let overview = self.overview;
        if !overview.utterances.is_empty() {
            self.page
                .heading("Who is quoted, in which words", &counted(overview.utterances.len(), "utterance"));
            self.listed(&overview.utterances[..overview.utterances.len().min(self.limits.utterances)]);
            self.cut(overview.utterances.len(), self.limits.utterances, 5);
        }
    }

    /// Items in full, or in one line where they stand in full above.
    fn listed(&mut self, items: &[usize]) {
        let overview = self.overview;
        for &n in items {
            let item = &overview.items[n];
            let Some(shown_above) = self.shown_above(n) else {
                self.item(n);
                continue;
            };
            let letters = overview.letters(&item.carried_by(), MOST_LETTERS);
            let label = format!("{:<3}{letters}", n + 1);
            let mut runs = Vec::new();
            if let Some(speaker) = &item.speaker {
                runs.push(Run::new(Style::Faint, format!("{speaker}: ")));
            }
            let words = item.sides[0].words();
            runs.extend(shorten(vec![Run::plain(words)], self.limits.cell_chars / 4));
            runs.push(Run::new(Style::Faint, format!(" ({shown_above})")));
            self.page.item(2, &label, 7 + letters.len(), &runs);
        }
    }

    /// Where an item stands in full, if it does so before the lists of facts and utterances.
    fn shown_above(&self, n: usize) -> Option<String> {
        let item = &self.overview.items[n];
        let kinds: Vec<&str> = item.findings.iter().map(|finding| finding.kind.as_str()).collect();
        let is_above = item.conflict().is_some() || self.overview.updates.contains(&n);
        is_above.then(|| format!("differs: {}; see {} above", kinds.join(", "), n + 1))
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

    fn doubtful(&mut self) {
        let overview = self.overview;
        let (n_loose, n_pairs) = (overview.loose.len(), overview.doubtful.len());
        if n_loose + n_pairs == 0 {
            return;
        }
        self.page.heading("Perhaps the same, perhaps not", &counted(n_loose + n_pairs, "statement"));
        self.items(&overview.loose, self.limits.only_in);
        for doubtful in overview.doubtful.iter().take(self.limits.only_in) {
            for (n, side) in doubtful.sides.iter().enumerate() {
                let mut runs = self.side_runs(side);
                if n == 1 {
                    runs.push(Run::new(Style::Faint, format!(" ({})", doubtful.line)));
                }
                let letter = overview.letters(&side.reports(), 1);
                let label = if n == 0 { format!("?  {letter}") } else { format!("   {letter}") };
                self.page.item(2, &label, 8, &runs);
            }
        }
        self.cut(overview.doubtful.len(), self.limits.only_in, 5);
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

    fn emphasis(&mut self) {
        let overview = self.overview;
        if overview.reports.len() < 2 {
            return;
        }
        self.page.heading("What each report makes of it", "");
        for line in overview.emphasis.iter().take(self.limits.emphasis) {
            let report = &overview.reports[line.report.index()];
            let told: Vec<&str> = [&line.core, &line.quoted]
                .into_iter()
                .filter(|part| !part.is_empty())
                .map(String::as_str)
                .collect();
            let runs = [Run::plain(&report.name), Run::new(Style::Faint, format!(": {}", told.join("; ")))];
            self.page.item(2, &report.letter, 5, &runs);
            for late in line.late.iter().take(MOST_REASONS) {
                self.page.item(5, "·", 7, &[Run::new(Style::Faint, late)]);
            }
        }
        self.cut(overview.emphasis.len(), self.limits.emphasis, 5);
    }

    fn report_name(&mut self, report: ReportIndex, count: usize) {
        let line = &self.overview.reports[report.index()];
        let runs = [Run::plain(&line.name), Run::new(Style::Faint, format!(" ({count})"))];
        self.page.item(2, &line.letter, 5, &runs);
    }

    fn names(&mut self) {
        let overview = self.overview;
        if overview.names.is_empty() && overview.named_once.is_empty() && overview.namings.is_empty() {
            return;
        }
        self.page.heading("Names", "");
        for name in overview.names.iter().take(self.limits.names) {
            let mut runs = vec![
                Run::new(Style::Strong, &name.name),
                Run::new(Style::Faint, format!(" ({})", name.kind.as_str())),
            ];
            for (n, (reports, forms)) in name.forms.iter().enumerate() {
                runs.push(Run::new(Style::Faint, if n == 0 { ": " } else { "; " }));
                runs.push(Run::new(Style::Strong, overview.letters(reports, MOST_LETTERS)));
                runs.push(Run::plain(format!(" {}", forms.join(", "))));
            }
            self.page.item(2, "", 5, &runs);
        }
        self.cut(overview.names.len(), self.limits.names, 5);
        for naming in overview.namings.iter().take(self.limits.names) {
            let mut runs = vec![Run::new(Style::Strong, "labels")];
            for (n, (reports, labels)) in naming.forms.iter().enumerate() {
                runs.push(Run::new(Style::Faint, if n == 0 { ": " } else { "; " }));
                runs.push(Run::new(Style::Strong, overview.letters(reports, MOST_LETTERS)));
                runs.push(Run::plain(format!(" {}", labels.join(", "))));
            }
            runs.push(Run::new(Style::Faint, format!(" ({})", naming.see())));
            self.page.item(2, "", 5, &runs);
        }
        self.cut(overview.namings.len(), self.limits.names, 5);
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
            for mention in day.mentions.iter().take(self.limits.mentions) {
                let sentence = shorten(vec![Run::plain(&mention.sentence)], self.limits.cell_chars / 4);
                let mut runs = vec![
                    Run::plain(format!("“{}”", mention.time)),
                    Run::new(Style::Faint, format!(" ({}): ", mention.reason)),
                ];
                runs.extend(sentence);
                self.page.item(5, &overview.letters(&mention.reports, MOST_LETTERS), 7, &runs);
            }
            self.cut(day.mentions.len(), self.limits.mentions, 7);
        }
        self.cut(overview.timeline.len(), self.limits.timeline, 2);
    }

    fn lineage(&mut self) {
        let overview = self.overview;
        if overview.reports.len() < 2 {
            return;
        }
        self.page.heading("Who had it from whom", "");
        self.tree();
        for edge in overview.lineage.iter().take(self.limits.lineage) {
            let mut runs = vec![
                Run::new(Style::Strong, &edge.to),
                Run::plain(format!(" {} ", edge.verb)),
                Run::new(Style::Strong, &edge.from),
            ];
            if edge.unseen {
                runs.push(Run::new(Style::Faint, " (not among the reports)"));
            }
            if !edge.evidence.is_empty() {
                runs.push(Run::plain(": “"));
                runs.extend(shorten(vec![Run::plain(&edge.evidence)], self.limits.cell_chars / 3));
                runs.push(Run::plain("”"));
            }
            self.page.item(2, "", 5, &runs);
            self.page.item(5, "→", 7, &[Run::new(Style::Faint, &edge.reason)]);
        }
        self.cut(overview.lineage.len(), self.limits.lineage, 5);
        if overview.lineage.is_empty() {
            self.page.item(2, "", 2, &[Run::plain("No report names or shows another as its source.")]);
        }
        self.passages();
    }

    /// The stemma: below each text those that were made from it.
    fn tree(&mut self) {
        let overview = self.overview;
        for line in overview.tree.iter().take(self.limits.lineage) {
            let mut runs = Vec::new();
            let label = match line.report {
                Some(report) => {
                    let report = &overview.reports[report.index()];
                    runs.push(Run::plain(&report.name));
                    format!("{}{}", line.branch, report.letter)
                }
                None => {
                    runs.push(Run::new(Style::Faint, &line.unseen));
                    format!("{}·", line.branch)
                }
            };
            if !line.how.is_empty() {
                runs.push(Run::new(Style::Faint, format!(": {}", line.how)));
            }
            self.page.item(2, &label, 0, &runs);
        }
        if !overview.tree.is_empty() {
            self.cut(overview.tree.len(), self.limits.lineage, 2);
            self.page.gap();
        }
    }

    fn passages(&mut self) {
        let overview = self.overview;
        let n_passages = overview.passages.len();
        if n_passages == 0 {
            self.page.item(2, "", 2, &[Run::plain("No shared passages outside quotations.")]);
            return;
        }
        let title = format!("{} outside quotations, longest first:", counted(n_passages, "shared passage"));
        self.page.item(2, "", 2, &[Run::plain(title)]);
        for passage in overview.passages.iter().take(self.limits.passages) {
            let letters = overview.letters(&passage.reports, 2);
            let mut runs = vec![Run::new(Style::Faint, format!("{}: ", passage.what()))];
            runs.extend(shorten(passage.runs.clone(), self.limits.cell_chars / 2));
            self.page.item(5, &letters, 6 + letters.len(), &runs);
        }
        self.cut(n_passages, self.limits.passages, 5);
    }
}
