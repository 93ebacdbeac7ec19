use std::path::Path;
use std::sync::Arc;
use stemma_annotate::Annotator;
use stemma_core::*;
fn main() {
    let p = std::env::args().nth(1).unwrap();
    let a = Annotator::load();
    for line in std::fs::read_to_string(Path::new(&p)).unwrap().lines() {
        let v: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = v["text"].as_str().unwrap();
        let dct = v["dct"].as_str().unwrap();
        let Ok(day) = dct[..10].parse() else { continue };
        let d = a.annotate(Arc::new(Report::new(
            ReportDraft { text: text.into(), published: Some(Published::Day(day)), ..Default::default() },
            Origin::whole("x"),
        )));
        let off = Offsets::new(text, OffsetUnit::Chars);
        for t in d.layers().times.items() {
            let [s, e] = off.of_span(t.span);
            println!(
                "{}",
                serde_json::json!({"id":v["id"],"s":s,"e":e,"type":t.kind.as_str(),"value":t.value,"reason":t.reason})
            );
        }
    }
}
