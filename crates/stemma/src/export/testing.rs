//! Stories for the tests of the formats.

use std::path::Path;

use jiff::civil::Date;
use stemma_core::{Origin, Published, Report, ReportDraft, ReportId, StoryId};

use super::Subject;
use crate::{Compared, Engine};

fn compared(reports: Vec<Report>) -> Compared {
    let engine = Engine::load();
    engine.compare(engine.annotate(reports, 1))
}

/// Reports that have a text and nothing else.
pub(super) fn of_texts(texts: &[&str]) -> Subject {
    Subject::of(&compared(texts.iter().map(|text| Report::of_text(text)).collect()), None)
}

/// A story of `examples/`; its places do not depend on where the repository lies.
pub(super) fn example(name: &str) -> Subject {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    let reading = stemma_read::read(vec![stemma_read::Input::Path(folder)]);
    assert!(reading.failures.is_empty(), "{name}: {:?}", reading.failures);
    let mut subject = Subject::of(&compared(reading.reports), None);
    let reports = subject.comparison.reports.iter_mut();
    for report in reports.chain(subject.reports.iter_mut().map(|each| &mut each.report)) {
        report.origin = report.origin.rsplit('/').next().unwrap_or_default().to_owned();
        // What extracting finds besides is no concern of the formats.
        report.extra.clear();
    }
    subject
}

/// Two reports whose metadata and text try to break out of every format.
pub(super) fn hostile() -> Subject {
    let report = |outlet: &str, url: &str, text: &str| {
        let draft = ReportDraft {
            outlet: Some(outlet.to_owned()),
            url: Some(url.to_owned()),
            title: Some(
                "=HYPERLINK(\"http://x.example\";\"a\") \\\"]];<b>&amp;\u{0}\u{1b}[31m\u{fffe}\n}".to_owned(),
            ),
            byline: Some("@SUM(1+1)".to_owned()),
            published: Some(Published::Day(Date::constant(2026, 3, 2))),
            text: text.to_owned(),
            ..ReportDraft::default()
        };
        Report::new(draft, Origin::whole("-"))
    };
    let text = "-2+3 \"quoted, 'text'\" ]]> --> <x a=\"b\">&\\N \u{0}\u{7}\u{2028}. According to </script> News, \
        “forty people <b>left</b> the town; \\\"on\\\" Monday,” Mayor Ana Ruiz said. The road, \"a, b\", was closed by the mayor's men on Friday.";
    let reports = vec![
        report("+cmd|' /C calc'!A0", "javascript:alert(1)", text),
        report("\"Post\" & <Sons>; \\", "https://post.example/a?b=\"c", &text.replace("forty", "fourteen")),
        report("Line\nbreak\r\n\t-Wire", "https://wire.example/a", &format!("{text} (Line break Wire)")),
    ];
    Subject::of(
        &compared(reports),
        Some((StoryId::opened_by(ReportId::of(None, None, "a")), "\"label\" <&>")),
    )
}
