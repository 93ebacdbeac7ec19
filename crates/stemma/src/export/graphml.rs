//! Lineage as GraphML, for Gephi, yEd, Cytoscape, NetworkX, igraph.
//!
//! One directed graph; an edge runs from the text that was used to the report that used it. What XML cannot hold, control
//! characters above all, is put out as U+FFFD.

use std::fmt::Write as _;

use super::Subject;
use super::lineage::{Line, Node, graph};

/// What a node or an edge carries: its name, whether it is a node's, its type.
const KEYS: [(&str, &str, &str); 18] = [
    ("label", "node", "string"),
    ("seen", "node", "boolean"),
    ("story", "node", "string"),
    ("report", "node", "string"),
    ("letter", "node", "string"),
    ("witness", "node", "int"),
    ("outlet", "node", "string"),
    ("title", "node", "string"),
    ("published", "node", "string"),
    ("url", "node", "string"),
    ("words", "node", "int"),
    ("kind", "edge", "string"),
    ("credited", "edge", "boolean"),
    ("partly", "edge", "boolean"),
    ("weight", "edge", "double"),
    ("reason", "edge", "string"),
    ("evidence", "edge", "string"),
    ("edge_story", "edge", "string"),
];

/// The lineage of all stories as one graph.
pub fn graphml(subjects: &[Subject]) -> String {
    let (nodes, lines) = graph(subjects);
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
    );
    for (id, of, kind) in KEYS {
        let name = id.trim_start_matches("edge_");
        push(
            &mut out,
            format_args!("  <key id=\"{id}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>\n"),
        );
    }
    out += "  <graph id=\"lineage\" edgedefault=\"directed\">\n";
    nodes.iter().for_each(|node| write_node(&mut out, node));
    lines.iter().enumerate().for_each(|(n, line)| write_edge(&mut out, n, line));
    out + "  </graph>\n</graphml>\n"
}

fn write_node(out: &mut String, node: &Node<'_>) {
    push(out, format_args!("    <node id=\"{}\">\n", escape(&node.id)));
    data(out, "label", Some(&node.name));
    data(out, "seen", Some(if node.report.is_some() { "true" } else { "false" }));
    data(out, "story", Some(&node.subject.id));
    if let Some(report) = node.report {
        data(out, "report", Some(&report.id));
        data(out, "letter", Some(&node.letter));
        data(out, "witness", node.witness.map(|n| n.to_string()).as_deref());
        data(out, "outlet", report.outlet.as_deref());
        data(out, "title", report.title.as_deref());
        data(out, "published", report.published.as_deref());
        data(out, "url", report.url.as_deref());
        data(out, "words", Some(&report.words.to_string()));
    }
    *out += "    </node>\n";
}

fn write_edge(out: &mut String, n: usize, line: &Line<'_>) {
    let (from, to) = (escape(&line.from), escape(&line.to));
    push(out, format_args!("    <edge id=\"e{n}\" source=\"{from}\" target=\"{to}\">\n"));
    let edge = line.edge;
    data(out, "kind", Some(edge.kind.as_str()));
    data(out, "credited", Some(&edge.credited.to_string()));
    data(out, "partly", Some(&edge.partly.to_string()));
    data(out, "weight", Some(&edge.score.to_string()));
    data(out, "reason", Some(&edge.reason));
    data(out, "evidence", Some(&edge.evidence));
    data(out, "edge_story", Some(&line.subject.id));
    *out += "    </edge>\n";
}

fn data(out: &mut String, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        push(out, format_args!("      <data key=\"{key}\">{}</data>\n", escape(value)));
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to a string cannot fail");
}

/// `text` as the content of an element or a quoted attribute (XML 1.0, 2.2 and 2.4).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&apos;",
            // As they stand, a parser would make spaces of them in attributes and "\n" of "\r\n".
            '\t' => out += "&#9;",
            '\n' => out += "&#10;",
            '\r' => out += "&#13;",
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                out.push(char::REPLACEMENT_CHARACTER)
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::super::testing;
    use super::*;

    /// Ids of nodes, ends of edges, and all texts, as a parser reads them; panics where the XML is not well-formed.
    fn parsed(xml: &str) -> (BTreeSet<String>, Vec<[String; 2]>, Vec<String>) {
        let (mut nodes, mut edges, mut texts) = (BTreeSet::new(), Vec::new(), Vec::new());
        let mut reader = Reader::from_str(xml);
        let mut text = String::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Eof => break,
                Event::Start(start) => {
                    text.clear();
                    let value = |name: &str| {
                        let attribute =
                            start.attributes().map(Result::unwrap).find(|each| each.key.as_ref() == name);
                        attribute
                            .unwrap()
                            .normalized_value(quick_xml::XmlVersion::Explicit1_0)
                            .unwrap()
                            .into_owned()
                    };
                    match start.name().as_ref() {
                        "node" => assert!(nodes.insert(value("id")), "two nodes of one id"),
                        "edge" => edges.push([value("source"), value("target")]),
                        _ => {}
                    }
                }
                Event::Text(piece) => text += &piece,
                Event::GeneralRef(entity) => match entity.resolve_char_ref().unwrap() {
                    Some(c) => text.push(c),
                    None => text += quick_xml::escape::resolve_predefined_entity(&entity).unwrap(),
                },
                Event::End(end) if end.name().as_ref() == "data" => texts.push(text.clone()),
                _ => {}
            }
        }
        (nodes, edges, texts)
    }

    #[test]
    fn a_story_as_a_graph() {
        insta::assert_snapshot!(graphml(&[testing::example("summit")]));
    }

    #[test]
    fn every_edge_ends_at_nodes_and_words_come_back() {
        let subjects = [testing::hostile(), testing::example("summit"), testing::example("results")];
        let (nodes, edges, texts) = parsed(&graphml(&subjects));
        assert!(!edges.is_empty());
        assert!(edges.iter().flatten().all(|end| nodes.contains(end)), "{edges:?} {nodes:?}");
        let title = subjects[0].comparison.reports[0].title.clone().unwrap();
        let kept = title.replace(['\u{0}', '\u{1b}', '\u{fffe}'], "\u{fffd}");
        assert!(texts.contains(&kept), "{texts:?}");
        let outlet = subjects[0]
            .comparison
            .reports
            .iter()
            .find_map(|each| each.outlet.clone().filter(|name| name.starts_with("Line")));
        assert!(texts.contains(&outlet.unwrap()));
    }
}
