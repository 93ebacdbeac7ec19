//! Small inputs, and views of what was read of them.
#![allow(dead_code, unreachable_pub, reason = "each test takes what it needs")]

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use flate2::{Compression, write::GzEncoder};
use stemma_core::{Origin, Report};
use stemma_read::{Reading, read_bytes};

/// A page with an article on `topic`.
pub fn page(topic: &str) -> String {
    format!(
        "<html lang=\"en\"><head><title>The {topic} reopens</title></head><body><article><h1>The {topic} reopens</h1>\
         <p>The {topic} was opened again on Monday after nine months of work, and some two hundred people came to see it.</p>\
         <p>“We waited long enough,” said Mayor Ida Holm, who cut a ribbon at six o’clock in front of the old market hall.</p>\
         <p>The work cost 14 million crowns, three more than was planned, according to the port authority.</p></article></body></html>"
    )
}

/// Gzip of `bytes`.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Zstandard frame of `bytes`.
pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut packer = zstd::bulk::Compressor::new(1).unwrap();
    packer.include_checksum(true).unwrap();
    packer.compress(bytes).unwrap()
}

/// ZIP archive of files.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Tar archive of files.
pub fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A report, part by part, and its text; lines of more than `most` characters are cut.
pub fn report_view(report: &Report, most: usize) -> String {
    let published = report.published().map(|published| published.to_string());
    let extra = serde_json::Value::Object(report.extra().clone()).to_string();
    let parts = [
        ("id", report.given_id()),
        ("outlet", report.outlet()),
        ("title", report.title()),
        ("published", published.as_deref()),
        ("byline", report.byline()),
        ("url", report.url()),
        ("language", report.language()),
        ("extra", Some(extra.as_str()).filter(|extra| *extra != "{}")),
    ];
    let mut out = format!("# {}\n", report.origin());
    for (name, part) in parts {
        if let Some(part) = part {
            writeln!(out, "{name}: {part}").unwrap();
        }
    }
    for line in report.text().lines() {
        let cut: String = line.chars().take(most).collect();
        writeln!(out, "| {cut}").unwrap();
    }
    out
}

/// What was read, part by part, then failures and notices.
pub fn view(reading: &Reading) -> String {
    let reports = reading.reports.iter().map(|report| report_view(report, 90));
    reports.collect::<String>() + &troubles(reading)
}

fn troubles(reading: &Reading) -> String {
    let failures = reading.failures.iter().map(|failure| format!("error: {failure}\n"));
    let notices = reading.notices.iter().map(|notice| format!("notice: {notice}\n"));
    failures.chain(notices).collect()
}

/// [`view`] of what is read of `bytes`.
pub fn told(bytes: Vec<u8>, place: &str) -> String {
    view(&read_bytes(bytes, None, &Origin::whole(place)))
}

/// One line for each report: where, the third word of its title or its first words, and where in an archive it stands.
pub fn told_short(bytes: Vec<u8>, place: &str) -> String {
    let reading = read_bytes(bytes, None, &Origin::whole(place));
    let mut out = String::new();
    for report in &reading.reports {
        let topic = report.title().and_then(|title| title.split(' ').nth(1));
        let offset =
            report.extra().get("warc_offset").map(|offset| format!(" @{offset}")).unwrap_or_default();
        let words: String = report.text().chars().take(30).collect();
        writeln!(out, "{}: {}{offset}", report.origin(), topic.unwrap_or(&words)).unwrap();
    }
    out + &troubles(&reading)
}

/// Time that the processors spent on this process; where the system does not tell, time that went by. Other programs on the same
/// machine do not count that way.
pub fn time_spent(start: Instant) -> Duration {
    let told = || {
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        // Behind the name, which may hold anything, fields 14 and 15 of the whole: hundredths of a second.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        Some(Duration::from_millis(10 * ticks))
    };
    told().unwrap_or_else(|| start.elapsed())
}
