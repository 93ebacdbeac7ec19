//! Whole files of every kind, good and bad, and the reports or the errors that they give.

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use stemma_read::{Input, Reading, read, read_each};

mod common;

use common::report_view;

fn read_cases(names: &[&str]) -> Reading {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    read(names.iter().map(|name| Input::Path(folder.join(name))).collect())
}

/// Reports with all their parts, then failures with their remedies, then notices; paths without their folder.
fn view(names: &[&str]) -> String {
    let reading = read_cases(names);
    let mut out = String::new();
    for report in &reading.reports {
        out.push_str(&report_view(report, usize::MAX));
    }
    for failure in &reading.failures {
        let mut chain = failure.to_string();
        let mut cause = std::error::Error::source(failure);
        while let Some(error) = cause {
            write!(chain, ": {error}").unwrap();
            cause = error.source();
        }
        writeln!(out, "error: {chain}\n  {}", failure.remedy()).unwrap();
    }
    for notice in &reading.notices {
        writeln!(out, "notice: {notice}").unwrap();
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/");
    out.replace(&format!("{}/", folder.display()), "").replace(&folder.display().to_string(), "")
}

#[test]
fn charsets() {
    insta::assert_snapshot!(view(&["windows-1252.txt", "windows-1250.txt", "utf-16.txt", "utf-8-mark.txt", "cut.txt", "garbage.txt"]), @r"
    # windows-1252.txt
    | Mayor José Peña said the bridge – closed since May – would reopen.
    | 
    | “We won’t wait any longer,” she added.
    # windows-1250.txt
    | Premier Łukasz Żak powiedział, że źródła są dostępne. Święta będą później, dodał rzecznik.
    # utf-16.txt
    | The café in Łódź burned down.
    # utf-8-mark.txt
    | The café burned down.
    # cut.txt
    | “Nous partirons”, a déclaré la ministre Hélène Lefèvre à l’ét�
    error: garbage.txt: not readable as text, 200 characters are broken in its likeliest charset, windows-1252
      save the file as UTF-8
    notice: windows-1252.txt: names no charset, read as windows-1252
    notice: windows-1250.txt: names no charset, read as windows-1250
    notice: cut.txt: a broken character in UTF-8 text became U+FFFD
    ");
}

#[test]
fn pages() {
    insta::assert_snapshot!(view(&["linked-data.html", "declared-charset.html", "menu-only.html", "feed.html"]), @r#"
    # linked-data.html
    outlet: Harbour Courier
    title: Bridge reopens after nine months
    published: 2025-03-03T06:15:00+01:00
    byline: Ida Holm, Tom Reyes
    url: https://www.courier.example/news/bridge
    language: en-GB
    | The harbour bridge carried its first cars in nine months on Monday, and the queue of drivers reached back to the old market hall before the sun was up over the water.
    | 
    | “We waited long enough,” said Mayor José Peña, who cut a ribbon at six o’clock in front of some two hundred people, most of them from the northern side of the town.
    | 
    | The repair cost 14 million crowns, three more than was planned, according to the port authority, which had first promised to open it in November.
    # declared-charset.html
    outlet: Kurier
    title: Most otwarty po remoncie
    published: 2025-03-03
    byline: Zofia Żak
    language: pl
    | Po dziewięciu miesiącach remontu most w porcie został w poniedziałek otwarty dla kierowców, poinformował burmistrz miasta.
    | 
    | „Czekaliśmy dość długo”, powiedział burmistrz Łukasz Źrebiec podczas uroczystości, na którą przyszło dwustu mieszkańców.
    | 
    | Remont kosztował czternaście milionów, o trzy więcej, niż zakładał zarząd portu, który obiecywał otwarcie w listopadzie.
    error: menu-only.html: no article text found in this page
      save the article's text in a .txt file
    error: feed.html: holds no report
      give one report, an array of reports, or {"reports": […]}
    "#);
}

#[test]
fn markdown() {
    insta::assert_snapshot!(view(&["press-release.md"]), @r"
    # press-release.md
    outlet: Port Authority
    title: Harbour bridge to reopen
    published: 2025-03-02T09:30:00+01:00
    byline: Port Authority Press Office
    | The harbour bridge will reopen on Monday, the authority said.
    | 
    | “We are ready,” said Ida Holm.
    | 
    | 1. Cars from 6 a.m.
    | 
    | 2. Lorries from noon.
    ");
}

#[test]
fn json_shapes() {
    insta::assert_snapshot!(view(&["fields.jsonl", "reports.json", "lines.json", "array.jsonl", "broken.json", "empty-array.json"]), @r#"
    # fields.jsonl:1
    id: 17
    outlet: Courier
    title: Bridge reopens
    published: 2025-03-03T06:15:00+01:00
    byline: Ida Holm
    url: https://courier.example/1
    language: en
    extra: {"section":"local"}
    | The bridge reopened.
    # fields.jsonl:3
    id: b
    outlet: Port Gazette
    title: Bridge open
    published: 2025-03-03T05:15:00+00:00
    byline: Tom Reyes, Ana Ruiz
    | Cars cross again.
    # fields.jsonl:4
    outlet: Wire
    published: 2025-03-03T06:15:00+00:00
    byline: Li Wei
    | Traffic is back.
    # fields.jsonl:8
    extra: {"published":"soon"}
    | The last one.
    # reports.json:1
    id: a
    | One.
    # reports.json:3
    id: c
    | Three.
    # lines.json:1
    | One.
    # lines.json:2
    | Two.
    # array.jsonl:1
    | One.
    # array.jsonl:2
    | Two.
    error: fields.jsonl:5: not valid JSON at line 5, column 17: EOF while parsing a string
      mend the JSON there; in a .jsonl file every report stands on one line
    error: fields.jsonl:6: a report must be a JSON object, this is an array
      write each report as {"text": "…", "outlet": "…"}
    error: fields.jsonl:7: no `text` in this report; its fields are `title`, `contents`
      name the field that holds the article `text`
    error: reports.json:2: holds nothing but white space
      save the article's text in it, or leave it out
    error: broken.json: not valid JSON at line 3, column 11: expected `:`
      mend the JSON there; in a .jsonl file every report stands on one line
    error: empty-array.json: holds no report
      give one report, an array of reports, or {"reports": […]}
    notice: fields.jsonl:8: `published` is not a date that can be read: "soon"
    "#);
}

#[test]
fn no_text() {
    insta::assert_snapshot!(view(&["empty.txt", "blank.txt", "picture.txt", "document.txt", "zeros.txt", "missing.txt"]), @r"
    error: empty.txt: is empty
      save the article's text in it, or leave it out
    error: blank.txt: holds nothing but white space
      save the article's text in it, or leave it out
    error: picture.txt: is a PNG image, not text
      save the article as plain text or as an HTML page
    error: document.txt: is a PDF document, not text
      save the article as plain text or as an HTML page
    error: zeros.txt: is binary data, not text
      save the article as plain text or as an HTML page
    error: missing.txt: no such file or folder
      check the path; names with spaces need quotation marks
    ");
}

#[test]
fn folders() {
    insta::assert_snapshot!(view(&["folder", "nothing"]), @r"
    # folder/A.md
    | Zero.
    # folder/b.txt
    | One.
    # folder/sub/a.txt
    | Two.
    error: nothing: no file in it that can be read (.txt, .md, .html, .mhtml, .eml, .mbox, .json, .jsonl, .csv, .tsv, .rss, .atom, .xml, .warc, .gz, .zst, .zip, .tar)
      give the files by name; then their content decides how they are read
    notice: folder: passed over .hidden, notes.docx
    notice: nothing: passed over notes.docx
    ");
}

#[test]
fn feeds() {
    insta::assert_snapshot!(view(&["harbor.rss", "valley.atom", "board.json"]), @r#"
    # harbor.rss:1
    id: hp-101
    outlet: The Harbor Post
    title: Pilots & port sign a deal
    published: 2025-03-03T18:30:00+01:00
    byline: Ida Voss
    url: https://harborpost.example/pilots
    language: en-gb
    | The strike of the pilots is off.
    | 
    | “We have what we came for,” said Ida Lüning.
    # harbor.rss:2
    outlet: The Harbor Post
    title: Crane falls into basin
    published: 2025-03-03T09:00:00+00:00
    url: https://harborpost.example/crane
    language: en-gb
    extra: {"summary_only":true}
    | A crane fell into the east basin. Nobody was hurt.
    # valley.atom:1
    id: urn:valley:7
    outlet: Valley Wire
    title: Dam holds
    published: 2025-03-04T06:15:00+02:00
    byline: Valley Wire
    url: https://valley.example/7
    language: en
    | The dam holds.
    | 
    | The water is falling.
    # board.json:1
    id: b1
    outlet: School Board Notes
    title: Vote on the new school
    published: 2025-03-05T20:00:00-05:00
    byline: Noor Haddad
    url: https://board.example/b1
    | The board voted 5 to 2.
    # board.json:2
    id: b2
    outlet: School Board Notes
    | The next meeting is on Monday.
    notice: harbor.rss: 1 of 3 entries hold a summary only; the articles stand behind their addresses
    notice: harbor.rss: 1 of 3 entries hold no text and were passed over
    "#);
    insta::assert_snapshot!(view(&["cut.rss", "invoice.xml", "feed.html"]), @r#"
    # cut.rss:1
    outlet: Cut Off
    title: First
    extra: {"summary_only":true}
    | The bridge is open.
    # cut.rss:3
    outlet: Cut Off
    title: Third
    extra: {"summary_only":true}
    | The bridge is shut.
    error: cut.rss:2: not a feed that can be read: ill-formed document: entity or character reference not closed: `;` not found before end of input
      load it again, it may have been cut off; RSS, Atom and JSON Feed can be read
    error: cut.rss:4: not a feed that can be read: ill-formed document: expected `</title>`, but `</channel>` was found
      load it again, it may have been cut off; RSS, Atom and JSON Feed can be read
    error: invoice.xml: not a feed that can be read: unable to parse feed: no root element
      load it again, it may have been cut off; RSS, Atom and JSON Feed can be read
    error: feed.html: holds no report
      give one report, an array of reports, or {"reports": […]}
    notice: cut.rss: 2 of 4 entries hold a summary only; the articles stand behind their addresses
    "#);
}

/// What reading piece by piece hands on is what reading at once gives, and every report has the bytes that it came from.
#[test]
fn piece_by_piece() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let whole = read(vec![Input::Path(folder.clone())]);
    let mut pieces = Reading::default();
    let mut n_pieces = 0;
    let ended = read_each(vec![Input::Path(folder.clone())], &mut |mut piece| {
        n_pieces += 1;
        for n in 0..piece.reports.len() {
            pieces.contents.push(piece.content(n).cloned());
        }
        pieces.reports.append(&mut piece.reports);
        pieces.failures.append(&mut piece.failures);
        pieces.notices.append(&mut piece.notices);
        ControlFlow::Continue(())
    });
    assert!(ended.is_continue() && n_pieces > 3, "{n_pieces} pieces");
    assert_eq!(pieces.reports, whole.reports);
    assert_eq!(pieces.contents, whole.contents);
    assert_eq!(
        pieces.failures.iter().map(ToString::to_string).collect::<Vec<_>>(),
        whole.failures.iter().map(ToString::to_string).collect::<Vec<_>>()
    );
    assert_eq!(pieces.notices.len(), whole.notices.len());
    for (n, report) in whole.reports.iter().enumerate() {
        let content = whole.content(n).unwrap_or_else(|| panic!("{} has no content", report.origin()));
        let file = std::fs::read(&report.origin().place).unwrap();
        let there = match &content.range {
            Some(range) => &file[range.start as usize..range.end as usize],
            None => &file[..],
        };
        assert!(there == &content.bytes[..], "{}", report.origin());
    }
}
