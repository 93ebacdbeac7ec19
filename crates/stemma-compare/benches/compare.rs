//! Time to compare stories of 3, 10 and 50 reports of 600 words.

#[path = "../../stemma-annotate/benches/reports/mod.rs"]
mod reports;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput};
use stemma_annotate::Annotator;
use stemma_core::Story;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    stories(&mut criterion);
    criterion.final_summary();
}

fn stories(criterion: &mut Criterion) {
    let annotator = Annotator::load();
    let mut group = criterion.benchmark_group("compare");
    group.sample_size(10);
    for count in [3, 10, 50] {
        let documents = reports::story(count).into_iter().map(|report| annotator.annotate(Arc::new(report)));
        let story = Story::new(documents.collect());
        let comparison = stemma_compare::compare(&story);
        assert!(!comparison.utterances.is_empty() && !comparison.facts.is_empty());
        assert!(!comparison.witnesses.is_empty());
        group.throughput(Throughput::Elements(count));
        group.bench_function(format!("{count} reports"), |bencher| {
            bencher.iter(|| stemma_compare::compare(black_box(&story)));
        });
    }
    group.finish();
}
