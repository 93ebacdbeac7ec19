//! Between the list of feeds of a store and OPML, which feed readers write and read.

use stemma_read::{FeedList, ListedFeed};
use stemma_store::Feed;

/// What divides the levels of a folder in the store.
const LEVELS: &str = "/";

/// The feeds of a list as the store keeps them.
pub fn feeds_of(list: FeedList) -> Vec<Feed> {
    let feed = |feed: ListedFeed| Feed {
        url: feed.xml_url,
        title: feed.title,
        folder: (!feed.folder.is_empty()).then(|| feed.folder.join(LEVELS)),
    };
    list.feeds.into_iter().map(feed).collect()
}

/// The feeds of a store as a list.
pub fn list_of(feeds: Vec<Feed>) -> FeedList {
    let feed = |feed: Feed| ListedFeed {
        title: feed.title,
        xml_url: feed.url,
        html_url: None,
        folder: feed.folder.map_or_else(Vec::new, |folder| folder.split(LEVELS).map(str::to_owned).collect()),
    };
    FeedList { title: Some("Stemma".to_owned()), feeds: feeds.into_iter().map(feed).collect() }
}
