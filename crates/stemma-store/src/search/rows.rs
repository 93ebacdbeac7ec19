//! Numbers of rows in the index: they grow with the day of publication, so that what is newest is found first and a range of
//! days is a range of rows.

use jiff::civil::Date;

/// Bits of a report's number.
const NUMBER_BITS: u32 = 32;
/// Bits of a quotation's number in its report.
const QUOTATION_BITS: u32 = 15;
/// Day 0. Day numbers from here on to 2079 fit 16 bits.
const EPOCH: Date = Date::constant(1900, 1, 1);
/// Greatest number of a day.
const LAST_DAY: i64 = (1 << 16) - 1;
/// Quotations of a report that are found.
pub(crate) const MAX_QUOTATIONS: i64 = 1 << QUOTATION_BITS;
/// Reports that are found.
pub(crate) const MAX_REPORTS: i64 = 1 << NUMBER_BITS;

/// The number of a day; dates before 1900 and after 2079 count as the first and the last that there is. 0: not known.
pub(crate) fn day(date: Option<Date>) -> i64 {
    let days = |date: Date| date.since(EPOCH).map_or(1, |span| i64::from(span.get_days()));
    date.map_or(0, |date| days(date).clamp(1, LAST_DAY))
}

/// The row of a report.
pub(crate) fn of_report(day: i64, number: i64) -> i64 {
    (day << NUMBER_BITS) | number
}

/// The number of the report of a row.
pub(crate) fn report(row: i64) -> i64 {
    row & (MAX_REPORTS - 1)
}

/// The row of a quotation of the report of `row`.
pub(crate) fn of_quotation(row: i64, number: i64) -> i64 {
    // A day has 16 bits and the sign is kept free, so nothing is lost.
    (row << QUOTATION_BITS) | number
}

/// The row of the report, and the number of the quotation, of a quotation's row.
pub(crate) fn quotation(row: i64) -> (i64, i64) {
    (row >> QUOTATION_BITS, row & (MAX_QUOTATIONS - 1))
}

/// First and last row of the reports of a range of days. Without a limit, reports without a date are among them.
pub(crate) fn of_days(since: Option<Date>, until: Option<Date>) -> (i64, i64) {
    let first = match (since, until) {
        (Some(since), _) => day(Some(since)),
        // What has no date is not known to be so old.
        (None, Some(_)) => 1,
        (None, None) => 0,
    };
    let last = until.map_or(LAST_DAY, |until| day(Some(until)));
    (of_report(first, 0), of_report(last, MAX_REPORTS - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_hold_days_and_numbers() {
        let dates = [Date::constant(1800, 1, 1), Date::constant(2026, 3, 2), Date::constant(9999, 12, 31)];
        let rows: Vec<i64> = dates.iter().map(|&date| of_report(day(Some(date)), MAX_REPORTS - 1)).collect();
        assert!(rows.is_sorted() && rows[0] > of_report(0, MAX_REPORTS - 1));
        for row in rows {
            assert_eq!(report(row), MAX_REPORTS - 1);
            let quotation_row = of_quotation(row, MAX_QUOTATIONS - 1);
            assert!(quotation_row > 0);
            assert_eq!(quotation(quotation_row), (row, MAX_QUOTATIONS - 1));
        }
    }

    #[test]
    fn ranges_of_days() {
        let date = Date::constant(2026, 3, 2);
        let row = of_report(day(Some(date)), 7);
        let holds = |(first, last): (i64, i64), row: i64| first <= row && row <= last;
        assert!(holds(of_days(Some(date), Some(date)), row));
        assert!(!holds(of_days(Some(Date::constant(2026, 3, 3)), None), row));
        assert!(!holds(of_days(None, Some(Date::constant(2026, 3, 1))), row));
        let undated = of_report(0, 7);
        assert!(holds(of_days(None, None), undated));
        assert!(!holds(of_days(None, Some(date)), undated) && !holds(of_days(Some(date), None), undated));
    }
}
