//! Layers: what one stage found in one document, indexed by an id type of its own.

use std::marker::PhantomData;
use std::ops::Index;

use serde::{Deserialize, Serialize};

/// A dense index into one layer of one document.
pub trait LayerId: Copy + Eq + Ord {
    /// The id of the item at `index`.
    fn from_index(index: usize) -> Self;
    /// The position of the item in its layer.
    fn index(self) -> usize;
}

macro_rules! layer_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize)]
        pub struct $name(u32);

        impl $crate::LayerId for $name {
            fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).expect("a layer has fewer items than its text has bytes"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}
pub(crate) use layer_id;

/// Which stage made a layer. A change of `version` means that stored layers are made again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Producer {
    /// Name of the stage, as in `"times"`.
    pub name: String,
    /// Raised when the stage would find something else in the same text.
    pub version: u32,
}

impl Producer {
    /// The stage `name` at `version`.
    pub fn new(name: &str, version: u32) -> Self {
        Self { name: name.to_owned(), version }
    }
}

/// What one stage found in one document, in text order, and which version of the stage found it.
/// Indexed by its own id type alone: `mentions[mention_id]`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(bound(serialize = "T: Serialize", deserialize = "T: Deserialize<'de>"))]
pub struct Layer<I, T> {
    /// The stage that made this layer.
    pub made_by: Producer,
    items: Vec<T>,
    #[serde(skip)]
    id: PhantomData<fn() -> I>,
}

impl<I: LayerId, T> Layer<I, T> {
    /// A layer of `items`, which stand in text order.
    pub fn new(made_by: Producer, items: Vec<T>) -> Self {
        Self { made_by, items, id: PhantomData }
    }

    /// All items, in text order.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Items with their ids.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(n, item)| (I::from_index(n), item))
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True if the stage found nothing.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The item of `id`, if it is one of this layer's.
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(id.index())
    }
}

impl<I: LayerId, T> Index<I> for Layer<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}
