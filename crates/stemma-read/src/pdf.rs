//! PDF documents to reports, with the feature `pdf`: a document is one report.
//!
//! By the `pdf-inspector` crate, which finds columns, joins lines to paragraphs and words that were broken at their ends, and leaves out what stands on the
//! head and foot of each page. It gives Markdown, which is read as any other. The title is the first heading of level 1, else the title that the document
//! names. Its dates say when the file was made, not when the report was published: they stay in the other fields. Pages that are pictures
//! are counted in a notice. A panic costs this file. The crate unpacks what a document packs without a bound: this is why the
//! feature is off unless it is asked for.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_inspector::{MarkdownOptions, PdfError, PdfOptions, PdfProcessResult};
use serde_json::Value;
use stemma_core::{Origin, Report, ReportDraft};

use crate::sink::Sink;
use crate::source::Source;
use crate::stream::File;
use crate::{Content, MAX_REPORT_BYTES, Notice, ReadError, Reading, brief, counted, markdown};

/// True if a file begins like a PDF document.
pub(crate) fn is_pdf(head: &[u8]) -> bool {
    head.starts_with(b"%PDF-")
}

/// Reads a document.
pub(crate) fn read_pdf(source: &mut Source<'_>, file: &File, sink: &mut Sink<'_>) {
    let bytes = source.take_bytes(MAX_REPORT_BYTES + 1);
    if let Some(failure) = source.take_failure() {
        return sink.fail(file.failed(source, failure));
    }
    if bytes.len() as u64 > MAX_REPORT_BYTES {
        return sink.fail(ReadError::too_large(file.origin.clone(), MAX_REPORT_BYTES));
    }
    let origin = file.origin.clone();
    sink.push(bytes.len(), move || {
        let mut reading = read_document(&bytes, &origin);
        reading.came_from(&Content {
            bytes: bytes.into(),
            media_type: "application/pdf".into(),
            range: None,
        });
        reading
    });
}

fn read_document(bytes: &[u8], origin: &Origin) -> Reading {
    let failed = |problem: String| {
        Reading::failed(ReadError::Markup { origin: origin.clone(), kind: "a PDF document", problem })
    };
    match catch_unwind(AssertUnwindSafe(|| inspected(bytes))) {
        Ok(Ok(found)) => report_of(&found, origin),
        Ok(Err(PdfError::Encrypted)) => failed("it is locked with a password".to_owned()),
        Ok(Err(error)) => failed(brief(&error.to_string())),
        Err(_) => failed("it cannot be taken apart".to_owned()),
    }
}

fn inspected(bytes: &[u8]) -> Result<PdfProcessResult, PdfError> {
    // Signs of Markdown would only be taken off again.
    let markdown = MarkdownOptions {
        detect_bold: false,
        detect_italic: false,
        detect_underline: false,
        detect_code: false,
        format_urls: false,
        include_links: false,
        ..MarkdownOptions::default()
    };
    pdf_inspector::process_pdf_mem_with_options(bytes, PdfOptions::new().markdown(markdown))
}

fn report_of(found: &PdfProcessResult, origin: &Origin) -> Reading {
    let n_pictures = found.pages_needing_ocr.len();
    let text = found.markdown.as_deref().unwrap_or_default();
    if text.trim().is_empty() && n_pictures > 0 {
        let problem = "its pages are pictures, and have no text".to_owned();
        return Reading::failed(ReadError::Markup {
            origin: origin.clone(),
            kind: "a PDF document",
            problem,
        });
    }
    let (title, text) = markdown::text_of(text);
    if text.trim().is_empty() {
        return Reading::failed(ReadError::Blank { origin: origin.clone() });
    }
    let named = || found.title.as_deref().map(str::trim).filter(|title| !title.is_empty());
    let mut draft =
        ReportDraft { title: title.or_else(|| named().map(str::to_owned)), text, ..ReportDraft::default() };
    for (name, value) in [("pdf_created", &found.creation_date), ("pdf_author", &found.author)] {
        if let Some(value) = value {
            draft.extra.insert(name.to_owned(), Value::String(value.clone()));
        }
    }
    let mut reading = Reading { reports: vec![Report::new(draft, origin.clone())], ..Reading::default() };
    if n_pictures > 0 {
        let pages = counted(n_pictures, "page is a picture", "pages are pictures");
        let problem = format!("{pages}, whose text is not read");
        reading.notices.push(Notice { origin: origin.clone(), problem });
    }
    reading
}
