use std::sync::Arc; use stemma_annotate::Annotator; use stemma_core::*;
fn main(){ let a=Annotator::load(); for p in std::env::args().skip(1){ let s=std::fs::read_to_string(&p).unwrap();
 let vals:Vec<serde_json::Value>= if p.ends_with(".jsonl"){ s.lines().map(|l|serde_json::from_str(l).unwrap()).collect()} else {let v:serde_json::Value=serde_json::from_str(&s).unwrap(); v["reports"].as_array().unwrap().clone()};
 for v in vals{ let text=v["text"].as_str().unwrap();
  let d=a.annotate(Arc::new(Report::of_text(text)));
  for f in d.layers().figures.items(){ let st=text[..f.span.start()].char_indices().rev().nth(20).map_or(0,|x|x.0); let en=text[f.span.end()..].char_indices().nth(30).map_or(text.len(),|x|f.span.end()+x.0);
   println!("{}[{}]{} => {} {} {:?} {} {}", text[st..f.span.start()].replace('\n'," "), d.slice(f.span), text[f.span.end()..en].replace('\n'," "), f.value, f.unit.symbol, f.approximation, f.counted.map_or("-",|c|d.slice(c)), if f.ordinal{"RANK"}else{""}); } } } }
