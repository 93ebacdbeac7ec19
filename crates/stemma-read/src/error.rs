//! What can go wrong between bytes and a report.

use stemma_core::Origin;

use crate::burden::Burden;
use crate::format::KNOWN_ENDINGS;

/// Why an input, or one report of it, could not be read. Others of the same run are not affected.
///
/// The text says where and what; [`ReadError::remedy`] says what one can do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is no file or folder of this name.
    #[error("{origin}: no such file or folder")]
    Missing {
        /// The path as it was given.
        origin: Origin,
    },
    /// The operating system refused.
    #[error("{origin}: cannot be read")]
    Io {
        /// Which file.
        origin: Origin,
        /// Why.
        source: std::io::Error,
    },
    /// The input has no bytes.
    #[error("{origin}: is empty")]
    Empty {
        /// Which input.
        origin: Origin,
    },
    /// The text is white space only.
    #[error("{origin}: holds nothing but white space")]
    Blank {
        /// Which input or item.
        origin: Origin,
    },
    /// The bytes are not a text in any charset.
    #[error("{origin}: is {kind}, not text")]
    Binary {
        /// Which input.
        origin: Origin,
        /// What it is, with its article: "a PDF document".
        kind: &'static str,
    },
    /// No charset gives readable text.
    #[error(
        "{origin}: not readable as text, {wrong} characters are broken in its likeliest charset, {charset}"
    )]
    Charset {
        /// Which input.
        origin: Origin,
        /// The charset that was tried last.
        charset: &'static str,
        /// Number of replacement characters that it gave.
        wrong: usize,
    },
    /// More bytes than one input, or one report of it, may have.
    #[error("{origin}: is larger than {limit_mib} MiB")]
    TooLarge {
        /// Which input or item.
        origin: Origin,
        /// The limit, in MiB.
        limit_mib: u64,
    },
    /// Broken JSON.
    #[error("{origin}: not valid JSON at line {line}, column {column}: {problem}")]
    Json {
        /// Which file; for JSONL with its line.
        origin: Origin,
        /// Line in the file, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
        /// What the parser says.
        problem: String,
    },
    /// JSON, but no object where a report is expected.
    #[error("{origin}: a report must be a JSON object, this is {found}")]
    NotAnObject {
        /// Which item.
        origin: Origin,
        /// What stands there, with its article: "a string".
        found: &'static str,
    },
    /// A JSON object without a text.
    #[error("{origin}: no `text` in this report; its fields are {fields}")]
    NoText {
        /// Which item.
        origin: Origin,
        /// Its field names, quoted and joined by commas.
        fields: String,
    },
    /// JSON without any report: an empty array.
    #[error("{origin}: holds no report")]
    NoReports {
        /// Which file.
        origin: Origin,
    },
    /// A page in which no article was found.
    #[error("{origin}: no article text found in this page")]
    NoArticle {
        /// Which page.
        origin: Origin,
    },
    /// A page that would take very long to parse.
    #[error("{origin}: {burden}")]
    Unbearable {
        /// Which page.
        origin: Origin,
        /// With what it would.
        burden: Burden,
    },
    /// A feed that is broken, or XML that is no feed.
    #[error("{origin}: not a feed that can be read: {problem}")]
    Feed {
        /// Which input.
        origin: Origin,
        /// What the parser says.
        problem: String,
    },
    /// One record of a file of many, which is broken.
    #[error("{origin}: the record at byte {offset} cannot be read: {problem}")]
    Record {
        /// Which record.
        origin: Origin,
        /// Where it begins: in the file, or in what the file unpacks to.
        offset: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// A table of whose columns it is not clear which holds what.
    #[error("{origin}: {problem}; its columns are {columns}")]
    Columns {
        /// Which table.
        origin: Origin,
        /// What is missing.
        problem: String,
        /// Names of the columns, quoted and joined by commas.
        columns: String,
    },
    /// XML of a known kind that is broken, or lacks what makes it one.
    #[error("{origin}: not {kind} that can be read: {problem}")]
    Markup {
        /// Which input.
        origin: Origin,
        /// What it should be, with its article: "an OPML file".
        kind: &'static str,
        /// What is wrong, and at which byte.
        problem: String,
    },
    /// A list of addresses, as sitemaps and lists of feeds are: no texts to read.
    #[error("{origin}: is {kind} of {}, it holds no texts", addresses(.n_addresses))]
    Addresses {
        /// Which input.
        origin: Origin,
        /// What it is, with its article: "a list of feeds (OPML)".
        kind: &'static str,
        /// How many addresses stand in it.
        n_addresses: usize,
    },
    /// A packed file that is broken, or locked.
    #[error("{origin}: not a {packing} that can be read: {problem}")]
    Packed {
        /// Which file.
        origin: Origin,
        /// How it is packed: "ZIP archive".
        packing: &'static str,
        /// What the unpacker says.
        problem: String,
    },
    /// A folder or archive in which nothing has a known ending.
    #[error("{origin}: no file in it that can be read ({KNOWN_ENDINGS})")]
    NothingInFolder {
        /// Which folder.
        origin: Origin,
    },
    /// A web address.
    #[error("{origin}: is an address, and only files are read here")]
    Address {
        /// The address.
        origin: Origin,
    },
}

fn addresses(n: &usize) -> String {
    crate::counted(*n, "address", "addresses")
}

impl ReadError {
    pub(crate) fn too_large(origin: Origin, limit_bytes: u64) -> Self {
        ReadError::TooLarge { origin, limit_mib: limit_bytes / (1024 * 1024) }
    }

    /// What one can do about it, as a short request without a full stop.
    pub fn remedy(&self) -> &'static str {
        match self {
            ReadError::Missing { .. } => "check the path; names with spaces need quotation marks",
            ReadError::Io { source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
                "make the file readable, for instance with chmod u+r"
            }
            ReadError::Io { .. } => "try to open the file with another program",
            ReadError::Empty { .. } | ReadError::Blank { .. } => {
                "save the article's text in it, or leave it out"
            }
            ReadError::Binary { .. } => "save the article as plain text or as an HTML page",
            ReadError::Charset { .. } => "save the file as UTF-8",
            ReadError::TooLarge { .. } => "give one article a file, or many articles as JSON lines",
            ReadError::Json { .. } => "mend the JSON there; in a .jsonl file every report stands on one line",
            ReadError::NotAnObject { .. } => r#"write each report as {"text": "…", "outlet": "…"}"#,
            ReadError::NoText { .. } => "name the field that holds the article `text`",
            ReadError::NoReports { .. } => "give one report, an array of reports, or {\"reports\": […]}",
            ReadError::NoArticle { .. } | ReadError::Unbearable { .. } => {
                "save the article's text in a .txt file"
            }
            ReadError::Feed { .. } => {
                "load it again, it may have been cut off; RSS, Atom and JSON Feed can be read"
            }
            ReadError::Markup { .. } => "load or export it again, it may have been cut off",
            ReadError::Columns { .. } => "say which column holds what: --columns text=NAME,title=NAME",
            ReadError::Record { .. } => "load the file again, it may be damaged; the other records were read",
            ReadError::Addresses { kind, .. } if kind.contains("feeds") => {
                "follow them with stemma watch FILE, or import them with stemma feeds import FILE"
            }
            ReadError::Addresses { .. } => {
                "load the articles that it names with stemma add ADDRESS, and give those"
            }
            ReadError::Packed { .. } => "unpack it with another program and give the files",
            ReadError::Address { .. } => "fetch it with stemma add, or save the page and give the file",
            ReadError::NothingInFolder { .. } => {
                "give the files by name; then their content decides how they are read"
            }
        }
    }

    /// Where it happened.
    pub fn origin(&self) -> &Origin {
        match self {
            ReadError::Missing { origin }
            | ReadError::Io { origin, .. }
            | ReadError::Empty { origin }
            | ReadError::Blank { origin }
            | ReadError::Binary { origin, .. }
            | ReadError::Charset { origin, .. }
            | ReadError::TooLarge { origin, .. }
            | ReadError::Json { origin, .. }
            | ReadError::NotAnObject { origin, .. }
            | ReadError::NoText { origin, .. }
            | ReadError::NoReports { origin }
            | ReadError::NoArticle { origin }
            | ReadError::Unbearable { origin, .. }
            | ReadError::Feed { origin, .. }
            | ReadError::Markup { origin, .. }
            | ReadError::Record { origin, .. }
            | ReadError::Columns { origin, .. }
            | ReadError::Addresses { origin, .. }
            | ReadError::Packed { origin, .. }
            | ReadError::NothingInFolder { origin }
            | ReadError::Address { origin } => origin,
        }
    }
}
