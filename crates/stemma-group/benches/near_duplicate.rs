//! Time to sketch a report, and to find its duplicates among others.

#[path = "../../stemma-annotate/benches/reports/mod.rs"]
mod reports;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput};
use stemma_annotate::Annotator;
use stemma_core::Document;
use stemma_group::{DuplicateOptions, Duplicates, Sketch};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    near_duplicates(&mut criterion);
    criterion.final_summary();
}

fn near_duplicates(criterion: &mut Criterion) {
    let annotator = Annotator::load();
    // Reports of one story share passages, so that there is something to find.
    let documents: Vec<Document> =
        reports::story(200).into_iter().map(|report| annotator.annotate(Arc::new(report))).collect();
    let mut group = criterion.benchmark_group("near duplicates");
    group.throughput(Throughput::Elements(1));
    assert!(Sketch::of(&documents[0]).is_some());
    group.bench_function("sketch of a report", |bencher| {
        bencher.iter(|| Sketch::of(black_box(&documents[0])));
    });
    group.sample_size(10);
    for kept_texts in [200, 0] {
        let options = DuplicateOptions { kept_texts, ..DuplicateOptions::default() };
        let add =
            |mut known: Duplicates| documents.iter().map(|document| known.add(document).len()).sum::<usize>();
        assert!(add(Duplicates::new(options)) > 0);
        group.throughput(Throughput::Elements(200));
        let name = if kept_texts == 0 { "200 reports, by sketches" } else { "200 reports, counted" };
        group.bench_function(name, |bencher| {
            bencher.iter_batched(|| Duplicates::new(options), add, BatchSize::SmallInput);
        });
    }
    group.finish();
}
