//! Puts Stemma's reading of pages beside other crates that find the article in a page: quality and speed, in one run.
//!
//!     cargo run --release --manifest-path bench/extraction/Cargo.toml -- PAGES
//!
//! PAGES is a file of records as `stemma eval extraction` reads them (`dev.jsonl.gz` of the gold data). Each crate runs with
//! its default settings on one thread; a page on which it panics or finds nothing is one without text. Times include parsing.

use std::panic::{catch_unwind, set_hook};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use stemma_core::Origin;
use stemma_eval::extraction::evaluate_other;
use stemma_read::{Format, read_text};

type Extract = fn(&str) -> Option<String>;

const EXTRACTORS: [(&str, Extract); 7] = [
    ("Stemma", stemma),
    ("trafilatura 0.6", |page| {
        let options = trafilatura::Options::default().with_fallback(true).with_exclude_comments(true);
        Some(trafilatura::extract(page, &options).ok()?.content_text)
    }),
    ("rs-trafilatura 0.2", |page| Some(rs_trafilatura::extract(page).ok()?.content_text)),
    ("dom_smoothie 0.19", |page| {
        let article = dom_smoothie::Readability::new(page, None, None).ok()?.parse().ok()?;
        Some(article.text_content.to_string())
    }),
    ("libreadability 0.3", |page| Some(libreadability::extract(page, None).ok()?.text_content)),
    ("readabilityrs 0.1", |page| readabilityrs::Readability::new(page, None, None).ok()?.parse()?.text_content),
    ("dom-content-extraction 0.4", |page| {
        let page = dom_content_extraction::scraper::Html::parse_document(page);
        dom_content_extraction::get_content(&page).ok()
    }),
];

fn stemma(page: &str) -> Option<String> {
    let reading = read_text(page.to_owned(), Some(Format::Html), &Origin::whole("page"));
    Some(reading.reports.first()?.text().to_owned())
}

fn main() -> ExitCode {
    let Some(pages) = std::env::args_os().nth(1) else {
        eprintln!("usage: compare-extraction PAGES (a file of records, as stemma eval extraction reads)");
        return ExitCode::from(2);
    };
    // What panics is counted as a page without text.
    set_hook(Box::new(|_| {}));
    println!("| | precision | recall | F1 | pages/s | time, Stemma = 1 |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    let mut own = None;
    for (name, extract) in EXTRACTORS {
        let time = std::cell::Cell::new(Duration::ZERO);
        let timed = |page: &str| {
            let start = Instant::now();
            let text = catch_unwind(|| extract(page)).ok().flatten().unwrap_or_default();
            time.set(time.get() + start.elapsed());
            text
        };
        let evaluation = match evaluate_other(Path::new(&pages), timed) {
            Ok(evaluation) => evaluation,
            Err(error) => {
                eprintln!("compare-extraction: {error}");
                return ExitCode::from(3);
            }
        };
        let seconds = time.get().as_secs_f64();
        let figure = |n: usize| evaluation.figures[n].1;
        println!(
            "| {name} | {:.3} | {:.3} | {:.3} | {:.0} | {:.2} |",
            figure(0),
            figure(1),
            figure(2),
            evaluation.items.len() as f64 / seconds,
            seconds / *own.get_or_insert(seconds),
        );
    }
    ExitCode::SUCCESS
}
