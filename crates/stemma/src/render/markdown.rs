//! A comparison as Markdown: the same selection and cuts as the text, with tables for reports and names.
//!
//! Words that differ are bold. Everything that comes from a report is escaped, so it cannot become markup.

use std::fmt::Write as _;

use stemma_core::{Comparison, ReportIndex, Story};

use super::Limits;
use super::overview::{Item, Overview, Side, counted, kind_title};
use super::runs::{Run, Style, shorten};

/// See [`super::markdown`].
pub(super) fn render(story: &Story, comparison: &Comparison, all: bool) -> String {
    let overview = Overview::new(story, comparison);
    let mut writer =
        Writer { overview: &overview, limits: Limits::of(all, story.documents().len()), out: String::new() };
    writer.reports();
    writer.conflicts();
    writer.items_section("What independent witnesses share", &overview.core, writer.limits.core);
    writer.items_section("Shared inside one witness only", &overview.copied, writer.limits.core);
    writer.items_section("Who is quoted, in which words", &overview.utterances, writer.limits.utterances);
    writer.only_in();
    writer.doubtful();
    writer.omissions();
    writer.emphasis();
    writer.names();
    writer.timeline();
    writer.lineage();
    writer.out
}

struct Writer<'a> {
    overview: &'a Overview,
    limits: Limits,
    out: String,
}

impl Writer<'_> {
    fn line(&mut self, line: impl AsRef<str>) {
        self.out.push_str(line.as_ref());
        self.out.push('\n');
    }

    fn heading(&mut self, level: usize, title: &str) {
        let gap = if self.out.ends_with("\n\n") { "" } else { "\n" };
        self.line(format!("{gap}{} {title}\n", "#".repeat(level)));
    }

    fn cut(&mut self, n_all: usize, n_shown: usize, indent: &str) {
        if n_all > n_shown {
            self.line(format!("{indent}- … {} more (`--all` shows them)", n_all - n_shown));
        }
    }

    fn reports(&mut self) {
        let overview = self.overview;
        self.line(format!("# {}\n", escape(overview.headline().unwrap_or("Comparison of reports"))));
        self.line(format!("**{}**\n", overview.summary()));
        self.line("| | Report | Published | Words | Title | Credits |");
        self.line("|---|---|---|---:|---|---|");
        for report in &overview.reports {
            self.line(format!(
                "| **{}** | {} | {} | {} | {} | {} |",
                report.letter,
                escape(&report.name),
                escape(report.date.as_deref().unwrap_or_default()),
                report.n_words,
                escape(report.title.as_deref().unwrap_or_default()),
                escape(&report.credits.join(", ")),
            ));
        }
        if overview.witnesses.iter().any(|witness| witness.len() > 1) {
            let letters =
                |reports: &Vec<ReportIndex>| overview.letters(reports, usize::MAX).replace(' ', "+");
            let groups: Vec<String> = overview.witnesses.iter().map(letters).collect();
            self.line(format!("\nWitnesses: {} (reports joined by + count once)", groups.join(", ")));
        }
    }

    fn conflicts(&mut self) {
        let overview = self.overview;
        if !overview.conflicts.is_empty() {
            self.heading(2, "Where they disagree");
        }
        for (kind, items) in &overview.conflicts {
            self.heading(3, kind_title(*kind));
            self.items(items, self.limits.conflicts);
        }
        if !overview.updates.is_empty() {
            self.heading(2, "Updated by later reports");
            self.items(&overview.updates, self.limits.conflicts);
        }
    }

    fn items(&mut self, items: &[usize], most: usize) {
        for &n in items.iter().take(most) {
            self.item(n);
        }
        self.cut(items.len(), most, "");
    }

    fn item(&mut self, n: usize) {
        let item = &self.overview.items[n];
        let speaker =
            item.speaker.as_deref().map(|name| format!(" **{}**", escape(name))).unwrap_or_default();
        let score = if item.is_loose() { format!(" · score {:.2}", item.score) } else { String::new() };
        self.line(format!("- {} ·{speaker} {}{score}", n + 1, counted(item.n_witnesses, "witness")));
        let most = self.limits.cells.min(item.sides.len());
        for side in &item.sides[..most] {
            self.side(side);
        }
        self.cut(item.sides.len(), most, "  ");
        for finding in &item.findings {
            let line = escape(&finding.line(self.limits.cells));
            self.line(format!("  - *{}:* {line}", finding.kind.as_str()));
        }
    }

    fn side(&mut self, side: &Side) {
        let letters = self.overview.letters(&side.reports(), usize::MAX);
        let source =
            if side.source.is_empty() { String::new() } else { format!(" — {}", marked(&side.source)) };
        let words = marked(&shorten(side.runs.clone(), self.limits.cell_chars));
        let doubt = side.doubt.as_ref().map(|doubt| format!(" ({doubt})")).unwrap_or_default();
        self.line(format!("  - **{letters}**: {words}{source}{doubt}"));
    }

    /// Items in full, or a pointer to where they stand in full above.
    fn items_section(&mut self, title: &str, items: &[usize], most: usize) {
        let overview = self.overview;
        if items.is_empty() {
            return;
        }
        self.heading(2, title);
        let is_above = |item: &Item, n: &usize| item.conflict().is_some() || overview.updates.contains(n);
        for n in items.iter().take(most) {
            let item = &overview.items[*n];
            if is_above(item, n) {
                let words = shorten(vec![Run::plain(item.sides[0].words())], self.limits.cell_chars / 4);
                let letters = overview.letters(&item.carried_by(), usize::MAX);
                self.line(format!("- {} · **{letters}**: {} (see {} above)", n + 1, marked(&words), n + 1));
            } else {
                self.item(*n);
            }
        }
        self.cut(items.len(), most, "");
    }

    fn report_name(&mut self, report: ReportIndex) {
        let line = &self.overview.reports[report.index()];
        self.line(format!("- **{}** {}", line.letter, escape(&line.name)));
    }

    fn only_in(&mut self) {
        let overview = self.overview;
        if !overview.only_in.is_empty() {
            self.heading(2, "Only in one witness");
        }
        for (report, sides) in &overview.only_in {
            self.report_name(*report);
            for side in sides.iter().take(self.limits.only_in) {
                let source = if side.source.is_empty() {
                    String::new()
                } else {
                    format!(" — {}", marked(&side.source))
                };
                let words = marked(&shorten(side.runs.clone(), self.limits.cell_chars));
                self.line(format!("  - {words}{source}"));
            }
            self.cut(sides.len(), self.limits.only_in, "  ");
        }
    }

    fn doubtful(&mut self) {
        let overview = self.overview;
        if overview.loose.len() + overview.doubtful.len() > 0 {
            self.heading(2, "Perhaps the same, perhaps not");
        }
        self.items(&overview.loose, self.limits.only_in);
        for doubtful in overview.doubtful.iter().take(self.limits.only_in) {
            self.line(format!("- score {}", escape(&doubtful.line)));
            doubtful.sides.iter().for_each(|side| self.side(side));
        }
        self.cut(overview.doubtful.len(), self.limits.only_in, "");
    }

    fn omissions(&mut self) {
        let overview = self.overview;
        if !overview.omissions.is_empty() {
            self.heading(2, "Left out");
        }
        for (report, omitted) in &overview.omissions {
            self.report_name(*report);
            for each in omitted.iter().take(self.limits.omissions) {
                let words = marked(&shorten(each.side.runs.clone(), self.limits.cell_chars / 2));
                self.line(format!("  - {words} (in {})", overview.letters(&each.carried_by, usize::MAX)));
            }
            self.cut(omitted.len(), self.limits.omissions, "  ");
        }
    }

    fn names(&mut self) {
        let overview = self.overview;
        if overview.names.is_empty() && overview.named_once.is_empty() && overview.namings.is_empty() {
            return;
        }
        self.heading(2, "Names");
        for name in overview.names.iter().take(self.limits.names) {
            let in_report = |(reports, forms): &(Vec<ReportIndex>, Vec<String>)| {
                format!("**{}** {}", overview.letters(reports, usize::MAX), escape(&forms.join(", ")))
            };
            let forms: Vec<String> = name.forms.iter().map(in_report).collect();
            self.line(format!("- {} ({}): {}", escape(&name.name), name.kind.as_str(), forms.join("; ")));
        }
        self.cut(overview.names.len(), self.limits.names, "");
        for naming in overview.namings.iter().take(self.limits.names) {
            let in_reports = |(reports, labels): &(Vec<ReportIndex>, Vec<String>)| {
                format!("**{}** {}", overview.letters(reports, usize::MAX), escape(&labels.join(", ")))
            };
            let forms: Vec<String> = naming.forms.iter().map(in_reports).collect();
            self.line(format!("- labels: {} ({})", forms.join("; "), naming.see()));
        }
        self.cut(overview.namings.len(), self.limits.names, "");
        for (report, names) in &overview.named_once {
            let names: Vec<String> = names.iter().map(|name| escape(name)).collect();
            self.line(format!(
                "- only in **{}**: {}",
                overview.reports[report.index()].letter,
                names.join(", ")
            ));
        }
    }

    fn timeline(&mut self) {
        let overview = self.overview;
        if !overview.timeline.is_empty() {
            self.heading(2, "When");
        }
        for day in overview.timeline.iter().take(self.limits.timeline) {
            self.line(format!("- **{}**", day.days));
            for mention in day.mentions.iter().take(self.limits.mentions) {
                let sentence = vec![Run::plain(&mention.sentence)];
                let sentence = marked(&shorten(sentence, self.limits.cell_chars / 3));
                let letters = overview.letters(&mention.reports, usize::MAX);
                let (time, reason) = (escape(&mention.time), escape(&mention.reason));
                self.line(format!("  - **{letters}** “{time}” ({reason}): {sentence}"));
            }
            self.cut(day.mentions.len(), self.limits.mentions, "  ");
        }
        self.cut(overview.timeline.len(), self.limits.timeline, "");
    }

    fn emphasis(&mut self) {
        let overview = self.overview;
        if overview.reports.len() < 2 {
            return;
        }
        self.heading(2, "What each report makes of it");
        for line in overview.emphasis.iter().take(self.limits.emphasis) {
            let report = &overview.reports[line.report.index()];
            let parts = [&line.core, &line.quoted].into_iter().chain(&line.late);
            let told: Vec<&str> = parts.filter(|part| !part.is_empty()).map(String::as_str).collect();
            self.line(format!(
                "- **{}** {}: {}",
                report.letter,
                escape(&report.name),
                escape(&told.join("; "))
            ));
        }
        self.cut(overview.emphasis.len(), self.limits.emphasis, "");
    }

    /// The stemma as nested lists: below each text those that were made from it.
    fn tree(&mut self) {
        let overview = self.overview;
        for line in overview.tree.iter().take(self.limits.lineage) {
            let depth = line.branch.chars().count() / 3;
            let who = match line.report {
                Some(report) => {
                    let report = &overview.reports[report.index()];
                    format!("**{}** {}", report.letter, escape(&report.name))
                }
                None => escape(&line.unseen),
            };
            let how = if line.how.is_empty() { String::new() } else { format!(": {}", escape(&line.how)) };
            self.line(format!("{}- {who}{how}", "  ".repeat(depth)));
        }
        self.cut(overview.tree.len(), self.limits.lineage, "");
        if !overview.tree.is_empty() {
            self.line("");
            self.line("How it shows:");
            self.line("");
        }
    }

    fn lineage(&mut self) {
        let overview = self.overview;
        if overview.reports.len() < 2 {
            return;
        }
        self.heading(2, "Who had it from whom");
        self.tree();
        for edge in overview.lineage.iter().take(self.limits.lineage) {
            let unseen = if edge.unseen { " (not among the reports)" } else { "" };
            let evidence = marked(&shorten(vec![Run::plain(&edge.evidence)], self.limits.cell_chars / 3));
            let evidence = if evidence.is_empty() { evidence } else { format!(": “{evidence}”") };
            let from = escape(&edge.from);
            self.line(format!("- **{}** {} **{from}**{unseen}{evidence}", edge.to, edge.verb));
            self.line(format!("  - {}", escape(&edge.reason)));
        }
        self.cut(overview.lineage.len(), self.limits.lineage, "");
        if overview.lineage.is_empty() {
            self.line("- No report names or shows another as its source.");
        }
        for passage in overview.passages.iter().take(self.limits.passages) {
            let words = marked(&shorten(passage.runs.clone(), self.limits.cell_chars / 2));
            let letters = overview.letters(&passage.reports, 2);
            self.line(format!("- **{letters}** share {}: {words}", passage.what()));
        }
        self.cut(overview.passages.len(), self.limits.passages, "");
        if overview.passages.is_empty() {
            self.line("- No shared passages outside quotations.");
        }
    }
}

/// Runs as Markdown. Marks stand tight around the words, as `**` asks for.
fn marked(runs: &[Run]) -> String {
    let mut out = String::new();
    for run in runs {
        let text = escape(&run.text);
        let inner = text.trim();
        let (before, after) = (run.text.starts_with(' '), run.text.len() > 1 && run.text.ends_with(' '));
        let sign = match run.style {
            Style::Old | Style::New | Style::Strong if !inner.is_empty() => "**",
            _ => "",
        };
        let space = |space: bool| if space { " " } else { "" };
        write!(out, "{}{sign}{inner}{sign}{}", space(before), space(after))
            .expect("writing to a string cannot fail");
    }
    out
}

/// `text` with a backslash before every character that Markdown might read as markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (n, c) in text.chars().enumerate() {
        let starts_block = n == 0 && matches!(c, '#' | '+' | '-' | '=');
        if starts_block || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '!')
        {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_cannot_bring_markup() {
        insta::assert_snapshot!(escape("# <b>*x*</b> | [a](b) `c` A&B"), @r"\# \<b\>\*x\*\</b\> \| \[a\](b) \`c\` A\&B");
        let runs = [Run::plain("we "), Run::new(Style::New, "will not "), Run::plain("go")];
        insta::assert_snapshot!(marked(&runs), @"we **will not** go");
    }
}
