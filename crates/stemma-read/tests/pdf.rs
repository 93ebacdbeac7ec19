//! PDF documents, with the feature `pdf`.
#![cfg(feature = "pdf")]

mod common;

use common::{told, zip};

/// A page of A4 with a headline and columns of lines in Helvetica, as a document. `extra` goes into the list of its properties.
fn document(headline: &str, columns: &[&[&str]], extra: &str) -> Vec<u8> {
    let mut page = format!("BT /F1 22 Tf 50 770 Td ({headline}) Tj ET\n");
    for (n, lines) in columns.iter().enumerate() {
        for (line, text) in lines.iter().enumerate() {
            let (x, y) = (50 + 265 * n, 730 - 14 * line);
            page += &format!("BT /F1 10 Tf {x} {y} Td ({text}) Tj ET\n");
        }
    }
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{page}endstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
        format!("<< {extra} >>"),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", n + 1);
    }
    let table = file.len();
    file += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    places.iter().for_each(|place| file += &format!("{place:010} 00000 n \n"));
    file += &format!(
        "trailer << /Size {} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    );
    file.into_bytes()
}

const LEFT: [&str; 12] = [
    "The ferry Estrela struck a pier in Almara on",
    "Sunday, and fourteen people were taken to",
    "the hospital, the port authority said in a short",
    "statement on Monday. Nobody was badly hurt.",
    "",
    "The lights were off because of the fog, said",
    "Captain Ines Duarte, who has steered the ferry",
    "for eleven years. She did not say who had",
    "told the crew to switch them off that night.",
    "",
    "The pier was opened in 1974 and it carries",
    "some 2,300 passengers a day to the islands.",
];
const RIGHT: [&str; 9] = [
    "An inquiry will look at why the second officer",
    "was not on the bridge at the time, according",
    "to three people who know the first findings.",
    "",
    "The company that runs the ferry did not answer",
    "questions. Its shares fell by four percent, to",
    "their lowest price since the last summer.",
    "",
    "The pier stays closed until Friday.",
];

#[test]
fn a_column_is_read() {
    let file = document("Ferry strikes pier", &[&LEFT], "/CreationDate (D:20250303183000)");
    let expected = "# x\ntitle: Ferry strikes pier\nextra: {\"pdf_created\":\"D:20250303183000\"}\n\
        | The ferry Estrela struck a pier in Almara on Sunday, and fourteen people were taken to the\n| \n\
        | The lights were off because of the fog, said Captain Ines Duarte, who has steered the ferr\n| \n\
        | The pier was opened in 1974 and it carries some 2,300 passengers a day to the islands.\n";
    assert_eq!(told(file.clone(), "x"), expected);
    assert_eq!(told(zip(&[("a/x.pdf", &file)]), "y.zip"), expected.replace("# x", "# y.zip/a/x.pdf"));
}

/// The lines of columns as long as the page do not run into each other.
#[test]
fn columns_are_read_one_after_the_other() {
    let long = |lines: &[&'static str]| lines.iter().cycle().take(45).copied().collect::<Vec<_>>();
    let read = told(document("Ferry strikes pier", &[&long(&LEFT), &long(&RIGHT)], ""), "x");
    let (last, first) = (read.rfind("The pier was opened").unwrap(), read.find("An inquiry will").unwrap());
    assert!(last < first, "{read}");
    assert!(!read.contains("Almara on An inquiry"), "{read}");
}

/// Wrong: two columns of a few lines are taken for one, and their lines for parts of one another.
#[test]
fn short_columns_run_into_each_other() {
    let read = told(document("Ferry strikes pier", &[&LEFT, &RIGHT], ""), "x");
    assert!(read.contains("Almara on An inquiry"), "{read}");
}

#[test]
fn broken_documents_are_told() {
    let whole = document("Ferry strikes pier", &[&LEFT], "/Title (Ferry)");
    for at in (5..whole.len()).step_by(17) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        told(bytes, "x");
        let told = told(whole[..at].to_vec(), "x");
        assert!(told.starts_with("# x\n") || told.starts_with("error: x: "), "{told}");
    }
    insta::assert_snapshot!(told(b"%PDF-1.7\nnothing".to_vec(), "x"), @"error: x: not a PDF document that can be read: Invalid PDF structure");
    insta::assert_snapshot!(told(document("", &[], ""), "x"), @"error: x: not a PDF document that can be read: its pages are pictures, and have no text");
}
