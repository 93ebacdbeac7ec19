//! What one does with a store: keeping documents and comparisons, adding reports, fetching them, filing them into stories as
//! they come in, asking feeds, correcting.
//!
//! Both the command line and the server work through this. Nothing here prints or exits: what a person may want to know on the
//! way is told to a [`Tell`], what was placed or kept to a callback, and what ends the work is a [`DeskError`].

mod correcting;
mod error;
mod filing;
mod harvest;
mod ingest;
mod kept;
mod ledger;
mod opml;
mod tell;
mod watching;

pub use correcting::{CorrectionError, merge, move_to, pin, rename, reports_of, split};
pub use error::{DeskError, chain};
pub use filing::{Filing, Placed};
pub use harvest::{Harvest, HarvestOptions, Pages, Tally};
pub use ingest::{Counts, Ingest, KeptReport, new_reports};
pub use kept::{Kept, WithoutStore, document, keep_comparison, producers_of};
pub use ledger::{Ledger, PageState};
pub use opml::{feeds_of, list_of};
pub use tell::{Progress, Silent, Tell};
pub use watching::{Asked, Watch, WatchOptions};
