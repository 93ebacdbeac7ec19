//! Tables as CSV (RFC 4180): a heading, commas, CRLF, quotation marks where they are needed, UTF-8 without a mark of order.
//!
//! A spreadsheet runs text that starts with `=`, `+`, `-`, `@`, a tab or a line break as a formula, and whoever writes a feed
//! can write that into a headline. Unless the cells are asked for as they are, such text gets a `'` in front, as OWASP
//! advises, and control characters other than line breaks and tabs become U+FFFD. Numbers are put out as they are.

use super::Subject;
use super::tables::{Table, Value};

/// How text is written into cells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Cells {
    /// Made safe for spreadsheets.
    #[default]
    Guarded,
    /// As it stands in the report.
    AsTheyAre,
}

/// One table of all stories.
pub fn csv(subjects: &[Subject], table: Table, cells: Cells) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let mut write = |row: Vec<String>| {
        writer.write_record(row).expect("writing to memory cannot fail, and rows are as long as the heading")
    };
    write(table.columns().iter().map(|&column| column.to_owned()).collect());
    for subject in subjects {
        for row in table.rows(subject) {
            let row = row.into_iter().map(|value| match (value, cells) {
                (Value::Plain(value), _) | (Value::Text(value), Cells::AsTheyAre) => value,
                (Value::Text(value), Cells::Guarded) => guarded(&value),
            });
            write(row.collect());
        }
    }
    let bytes = writer.into_inner().expect("flushing to memory cannot fail");
    String::from_utf8(bytes).expect("only text was written")
}

/// `value` as a spreadsheet shows it and does not run it.
fn guarded(value: &str) -> String {
    let shown: String =
        value
            .chars()
            .map(|c| {
                if c.is_control() && !matches!(c, '\n' | '\r' | '\t') {
                    char::REPLACEMENT_CHARACTER
                } else {
                    c
                }
            })
            .collect();
    let runs = shown.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if runs { format!("'{shown}") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    fn parsed(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn a_story_as_tables() {
        let subject = [testing::example("bill")];
        let tables =
            Table::ALL.map(|table| format!("{}\n{}", table.as_str(), csv(&subject, table, Cells::Guarded)));
        insta::assert_snapshot!(tables.join("\n").replace("\r\n", "\n"));
    }

    #[test]
    fn rows_are_as_long_as_the_heading_and_run_nothing() {
        let subjects = [testing::hostile(), testing::example("summit")];
        for table in Table::ALL {
            let rows = parsed(&csv(&subjects, table, Cells::Guarded));
            assert!(rows.len() > 1, "{table:?} is empty");
            assert_eq!(rows[0], table.columns());
            for cell in rows.iter().flatten() {
                let is_number = cell.parse::<f64>().is_ok();
                assert!(
                    is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']),
                    "{table:?}: {cell}"
                );
                assert!(!cell.contains(['\u{0}', '\u{1b}']), "{cell:?}");
            }
        }
    }

    #[test]
    fn unguarded_cells_come_back_as_they_were() {
        let subject = testing::hostile();
        let rows = parsed(&csv(std::slice::from_ref(&subject), Table::Reports, Cells::AsTheyAre));
        let column = |name: &str| Table::Reports.columns().iter().position(|column| *column == name).unwrap();
        for (row, report) in rows[1..].iter().zip(&subject.comparison.reports) {
            assert_eq!(Some(&row[column("title")]), report.title.as_ref());
            assert_eq!(Some(&row[column("outlet")]), report.outlet.as_ref());
        }
    }

    #[test]
    fn spans_point_at_the_words() {
        let subject = testing::example("summit");
        let columns = Table::Quotations.columns();
        let column = |name: &str| columns.iter().position(|column| *column == name).unwrap();
        let rows = parsed(&csv(std::slice::from_ref(&subject), Table::Quotations, Cells::AsTheyAre));
        for row in &rows[1..] {
            let report =
                subject.comparison.reports.iter().find(|report| report.id == row[column("report")]).unwrap();
            let piece = |span: &str| {
                let (start, end) = span.split_once('-').unwrap();
                let [start, end] = [start, end].map(|at| at.parse::<usize>().unwrap());
                report.text.as_ref().unwrap().chars().skip(start).take(end - start).collect::<String>()
            };
            let pieces: Vec<String> = row[column("spans")].split(';').map(piece).collect();
            assert_eq!(pieces.join(" … "), row[column("text")]);
        }
    }
}
