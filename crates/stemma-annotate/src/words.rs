//! Word lists: one entry a line, `#` starts a comment, blank lines are passed over.

/// Entries of a list that is built into the program.
#[cfg_attr(not(test), expect(dead_code, reason = "the stages that read lists come one by one"))]
pub(crate) fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(|line| line.split('#').next().unwrap_or("").trim()).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    #[test]
    fn comments_and_blank_lines_are_no_entries() {
        let list = "# verbs\nsay said # the plain one\n\ntell told\n";
        assert_eq!(super::entries(list).collect::<Vec<_>>(), ["say said", "tell told"]);
    }
}
