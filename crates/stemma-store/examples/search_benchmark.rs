//! How long searches take in a large store.
//!
//! `cargo run --release -p stemma-store --example search_benchmark -- STORE [N_REPORTS] [N_QUERIES]` fills a new store with
//! generated reports, as many as are asked for (1,000,000), without annotating them, brings them into the index, and measures
//! a mix of searches after some that warm up. A store that is there is used as it is.
//!
//! Words are drawn by Zipf's law from 60,000 made-up ones, so that the most common stand in nearly every report and most of
//! the others in few; a fifth of the reports are near-copies of one of the last thousand. Queries are drawn from the reports.
#![expect(clippy::print_stdout, reason = "a table for the reader")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use jiff::ToSpan;
use jiff::civil::Date;
use rusqlite::{Connection, params};
use stemma_core::ReportId;
use stemma_store::SqliteStore;
use stemma_store::search::{Search, Terms};

const N_WORDS: usize = 60_000;
const N_OUTLETS: usize = 400;
const N_SPEAKERS: usize = 3_000;
const WORDS_OF_A_TEXT: usize = 160;
const WORDS_OF_A_TITLE: usize = 8;
const WORDS_OF_A_QUOTATION: usize = 14;
/// Days over which the reports are spread.
const N_DAYS: usize = 1_000;
const FIRST_DAY: Date = Date::constant(2023, 1, 1);

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Numbers that look drawn (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.roll() % n as u64) as usize
    }

    /// From 0 to 1.
    fn share(&mut self) -> f64 {
        self.roll() as f64 / u64::MAX as f64
    }

    /// A rank below `n` by Zipf's law with exponent 1.
    fn zipf(&mut self, n: usize) -> usize {
        (((n as f64 + 1.0).powf(self.share()) - 1.0) as usize).min(n - 1)
    }
}

/// The word of a rank: short for common ones.
fn word(rank: usize) -> String {
    const STARTS: [&str; 20] = [
        "b", "br", "c", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr",
        "v",
    ];
    const VOWELS: [&str; 6] = ["a", "e", "i", "o", "u", "ea"];
    let mut rest = rank;
    let mut word = String::new();
    loop {
        word += STARTS[rest % 20];
        rest /= 20;
        word += VOWELS[rest % 6];
        rest /= 6;
        if rest == 0 {
            return word + ["n", "l", "r", "st"][rank % 4];
        }
    }
}

fn words(dice: &mut Dice, n: usize) -> String {
    (0..n).map(|_| word(dice.zipf(N_WORDS))).collect::<Vec<_>>().join(" ")
}

fn speaker(n: usize) -> String {
    format!("{} {}", capital(&word(n % 97 + 500)), capital(&word(n + 2_000)))
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

fn outlet(n: usize) -> String {
    format!("{} {}", capital(&word(n + 900)), ["Post", "Times", "Herald", "Radio"][n % 4])
}

fn fill(path: &Path, n_reports: usize) -> Result<()> {
    drop(SqliteStore::open(path)?);
    let mut connection = Connection::open(path)?;
    connection.execute_batch("PRAGMA synchronous = OFF")?;
    let dice = &mut Dice(7);
    let mut latest: Vec<(String, String)> = Vec::new();
    for first in (0..n_reports).step_by(10_000) {
        let transaction = connection.transaction()?;
        {
            let mut report = transaction.prepare_cached(
                "INSERT INTO reports (id, outlet, url, title, published, published_day, text, place, extra) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?3, '{}')",
            )?;
            let mut quotation = transaction.prepare_cached(
                "INSERT INTO quotations (report, number, form, text, speaker, source, manner, negated, start, end) \
                 VALUES (?1, ?2, 'direct', ?3, ?4, ?4, 'neutral', 0, 0, 0)",
            )?;
            let mut entity = transaction.prepare_cached(
                "INSERT INTO entities (report, number, kind, name, n_mentions) VALUES (?1, ?2, ?3, ?4, 1)",
            )?;
            for n in first..(first + 10_000).min(n_reports) {
                let day = FIRST_DAY.checked_add(((n * N_DAYS / n_reports) as i64).days())?;
                let (title, text) = match dice.below(5) {
                    0 if !latest.is_empty() => {
                        let (title, text) = latest[dice.below(latest.len())].clone();
                        (title, format!("{text} {}", words(dice, 8)))
                    }
                    _ => (words(dice, WORDS_OF_A_TITLE), words(dice, WORDS_OF_A_TEXT)),
                };
                let (outlet, url) =
                    (outlet(dice.zipf(N_OUTLETS)), format!("https://host{}.example/{n}", n % N_OUTLETS));
                let id = ReportId::of(Some(&outlet), Some(&url), &text).to_string();
                report.execute(params![id, outlet, url, title, day.to_string(), text])?;
                let number = transaction.last_insert_rowid();
                for n in 0..2 {
                    let who = speaker(dice.zipf(N_SPEAKERS));
                    quotation.execute(params![number, n, words(dice, WORDS_OF_A_QUOTATION), who])?;
                    entity.execute(params![number, 2 * n, "person", who])?;
                    entity.execute(params![
                        number,
                        2 * n + 1,
                        "place",
                        capital(&word(dice.zipf(800) + 4_000))
                    ])?;
                }
                if latest.len() < 1_000 {
                    latest.push((title, text))
                } else {
                    latest[n % 1_000] = (title, text)
                }
            }
        }
        transaction.commit()?;
    }
    Ok(())
}

/// A search and what kind of search it is.
fn query(dice: &mut Dice, connection: &Connection, n_reports: usize) -> Result<(&'static str, Search)> {
    let number = dice.below(n_reports) as i64 + 1;
    let text: String = connection
        .prepare_cached("SELECT text FROM reports WHERE number = ?1")?
        .query_row([number], |row| row.get(0))?;
    let text: Vec<&str> = text.split(' ').collect();
    let at = dice.below(text.len() - 2);
    let terms = |text: &str| Ok::<_, Box<dyn Error>>(Some(Terms::parse(text)?));
    let rare = word(dice.below(N_WORDS - 5_000) + 5_000);
    let middle = word(dice.below(4_500) + 500);
    let common = word(dice.below(60));
    let search = Search { limit: 20, ..Search::default() };
    let who = speaker(dice.zipf(N_SPEAKERS));
    let month = FIRST_DAY.checked_add((dice.below(N_DAYS - 31) as i64).days())?;
    Ok(match dice.below(20) {
        0..=2 => ("a rare word", Search { terms: terms(&rare)?, ..search }),
        3..=5 => ("a word", Search { terms: terms(&middle)?, ..search }),
        6 => ("a very common word", Search { terms: terms(&common)?, ..search }),
        7..=8 => (
            "two words of a report",
            Search { terms: terms(&format!("{} {}", text[at], text[dice.below(text.len())]))?, ..search },
        ),
        9 => ("common and rare", Search { terms: terms(&format!("{common} {rare}"))?, ..search }),
        10..=11 => (
            "a phrase of two",
            Search { terms: terms(&format!("\"{} {}\"", text[at], text[at + 1]))?, ..search },
        ),
        12 => (
            "a phrase of three",
            Search {
                terms: terms(&format!("\"{} {} {}\"", text[at], text[at + 1], text[at + 2]))?,
                ..search
            },
        ),
        13 => (
            "a prefix of five",
            Search { terms: terms(&format!("{}*", middle.chars().take(5).collect::<String>()))?, ..search },
        ),
        14 => (
            "either, without",
            Search { terms: terms(&format!("({middle} OR {rare}) -{common}"))?, ..search },
        ),
        15 => (
            "a word of an outlet",
            Search {
                terms: terms(&middle)?,
                outlet: Some(Terms::phrase(&outlet(dice.zipf(N_OUTLETS)))?),
                ..search
            },
        ),
        16 => (
            "a common word in a month",
            Search {
                terms: terms(&common)?,
                since: Some(month),
                until: Some(month.checked_add(30.days())?),
                ..search
            },
        ),
        17 => (
            "a common word and a speaker",
            Search { terms: terms(&common)?, speaker: Some(Terms::phrase(&who)?), ..search },
        ),
        18 => (
            "all quotations of a speaker",
            Search { quotations: true, speaker: Some(Terms::phrase(&who)?), ..search },
        ),
        _ => (
            "a word in quotations",
            Search { quotations: true, terms: terms(&word(dice.below(2_000) + 50))?, ..search },
        ),
    })
}

/// Time in milliseconds below which the share `part` of all lies.
fn quantile(times: &[f64], part: f64) -> f64 {
    let at = (times.len() as f64 * part).ceil() as usize;
    times[at.clamp(1, times.len()) - 1]
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = Path::new(arguments.first().ok_or("which store?")?);
    let number = |n: usize, default: usize| arguments.get(n).map_or(Ok(default), |text| text.parse());
    let (n_reports, n_queries) = (number(1, 1_000_000)?, number(2, 2_000)?);
    if !path.exists() {
        let start = Instant::now();
        fill(path, n_reports)?;
        println!("{n_reports} reports made in {:.0} s", start.elapsed().as_secs_f64());
    }
    let mut store = SqliteStore::open(path)?;
    let (n_left, start) = (store.n_unsearched()?, Instant::now());
    if n_left > 0 {
        store.update_search(|_| ())?;
        let seconds = start.elapsed().as_secs_f64();
        println!("{n_left} reports indexed in {seconds:.0} s, {:.0} a second", n_left as f64 / seconds);
    }
    println!("{:.2} GB", std::fs::metadata(path)?.len() as f64 / 1e9);
    let connection = Connection::open(path)?;
    let n_reports: i64 = connection.query_row("SELECT max(number) FROM reports", [], |row| row.get(0))?;
    let n_reports = usize::try_from(n_reports)?;
    let mut times: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let dice = &mut Dice(11);
    for n in 0..n_queries + n_queries / 4 {
        let (kind, search) = query(dice, &connection, n_reports)?;
        let start = Instant::now();
        let hits = store.search(&search)?;
        let time = start.elapsed().as_secs_f64() * 1000.0;
        assert!(hits.hits.len() <= 20);
        if n >= n_queries / 4 {
            times.entry("all").or_default().push(time);
            times.entry(kind).or_default().push(time);
        }
    }
    println!("{:28} {:>6} {:>8} {:>8} {:>8} {:>8}  ms", "", "n", "median", "p90", "p99", "worst");
    for (kind, mut times) in times {
        times.sort_by(f64::total_cmp);
        let at = |part| quantile(&times, part);
        println!(
            "{kind:28} {:6} {:8.1} {:8.1} {:8.1} {:8.1}",
            times.len(),
            at(0.5),
            at(0.9),
            at(0.99),
            at(1.0)
        );
    }
    Ok(())
}
