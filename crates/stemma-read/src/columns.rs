//! Which field of the input is which part of a report, where the names do not say it.

use std::fmt;
use std::str::FromStr;

/// A part of a report that a field can hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Part {
    /// The article.
    Text,
    /// The id that the input gives.
    Id,
    /// Who published it.
    Outlet,
    /// The headline.
    Title,
    /// When it was published.
    Published,
    /// Address of the page.
    Url,
    /// Who wrote it.
    Byline,
    /// Its language.
    Language,
}

impl Part {
    /// All parts with their names.
    pub const ALL: [(Part, &str); 8] = [
        (Part::Text, "text"),
        (Part::Id, "id"),
        (Part::Outlet, "outlet"),
        (Part::Title, "title"),
        (Part::Published, "published"),
        (Part::Url, "url"),
        (Part::Byline, "byline"),
        (Part::Language, "language"),
    ];

    /// The name under which messages and `--columns` know it.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(part, _)| *part == self).map_or("", |(_, name)| name)
    }
}

/// Which column of a table, or field of a JSON object, holds which part: `title=headline,text=body`. A column without a name is
/// told by its number: `text=#3`. A field inside of another one is told by its path: `text=fields.body`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ColumnMap {
    pairs: Vec<(Part, String)>,
}

impl ColumnMap {
    /// The columns for `part`, the first that has something counts.
    pub fn columns(&self, part: Part) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |(known, _)| *known == part).map(|(_, column)| column.as_str())
    }

    /// All parts and their columns, in the order in which they were given.
    pub fn pairs(&self) -> &[(Part, String)] {
        &self.pairs
    }

    /// True if every column is told by its number, as those of a table without a first row of names are.
    pub fn is_numbered(&self) -> bool {
        !self.pairs.is_empty() && self.pairs.iter().all(|(_, column)| number_of(column).is_some())
    }
}

/// Index of the column `#3`: 2.
pub(crate) fn number_of(column: &str) -> Option<usize> {
    column.strip_prefix('#')?.parse::<usize>().ok()?.checked_sub(1)
}

impl FromStr for ColumnMap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut pairs = Vec::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, column) =
                pair.split_once('=').ok_or_else(|| format!("{pair:?} is not of the form part=column"))?;
            let name = name.trim().to_ascii_lowercase();
            let (part, _) = Part::ALL.iter().find(|(_, known)| *known == name).ok_or_else(|| {
                let names: Vec<&str> = Part::ALL.iter().map(|(_, name)| *name).collect();
                format!("{name:?} is no part of a report; those are {}", names.join(", "))
            })?;
            if column.trim().is_empty() {
                return Err(format!("no column is given for {name:?}"));
            }
            pairs.push((*part, column.trim().to_owned()));
        }
        if pairs.is_empty() {
            return Err("no column is given".to_owned());
        }
        Ok(Self { pairs })
    }
}

impl fmt::Display for ColumnMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (part, column)) in self.pairs.iter().enumerate() {
            write!(f, "{}{}={column}", if n == 0 { "" } else { "," }, part.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_and_written() {
        let map: ColumnMap = " title = Head Line,text=#3, text=fields.body".parse().unwrap();
        assert_eq!(map.to_string(), "title=Head Line,text=#3,text=fields.body");
        assert_eq!(map.columns(Part::Text).collect::<Vec<_>>(), ["#3", "fields.body"]);
        assert!(!map.is_numbered() && "text=#1".parse::<ColumnMap>().unwrap().is_numbered());
    }

    #[test]
    fn what_is_wrong_is_told() {
        let wrong = |text: &str| text.parse::<ColumnMap>().unwrap_err();
        assert_eq!(wrong("headline"), "\"headline\" is not of the form part=column");
        assert_eq!(
            wrong("body=x"),
            "\"body\" is no part of a report; those are text, id, outlet, title, published, url, byline, language"
        );
        assert_eq!(
            (wrong("text="), wrong("")),
            ("no column is given for \"text\"".into(), "no column is given".into())
        );
    }
}
