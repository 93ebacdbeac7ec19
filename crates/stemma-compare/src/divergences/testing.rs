//! For tests of detectors: the divergences of one kind between two short reports.

use std::sync::Arc;

use stemma_core::{Report, Story};

/// One line for each divergence of `kind`: the reason, and the evidence on either side.
pub(super) fn found(kind: &str, texts: [&str; 2]) -> String {
    let annotator = stemma_annotate::Annotator::load();
    let annotate = |text: &str| annotator.annotate(Arc::new(Report::of_text(text)));
    let story = Story::new(texts.into_iter().map(annotate).collect());
    let comparison = crate::compare(&story);
    let mut lines = Vec::new();
    for (_, alignment) in comparison.alignments() {
        for divergence in alignment.divergences.iter().filter(|d| d.kind.as_str() == kind) {
            let evidence = |n: usize| {
                let cell = &alignment.cells[divergence.cells[n]];
                story.document(cell.report).slices(&divergence.evidence[n])
            };
            lines.push(format!("{} [{}] [{}]", divergence.reason, evidence(0), evidence(1)));
        }
    }
    lines.join("\n")
}
