//! The bytes that reports were read from.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// The bytes of one or several reports: a file, a member of an archive, a line of JSON lines. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Content {
    /// As they were read, before they were decoded. A line of a file that is not in UTF-8 is in UTF-8 here.
    pub bytes: Arc<[u8]>,
    /// Their media type: "text/html".
    pub media_type: Cow<'static, str>,
    /// Where they stand in the unpacked file, in bytes, where they are a part of it.
    pub range: Option<Range<u64>>,
}
