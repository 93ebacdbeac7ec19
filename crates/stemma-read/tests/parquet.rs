//! Parquet files, with the feature `parquet`.
#![cfg(feature = "parquet")]

mod common;

use std::sync::Arc;

use common::{told, zip};
use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

/// A table with the columns `headline` and `article_text`.
fn table(rows: &[(&str, &str)], compression: Compression) -> Vec<u8> {
    let schema = "message m { required binary headline (UTF8); required binary article_text (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let columns: [Vec<ByteArray>; 2] =
        [rows.iter().map(|row| row.0.into()).collect(), rows.iter().map(|row| row.1.into()).collect()];
    for values in columns {
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn rows_are_reports() {
    let rows = [("Ferry sinks", "The ferry sank."), ("Dam holds", "The dam holds."), ("Nothing", " ")];
    let expected = "# x:1\ntitle: Ferry sinks\n| The ferry sank.\n# x:2\ntitle: Dam holds\n| The dam holds.\n\
        error: x:3: holds nothing but white space\n";
    let zstandard = Compression::ZSTD(ZstdLevel::try_new(3).unwrap());
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, zstandard] {
        assert_eq!(told(table(&rows, compression), "x"), expected);
    }
    let packed = zip(&[("a/x.parquet", &table(&rows[..1], Compression::SNAPPY))]);
    assert_eq!(told(packed, "x.zip"), "# x.zip/a/x.parquet:1\ntitle: Ferry sinks\n| The ferry sank.\n");
}

#[test]
fn broken_files_are_told() {
    let whole = table(&[("Ferry sinks", "The ferry sank."); 50], Compression::SNAPPY);
    for at in (4..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        told(bytes, "x");
        let told = told(whole[..at].to_vec(), "x");
        assert!(told.starts_with("error: x: not a Parquet file that can be read: "), "{told}");
    }
}
