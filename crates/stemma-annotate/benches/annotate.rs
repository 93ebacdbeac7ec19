//! Reports and bytes per second of annotating, as a whole and by stage.

mod reports;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput};
use stemma_annotate::{
    Annotator, find_figures, find_quotes, find_segments, find_statements, find_times, split_sentences,
    tokenize,
};
use stemma_core::Report;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    whole_reports(&mut criterion);
    a_day(&mut criterion);
    stages(&mut criterion);
    loading(&mut criterion);
    criterion.final_summary();
}

fn whole_reports(criterion: &mut Criterion) {
    let annotator = Annotator::load();
    let mut group = criterion.benchmark_group("annotate");
    for (name, report) in
        [("short", reports::short()), ("usual", reports::usual(1, 1)), ("long", reports::long())]
    {
        let report = Arc::new(report);
        let layers = annotator.annotate(Arc::clone(&report));
        let layers = layers.layers();
        assert!(!layers.statements.is_empty() && !layers.attributions.is_empty() && !layers.times.is_empty());
        assert!(!layers.figures.is_empty() && !layers.mentions.is_empty());
        group.throughput(Throughput::Bytes(report.text().len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| annotator.annotate(black_box(Arc::clone(&report))))
        });
    }
    group.finish();
}

fn a_day(criterion: &mut Criterion) {
    let annotator = Annotator::load();
    let day: Vec<Arc<Report>> = reports::day(20, 5).into_iter().map(Arc::new).collect();
    let statements = || -> usize {
        day.iter().map(|report| annotator.annotate(Arc::clone(report)).layers().statements.len()).sum()
    };
    assert!(statements() > day.len());
    let mut group = criterion.benchmark_group("annotate a day");
    group.throughput(Throughput::Elements(day.len() as u64));
    group.sample_size(10);
    group.bench_function("100 usual reports", |bencher| bencher.iter(statements));
    group.finish();
}

fn stages(criterion: &mut Criterion) {
    let report = reports::long();
    let text = report.text();
    let annotator = Annotator::load();
    let document = annotator.annotate(Arc::new(report.clone()));
    let layers = document.layers();
    let (tokens, segments, sentences, quotes) =
        (&layers.tokens, &layers.segments, &layers.sentences, &layers.quotes);
    let mut group = criterion.benchmark_group("stage");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("tokens", |b| b.iter(|| tokenize(black_box(text))));
    group.bench_function("segments", |b| b.iter(|| find_segments(text, black_box(tokens), None)));
    group.bench_function("quotes", |b| {
        b.iter(|| find_quotes(text, black_box(tokens), segments, &mut Vec::new()))
    });
    group.bench_function("sentences", |b| {
        b.iter(|| split_sentences(text, black_box(tokens), segments, quotes))
    });
    group.bench_function("times", |b| {
        b.iter(|| find_times(text, black_box(tokens), sentences, layers.published))
    });
    group.bench_function("figures", |b| {
        b.iter(|| find_figures(text, black_box(tokens), sentences, &layers.times))
    });
    group.bench_function("statements", |b| {
        b.iter(|| {
            find_statements(text, black_box(tokens), segments, sentences, quotes, &layers.attributions)
        });
    });
    let names = stemma_annotate::Names::load();
    group.bench_function("names", |b| {
        b.iter(|| names.find(text, black_box(tokens), segments, sentences, quotes))
    });
    let cues = stemma_annotate::Cues::load();
    let found_parts = annotator.find_parts(&document);
    group.bench_function("attributions", |b| {
        let prose = stemma_annotate::Prose { text, tokens, parts: &found_parts, segments, sentences, quotes };
        b.iter(|| stemma_annotate::find_attributions(black_box(prose), &layers.mentions, &cues));
    });
    group.finish();
    let parts = stemma_annotate::Parts::load();
    let mut group = criterion.benchmark_group("parts of speech");
    group.throughput(Throughput::Elements(tokens.len() as u64));
    group.bench_function("tokens", |b| {
        b.iter(|| stemma_annotate::find_parts(text, black_box(tokens), segments, sentences, &parts))
    });
    group.finish();
}

fn loading(criterion: &mut Criterion) {
    criterion.bench_function("load the word lists", |bencher| bencher.iter(Annotator::load));
}
