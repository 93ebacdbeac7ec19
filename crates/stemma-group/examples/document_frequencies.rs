//! Counts in how many texts each stem stands: `cargo run -p stemma-group --example document_frequencies < TEXTS`.
//!
//! One text a line on standard input. Prints the number of texts, and then stem, tab, count for each stem that stands in
//! three texts or more, most common first. This made `data/document_frequencies.txt`.
#![expect(clippy::print_stdout, reason = "a command for the terminal")]

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::Arc;

use stemma_annotate::Annotator;
use stemma_core::{Origin, Report, ReportDraft};
use stemma_group::Terms;

fn main() -> std::io::Result<()> {
    let annotator = Annotator::load();
    let (mut n_texts, mut counts) = (0, BTreeMap::<String, u32>::new());
    for line in std::io::stdin().lock().lines() {
        let draft = ReportDraft { text: line?, ..ReportDraft::default() };
        let document = annotator.annotate(Arc::new(Report::new(draft, Origin::whole("-"))));
        n_texts += 1;
        for (term, _) in Terms::of(&document).iter().filter(|(term, _)| !term.starts_with("name:")) {
            *counts.entry(term.to_owned()).or_default() += 1;
        }
    }
    let mut counts: Vec<(String, u32)> = counts.into_iter().filter(|&(_, count)| count >= 3).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    println!("{n_texts}");
    counts.iter().for_each(|(term, count)| println!("{term}\t{count}"));
    Ok(())
}
