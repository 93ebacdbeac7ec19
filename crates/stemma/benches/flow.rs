//! The whole flow as a person waits for it: annotate, compare, render.

#[path = "../../stemma-annotate/benches/reports/mod.rs"]
mod reports;

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use stemma::{Engine, render};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    flow(&mut criterion);
    rendering(&mut criterion);
    criterion.final_summary();
}

fn flow(criterion: &mut Criterion) {
    let engine = Engine::load();
    let mut group = criterion.benchmark_group("reports to text");
    group.sample_size(10);
    for (count, threads) in [(3, 1), (10, 1), (50, 1), (50, 2)] {
        let given = reports::story(count);
        let page = || {
            let compared = engine.compare(engine.annotate(black_box(given.clone()), threads));
            render::text(&compared.story, &compared.comparison, &render::TextOptions::default())
        };
        assert!(page().starts_with(&format!("{count} reports")));
        group.throughput(Throughput::Elements(count));
        group.bench_function(format!("{count} reports, threads: {threads}"), |bencher| bencher.iter(page));
    }
    group.finish();
}

fn rendering(criterion: &mut Criterion) {
    let engine = Engine::load();
    let compared = engine.compare(engine.annotate(reports::story(10), 1));
    let text = || render::text(&compared.story, &compared.comparison, &render::TextOptions::default());
    assert!(!text().is_empty());
    let mut group = criterion.benchmark_group("render 10 reports");
    group.bench_function("text", |bencher| bencher.iter(text));
    group.finish();
}
