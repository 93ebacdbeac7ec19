//! Small inputs of each format that other programs write, and what is read of them.

mod common;

use std::path::Path;

use common::{gzip, page, told, view, zip};
use stemma_core::Origin;
use stemma_read::{Format, Input, ReadOptions, read, read_bytes_with};

/// What is read of bytes as the name of their file says.
fn named(bytes: Vec<u8>, name: &str) -> String {
    view(&read_bytes_with(
        bytes,
        Format::of_path(Path::new(name)),
        &Origin::whole(name),
        &ReadOptions::default(),
    ))
}

#[test]
fn tables() {
    let csv = "\u{FEFF}Headline,Publish Date,Source,Author,URL,Article Text,Topic\r\n\
        Ferry sinks,2025-03-03,The Harbor Post,\"['Ida Voss', 'Li Wei']\",https://h.example/1,\"The ferry sank.\n\n\"\"Nobody was hurt,\"\" she said.\",sea\r\n\
        \r\n,,,,https://h.example/2,,\r\n\
        Dam holds,someday,None,nan,https://h.example/3,The dam holds,,more\r\n";
    insta::assert_snapshot!(told(csv.into(), "export.csv"), @r#"
    # export.csv:2
    outlet: The Harbor Post
    title: Ferry sinks
    published: 2025-03-03
    byline: Ida Voss, Li Wei
    url: https://h.example/1
    extra: {"Topic":"sea"}
    | The ferry sank.
    | 
    | "Nobody was hurt," she said.
    # export.csv:5
    title: Dam holds
    url: https://h.example/3
    extra: {"Publish Date":"someday","Source":"None","Author":"nan","column 8":"more"}
    | The dam holds
    error: export.csv:4: holds nothing but white space
    notice: export.csv:5: `Publish Date` is not a date that can be read: "someday"
    "#);
    let tsv = "title\ttext\nFerry sinks\tThe \"ferry\" sank.\n\"Dam\" holds\tThe dam; holds.\n";
    insta::assert_snapshot!(told(gzip(tsv.as_bytes()), "x"), @r#"
    # x:2
    title: Ferry sinks
    | The "ferry" sank.
    # x:3
    title: Dam holds
    | The dam; holds.
    "#);
    let (latin, _, _) = encoding_rs::WINDOWS_1252
        .encode("titel;text;date\nFähre gesunken;„Niemand wurde verletzt“, sagte sie.;03.03.2025\n");
    insta::assert_snapshot!(told(latin.into_owned(), "x.csv"), @r#"
    # x.csv:2
    published: 2025-03-03
    extra: {"titel":"Fähre gesunken"}
    | „Niemand wurde verletzt“, sagte sie.
    "#);
    let utf16: Vec<u8> =
        "\u{FEFF}title\ttext\nFähre\tThe ferry sank.\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    insta::assert_snapshot!(told(utf16, "x.tsv"), @r"
    # x.tsv:2
    title: Fähre
    | The ferry sank.
    ");
}

#[test]
fn tables_with_a_map_of_columns() {
    let told = |text: &str, columns: &str| {
        let options = ReadOptions { columns: Some(columns.parse().unwrap()) };
        let format = (!text.starts_with('[')).then_some(Format::Csv);
        view(&read_bytes_with(text.into(), format, &Origin::whole("x.csv"), &options))
    };
    let unnamed = "17,Ferry sinks,The ferry sank.\n18,Dam holds,The dam holds.\n";
    insta::assert_snapshot!(told(unnamed, "text=#3,title=#2"), @r"
    # x.csv:1
    title: Ferry sinks
    | The ferry sank.
    # x.csv:2
    title: Dam holds
    | The dam holds.
    ");
    insta::assert_snapshot!(told("Überschrift;Inhalt\nFähre;Die Fähre sank.\n", "text=Inhalt,title=Überschrift"), @r"
    # x.csv:2
    title: Fähre
    | Die Fähre sank.
    ");
    insta::assert_snapshot!(told("a,b\nc,d\n", "text=e"), @r#"error: x.csv: there is no column "e"; its columns are `a`, `b`"#);
    insta::assert_snapshot!(told("[{\"what\": {\"body\": \"The ferry sank.\"}, \"head\": \"Ferry\"}]", "text=what.body,title=head"), @r#"
    # x.csv:1
    title: Ferry
    extra: {"what":{"body":"The ferry sank."}}
    | The ferry sank.
    "#);
}

#[test]
fn tables_that_are_broken() {
    insta::assert_snapshot!(named("title,text\nOne,\"never closed\nTwo,The dam holds.\n\"Three\",The ferry sank.\n".into(), "x.csv"), @r"
    # x.csv:3
    title: Two
    | The dam holds.
    # x.csv:4
    title: Three
    | The ferry sank.
    error: x.csv:2: the record at byte 11 cannot be read: a quotation mark in it is not closed
    ");
    insta::assert_snapshot!(named("name,price\nboat,12\n".into(), "x.csv"), @"error: x.csv: no column has a name that says it holds the text; its columns are `name`, `price`");
    insta::assert_snapshot!(named("title,text\n".into(), "x.csv"), @"error: x.csv: holds no report");
    insta::assert_snapshot!(named("url,title,seendate\nhttps://a.example/,Ferry,20250303T101500Z\n".into(), "x.csv"), @"error: x.csv: is a table of 1 address, it holds no texts");
    insta::assert_snapshot!(named("Text, he said, is a word,\nand so is title, she said.\n".into(), "x"), @r"
    # x
    | Text, he said, is a word,
    | and so is title, she said.
    ");
}

const LETTER: &str = "Return-Path: <news@harbor.example>\r\nFrom: =?utf-8?Q?The_Harbor_Post_=E2=80=93_Daily?= <news@harbor.example>\r\n\
    To: reader@example.org\r\nSubject: =?utf-8?B?RmVycnkgc2lua3Mg4oCTIG5vYm9keSBodXJ0?=\r\nDate: Mon, 3 Mar 2025 18:30:00 +0100\r\n\
    Message-ID: <m1@harbor.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"b\"\r\n\r\n\
    --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    The ferry sank =E2=80=93 read it in your browser.\r\n\
    --b\r\nContent-Type: text/html; charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
    <html><body><table><tr><td><p>The ferry sank on Monday in the caf=E9 harbor.</p><p>=93Nobody was hurt,=94 said Ida Voss.</p></td></tr></table></body></html>\r\n\
    --b--\r\n";

#[test]
fn letters() {
    insta::assert_snapshot!(told(LETTER.into(), "news.eml"), @r"
    # news.eml
    id: m1@harbor.example
    outlet: The Harbor Post – Daily
    title: Ferry sinks – nobody hurt
    published: 2025-03-03T18:30:00+01:00
    | The ferry sank on Monday in the café harbor.
    | 
    | “Nobody was hurt,” said Ida Voss.
    ");
    insta::assert_snapshot!(told(LETTER.replace("text/html", "image/png").replace("3 Mar", "thirty").into(), "x"), @r#"
    # x
    id: m1@harbor.example
    outlet: The Harbor Post – Daily
    title: Ferry sinks – nobody hurt
    | The ferry sank – read it in your browser.
    notice: x: the mail's date cannot be read: "Mon, thirty 2025 18:30:00 +0100"
    notice: x: 1 part beside the text was passed over
    "#);
    insta::assert_snapshot!(told(zip(&[("a/news.eml", LETTER.as_bytes())]), "x.zip"), @r"
    # x.zip/a/news.eml
    id: m1@harbor.example
    outlet: The Harbor Post – Daily
    title: Ferry sinks – nobody hurt
    published: 2025-03-03T18:30:00+01:00
    | The ferry sank on Monday in the café harbor.
    | 
    | “Nobody was hurt,” said Ida Voss.
    ");
    insta::assert_snapshot!(named("He left.".into(), "x.eml"), @"error: x.eml: not a mail that can be read: it does not begin with the lines of a mail's head");
}

#[test]
fn mailboxes() {
    let short = "Subject: The dam\nDate: Tue, 4 Mar 2025 06:15:00 +0200\n\n";
    let mailbox = format!(
        "From news@harbor.example Mon Mar  3 18:30:00 2025\r\n{LETTER}\r\nFrom - Tue Mar 04 06:15:00 2025\n{short}The dam holds.\n\n\
         From here on nobody knows more.\n>From Monday on it rained.\n\nFrom \nSubject: Nothing\n\n\nFrom \n{short}It still holds.\n"
    );
    let expected = |place: &str| {
        format!(
            "# {place}:1\nid: m1@harbor.example\noutlet: The Harbor Post – Daily\ntitle: Ferry sinks – nobody hurt\npublished: 2025-03-03T18:30:00+01:00\n\
             | The ferry sank on Monday in the café harbor.\n| \n| “Nobody was hurt,” said Ida Voss.\n\
             # {place}:2\ntitle: The dam\npublished: 2025-03-04T06:15:00+02:00\n| The dam holds.\n| \n| From here on nobody knows more.\n| From Monday on it rained.\n\
             # {place}:4\ntitle: The dam\npublished: 2025-03-04T06:15:00+02:00\n| It still holds.\n\
             error: {place}:3: holds nothing but white space\n"
        )
    };
    // Known by what it holds where its name does not tell, and inside of archives.
    assert_eq!(told(mailbox.clone().into(), "Inbox"), expected("Inbox"));
    assert_eq!(told(mailbox.clone().into(), "a.mbox"), expected("a.mbox"));
    assert_eq!(named(mailbox.clone().into(), "a.mbox"), expected("a.mbox"));
    assert_eq!(told(zip(&[("b/a.mbox", mailbox.as_bytes())]), "x.zip"), expected("x.zip/b/a.mbox"));
    let cut = &mailbox[..mailbox.find("=?utf-8?B?").unwrap()];
    insta::assert_snapshot!(told(cut.into(), "a.mbox"), @"error: a.mbox:1: holds nothing but white space");
    insta::assert_snapshot!(named("He left.\nFrom a 10:00 2025\nTo: b\n".into(), "a.mbox"), @"error: a.mbox: not a mailbox that can be read: it does not begin with a line `From …` and a mail behind it");
    insta::assert_snapshot!(named("\n \n".into(), "a.mbox"), @"error: a.mbox: holds nothing but white space");
    insta::assert_snapshot!(named("From a 10:00 2025\n".into(), "a.mbox"), @"error: a.mbox:1: the record at byte 0 cannot be read: nothing is behind its first line");
}

/// Where a mail stands is told for those that stand there byte for byte.
#[test]
fn mails_are_kept_as_they_came() {
    let mail = "Subject: Ferry\n\nThe ferry sank.";
    let mailbox = format!("From a\n{mail}\n\nFrom b\nSubject: Dam\n\n>From Monday on.\n");
    let reading =
        stemma_read::read_bytes(mailbox.clone().into(), Some(Format::Mailbox), &Origin::whole("a.mbox"));
    let first = reading.content(0).unwrap();
    assert_eq!((&*first.media_type, &first.bytes[..]), ("message/rfc822", mail.as_bytes()));
    let range = first.range.clone().unwrap();
    assert_eq!(&mailbox[range.start as usize..range.end as usize], mail);
    let second = reading.content(1).unwrap();
    assert_eq!((second.range.clone(), &second.bytes[..]), (None, &b"Subject: Dam\n\nFrom Monday on."[..]));
}

#[test]
fn saved_pages() {
    let saved = format!(
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.harbor.example/ferry\r\nSubject: The ferry reopens\r\n\
         Date: Mon, 3 Mar 2025 18:30:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/html\r\nContent-Location: https://www.harbor.example/ferry\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n\
         --b\r\nContent-Type: text/css\r\nContent-Location: https://www.harbor.example/x.css\r\n\r\nbody {{}}\r\n\
         --b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://www.harbor.example/x.png\r\n\r\niVBORw0KGgo=\r\n--b--\r\n",
        page("ferry")
    );
    insta::assert_snapshot!(told(saved.clone().into(), "ferry.mhtml"), @r"
    # ferry.mhtml
    outlet: harbor.example
    title: The ferry reopens
    url: https://www.harbor.example/ferry
    language: en
    | The ferry was opened again on Monday after nine months of work, and some two hundred peopl
    | 
    | “We waited long enough,” said Mayor Ida Holm, who cut a ribbon at six o’clock in front of 
    | 
    | The work cost 14 million crowns, three more than was planned, according to the port author
    notice: ferry.mhtml: 2 parts beside the text were passed over
    ");
    assert_eq!(
        told(saved.clone().into(), "x"),
        told(saved.into(), "ferry.mhtml").replace("ferry.mhtml", "x")
    );
}

#[test]
fn json_of_crawlers_and_services() {
    let trafilatura = r#"{"title": "Ferry sinks", "author": "Ida Voss; Li Wei", "hostname": "harbor.example", "date": "2025-03-03", "fingerprint": "f1",
        "id": null, "license": null, "comments": "", "raw_text": "The ferry sank.", "text": "The ferry sank.\nNobody was hurt.", "language": null,
        "image": null, "pagetype": "article", "filedate": "2025-03-04", "source": "https://harbor.example/1", "source-hostname": "The Harbor Post",
        "excerpt": null, "categories": "", "tags": ""}"#;
    insta::assert_snapshot!(told(trafilatura.into(), "trafilatura.json"), @r#"
    # trafilatura.json
    outlet: The Harbor Post
    title: Ferry sinks
    published: 2025-03-03
    byline: Ida Voss, Li Wei
    url: https://harbor.example/1
    extra: {"hostname":"harbor.example","fingerprint":"f1","id":null,"license":null,"comments":"","raw_text":"The ferry sank.","language":null,"image":null,"pagetype":"article","filedate":"2025-03-04","excerpt":null,"categories":"","tags":""}
    | The ferry sank.
    | Nobody was hurt.
    "#);
    let fundus = r#"[{"title": "Ferry sinks", "authors": ["Ida Voss"], "publishing_date": "2025-03-03 18:30:00+01:00", "topics": ["sea"],
        "body": {"summary": ["The ferry sank."], "sections": [{"headline": ["What happened"], "paragraphs": ["Nobody was hurt.", "It was raining."]}]},
        "lang": "en", "html": {"requested_url": "https://harbor.example/1?x", "responded_url": "https://harbor.example/1", "content": "<p>",
        "crawl_date": "2025-03-04 10:00:00", "source_info": {"publisher": "The Harbor Post"}}}]"#;
    insta::assert_snapshot!(told(fundus.into(), "fundus.json"), @r#"
    # fundus.json:1
    outlet: The Harbor Post
    title: Ferry sinks
    published: 2025-03-03T18:30:00+01:00
    byline: Ida Voss
    url: https://harbor.example/1
    language: en
    extra: {"topics":["sea"],"html":{"requested_url":"https://harbor.example/1?x","responded_url":"https://harbor.example/1","content":"<p>","crawl_date":"2025-03-04 10:00:00","source_info":{"publisher":"The Harbor Post"}}}
    | The ferry sank.
    | 
    | What happened
    | 
    | Nobody was hurt.
    | 
    | It was raining.
    "#);
    let newspaper = r#"[{"url": "https://harbor.example/1", "read_more_link": null, "language": "en", "title": "Ferry sinks", "top_image": "x.jpg",
        "authors": ["Ida Voss"], "publish_date": "2025-03-03T18:30:00", "summary": "It sank.", "meta_lang": "en", "meta_site_name": "The Harbor Post",
        "canonical_link": "https://harbor.example/1", "text": "The ferry sank.", "text_cleaned": ""}]"#;
    insta::assert_snapshot!(told(newspaper.into(), "newspaper4k.json"), @r#"
    # newspaper4k.json:1
    outlet: The Harbor Post
    title: Ferry sinks
    published: 2025-03-03T18:30:00+00:00
    byline: Ida Voss
    url: https://harbor.example/1
    language: en
    extra: {"read_more_link":null,"top_image":"x.jpg","summary":"It sank.","meta_lang":"en","canonical_link":"https://harbor.example/1","text_cleaned":""}
    | The ferry sank.
    "#);
    let please = r#"{"authors": ["Ida Voss"], "date_download": "2025-03-04 08:00:00", "date_modify": "None", "date_publish": "2025-03-03 18:30:00",
        "description": "It sank.", "filename": "1.json", "image_url": null, "language": "en", "localpath": null, "maintext": "The ferry sank.",
        "source_domain": "harbor.example", "text": "Menu The ferry sank. Imprint", "title": "Ferry sinks", "title_page": null, "title_rss": null, "url": "https://harbor.example/1"}"#;
    insta::assert_snapshot!(told(please.into(), "news-please.json"), @r#"
    # news-please.json
    outlet: harbor.example
    title: Ferry sinks
    published: 2025-03-03T18:30:00+00:00
    byline: Ida Voss
    url: https://harbor.example/1
    language: en
    extra: {"date_download":"2025-03-04 08:00:00","date_modify":"None","description":"It sank.","filename":"1.json","image_url":null,"localpath":null,"text":"Menu The ferry sank. Imprint","title_page":null,"title_rss":null}
    | The ferry sank.
    "#);
    let services = r#"{"status": "ok", "totalResults": 2, "articles": [
        {"source": {"id": null, "name": "The Harbor Post"}, "author": "Ida Voss", "title": "Ferry sinks", "url": "https://harbor.example/1", "publishedAt": "2025-03-03T18:30:00Z", "content": "The ferry sank."},
        {"title": "No text", "url": "https://harbor.example/2"}]}"#;
    insta::assert_snapshot!(told(services.into(), "newsapi.json"), @r"
    # newsapi.json:1
    outlet: The Harbor Post
    title: Ferry sinks
    published: 2025-03-03T18:30:00+00:00
    byline: Ida Voss
    url: https://harbor.example/1
    | The ferry sank.
    notice: newsapi.json: 1 of 2 entries hold an address and no text, passed over
    ");
    let guardian = r#"{"response": {"status": "ok", "results": [{"id": "world/1", "webTitle": "Ferry sinks", "webUrl": "https://g.example/1",
        "webPublicationDate": "2025-03-03T18:30:00Z", "fields": {"byline": "Ida Voss", "bodyText": "The ferry sank."}}]}}"#;
    insta::assert_snapshot!(told(guardian.into(), "guardian.json"), @r"
    # guardian.json:1
    id: world/1
    title: Ferry sinks
    published: 2025-03-03T18:30:00+00:00
    byline: Ida Voss
    url: https://g.example/1
    | The ferry sank.
    ");
    let gdelt = r#"{"articles": [{"url": "https://a.example/1", "title": "Ferry sinks", "seendate": "20250303T101500Z", "domain": "a.example", "language": "English"}]}"#;
    insta::assert_snapshot!(told(gdelt.into(), "gdelt.json"), @"error: gdelt.json: is a list of articles of 1 address, it holds no texts");
    let search = r#"{"hits": {"total": 1, "hits": [{"_id": "7", "_source": {"title": "Ferry sinks", "body_html": "<p>The ferry sank.</p><p>Nobody was hurt.</p>"}}]}}"#;
    insta::assert_snapshot!(told(search.into(), "search.json"), @r"
    # search.json:1
    id: 7
    title: Ferry sinks
    | The ferry sank.
    | 
    | Nobody was hurt.
    ");
}

#[test]
fn news_in_json() {
    let first = r#"{"uri": "http://agency.example/1", "type": "text", "versioncreated": "2025-03-03T18:30:00+01:00", "byline": "By Ida Voss", "language": "en",
        "headline": "Ferry sinks", "body_xhtml": "<div><p>The ferry sank.</p><p>Nobody was hurt.</p></div>", "infosource": [{"name": "Agency"}], "urgency": 3}"#;
    insta::assert_snapshot!(told(first.into(), "one.json"), @r#"
    # one.json
    id: http://agency.example/1
    outlet: Agency
    title: Ferry sinks
    published: 2025-03-03T18:30:00+01:00
    byline: Ida Voss
    url: http://agency.example/1
    language: en
    extra: {"type":"text","versioncreated":"2025-03-03T18:30:00+01:00","infosource":[{"name":"Agency"}],"urgency":3}
    | The ferry sank.
    | 
    | Nobody was hurt.
    "#);
    let second = r#"{"uri": "urn:agency:2", "standard": {"name": "ninjs", "version": "2.1"}, "versioncreated": "2025-03-03T18:30:00Z", "by": "Ida Voss",
        "headlines": [{"role": "short", "value": "Ferry"}, {"role": "main", "value": "Ferry sinks"}],
        "bodies": [{"role": "main", "contenttype": "text/html", "value": "<p>No</p>"}, {"role": "main", "contenttype": "text/plain", "value": "The ferry sank."}],
        "infosources": [{"role": "outlet", "name": "Agency"}], "altids": [{"role": "url", "value": "https://agency.example/2"}]}"#;
    let picture = r#"{"uri": "urn:agency:3", "type": "picture", "versioncreated": "2025-03-03T18:30:00Z", "headlines": [{"value": "A ferry"}]}"#;
    insta::assert_snapshot!(told(format!("[{second},{picture}]").into(), "two.json"), @r#"
    # two.json:1
    id: urn:agency:2
    outlet: Agency
    title: Ferry sinks
    published: 2025-03-03T18:30:00+00:00
    byline: Ida Voss
    url: https://agency.example/2
    extra: {"standard":{"name":"ninjs","version":"2.1"},"versioncreated":"2025-03-03T18:30:00Z","infosources":[{"role":"outlet","name":"Agency"}],"altids":[{"role":"url","value":"https://agency.example/2"}]}
    | The ferry sank.
    notice: two.json:2: an item of the type "picture" without text was passed over
    "#);
}

const ITEM: &str = r#"<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:agency.example:1" version="2" xml:lang="en">
  <itemMeta><itemClass qcode="ninat:text"/><provider qcode="x:ag"><name>Agency</name></provider><versionCreated>2025-03-03T18:30:00+01:00</versionCreated></itemMeta>
  <contentMeta><by>By Ida Voss</by><headline>Ferry &amp; pilot sink</headline><language tag="en-GB"/></contentMeta>
  <contentSet><inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head><hedline><hl1>No</hl1></hedline></body.head>
    <body.content><block><p>The ferry <em>sank</em> on Monday.</p><media><media-caption>No</media-caption></media><p>Nobody was hurt.</p></block></body.content></body></nitf></inlineXML></contentSet></newsItem>"#;

#[test]
fn news_in_xml() {
    insta::assert_snapshot!(told(ITEM.into(), "item.xml"), @r"
    # item.xml:1
    id: urn:newsml:agency.example:1
    outlet: Agency
    title: Ferry & pilot sink
    published: 2025-03-03T18:30:00+01:00
    byline: Ida Voss
    language: en-GB
    | The ferry sank on Monday.
    | 
    | Nobody was hurt.
    ");
    let other = ITEM.replace("inlineXML", "inlineData").replace(":1\"", ":2\"");
    let picture =
        r#"<newsItem guid="3"><itemMeta/><contentSet><remoteContent href="x.jpg"/></contentSet></newsItem>"#;
    let message = format!(
        "<?xml version=\"1.0\"?><newsMessage xmlns=\"http://iptc.org/std/nar/2006-10-01/\"><itemSet>{ITEM}{other}{picture}</itemSet></newsMessage>"
    );
    insta::assert_snapshot!(told(message.clone().into(), "message.xml"), @r"
    # message.xml:1
    id: urn:newsml:agency.example:1
    outlet: Agency
    title: Ferry & pilot sink
    published: 2025-03-03T18:30:00+01:00
    byline: Ida Voss
    language: en-GB
    | The ferry sank on Monday.
    | 
    | Nobody was hurt.
    # message.xml:2
    id: urn:newsml:agency.example:2
    outlet: Agency
    title: Ferry & pilot sink
    published: 2025-03-03T18:30:00+01:00
    byline: Ida Voss
    language: en-GB
    | The ferry sank on Monday.
    | 
    | Nobody was hurt.
    notice: message.xml: 1 item holds no text, passed over
    ");
    insta::assert_snapshot!(told(message.replacen("</headline>", "</headlin>", 1).into(), "message.xml"), @r"
    # message.xml:2
    id: urn:newsml:agency.example:2
    outlet: Agency
    title: Ferry & pilot sink
    published: 2025-03-03T18:30:00+01:00
    byline: Ida Voss
    language: en-GB
    | The ferry sank on Monday.
    | 
    | Nobody was hurt.
    error: message.xml:1: the record at byte 87 cannot be read: expected 'headline' tag, not 'headlin' at 3:68
    notice: message.xml: 1 item holds no text, passed over
    ");
    insta::assert_snapshot!(told(ITEM.replace("</newsItem>", "").into(), "item.xml"), @"error: item.xml: not NewsML-G2 or NITF that can be read: the root node was opened but never closed");
    let nitf = r#"<!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf><head><title>No</title><pubdata date.publication="20250303T183000Z"/></head><body><body.head><hedline><hl1>Ferry sinks</hl1></hedline>
        <byline>By Ida Voss</byline></body.head><body.content><p>The ferry sank.</p></body.content></body></nitf>"#;
    insta::assert_snapshot!(told(nitf.into(), "x"), @r"
    # x:1
    title: Ferry sinks
    published: 2025-03-03T18:30:00+00:00
    byline: Ida Voss
    | The ferry sank.
    ");
}

#[test]
fn lists_of_addresses_are_told() {
    insta::assert_snapshot!(told("<opml><body><outline xmlUrl='https://a.example/rss'/></body></opml>".into(), "feeds.opml"), @"error: feeds.opml: is a list of feeds (OPML) of 1 address, it holds no texts");
    insta::assert_snapshot!(told("<?xml version='1.0'?><!-- x --><urlset><url><loc>https://a.example/1</loc></url></urlset>".into(), "news.xml"), @"error: news.xml: is a sitemap of 1 address, it holds no texts");
}

#[test]
fn pages_saved_with_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(at("Ferry_files")).unwrap();
    std::fs::create_dir_all(at("Dam_files")).unwrap();
    std::fs::write(at("Ferry.html"), page("ferry")).unwrap();
    std::fs::write(at("Ferry_files/frame.html"), page("advert")).unwrap();
    std::fs::write(at("Dam_files/dam.html"), page("dam")).unwrap();
    let reading = read(vec![Input::Path(folder.path().to_owned())]);
    let titles: Vec<&str> = reading.reports.iter().filter_map(|report| report.title()).collect();
    assert_eq!(titles, ["The dam reopens", "The ferry reopens"]);
    assert!(reading.notices[0].problem.contains("passed over Ferry_files"));
}
