//! Many reports of one event in, one comparison out: the whole flow as a library.
//!
//! [`Engine`] annotates reports and compares the documents of a story. [`api`] holds the types that leave the program
//! as JSON, [`render`] what a person reads: text, Markdown and one self-contained HTML page, [`export`] what other programs
//! read: tables, graphs, annotations. Pure: nothing here opens a
//! file, reads a clock or prints.
//!
//! ```
//! use stemma::{Engine, Report, render};
//!
//! let engine = Engine::load();
//! let reports = vec![
//!     Report::of_text("Fourteen people were hurt, the mayor said."),
//!     Report::of_text("Forty people were hurt, according to the mayor."),
//! ];
//! let compared = engine.compare(engine.annotate(reports, 1));
//! let page = render::text(&compared.story, &compared.comparison, &render::TextOptions::default());
//! assert!(page.starts_with("2 reports"));
//! ```

pub mod api;
mod arrivals;
mod emphasis;
mod engine;
pub mod explain;
pub mod export;
mod grouping;
mod ids;
pub mod render;
mod stream;
pub mod versions;

pub use arrivals::Arrivals;
pub use engine::{Compared, Engine};
pub use grouping::Grouped;
pub use ids::{letter, report_ids};
pub use stemma_core::{
    Comparison, Correction, Document, OffsetUnit, Offsets, Origin, Report, ReportDraft, ReportId, Span,
    Story, StoryId,
};
pub use stemma_group::{
    Batch, BatchOutline, Constraints, Fitted, Group, Grouper, Placement, Reasons, Related, StoryView,
};
pub use stream::{Stream, WINDOW_DAYS, group_alike};
