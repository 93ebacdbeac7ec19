//! Tables as Parquet, with the feature `parquet`: the rows of [`csv()`](super::csv()), with types.
//!
//! Counts are 64-bit integers, scores and shares doubles, yes and no Booleans, all else UTF-8. What is not known, and empty in CSV, is null. Text stands as it
//! is in the report: nothing that reads Parquet runs it. A group of rows for each [`GROUP_ROWS`], packed with Zstandard. Equal input gives
//! equal bytes, as long as the `parquet` crate, whose name and version stand in the file, is the same.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::Subject;
use super::tables::{Table, Value};

/// Rows of a group. Readers hold a group in memory; Parquet's own advice is 128 MiB of values, and a row has some 500 bytes.
const GROUP_ROWS: usize = 100_000;

/// What the values of a column are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Text,
    Count,
    Score,
    Flag,
}

impl Kind {
    /// By its name: a name means the same in each table.
    fn of(column: &str) -> Self {
        match column {
            "witness" | "witnesses" | "words" | "number" => Self::Count,
            "score" | "position" => Self::Score,
            "core" | "conflict" | "negated" | "seen" | "credited" | "partly" => Self::Flag,
            _ => Self::Text,
        }
    }

    fn field(self, column: &str) -> TypePtr {
        let (physical, logical) = match self {
            Self::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Self::Count => (Physical::INT64, None),
            Self::Score => (Physical::DOUBLE, None),
            Self::Flag => (Physical::BOOLEAN, None),
        };
        let field = Type::primitive_type_builder(column, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build();
        Arc::new(field.expect("the types fit each other"))
    }
}

/// One table of all stories.
pub fn parquet(subjects: &[Subject], table: Table) -> Vec<u8> {
    written(subjects, table).expect("writing to memory cannot fail, and values fit their columns")
}

fn written(subjects: &[Subject], table: Table) -> Result<Vec<u8>, ParquetError> {
    let fields = table.columns().iter().map(|column| Kind::of(column).field(column)).collect();
    let schema = Arc::new(Type::group_type_builder(table.as_str()).with_fields(fields).build()?);
    let compression = Compression::ZSTD(ZstdLevel::default());
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties)?;
    let mut rows = Vec::new();
    for subject in subjects {
        rows.extend(table.rows(subject));
        if rows.len() >= GROUP_ROWS {
            write_group(writer.next_row_group()?, table, &rows)?;
            rows.clear();
        }
    }
    if !rows.is_empty() {
        write_group(writer.next_row_group()?, table, &rows)?;
    }
    writer.into_inner()
}

fn write_group(
    mut group: SerializedRowGroupWriter<'_, Vec<u8>>,
    table: Table,
    rows: &[Vec<Value>],
) -> Result<(), ParquetError> {
    for (n, column) in table.columns().iter().enumerate() {
        let values = rows.iter().map(|row| row[n].as_str());
        match Kind::of(column) {
            Kind::Text => write::<ByteArrayType>(&mut group, values, |text| Some(ByteArray::from(text))),
            Kind::Count => write::<Int64Type>(&mut group, values, |text| text.parse().ok()),
            Kind::Score => write::<DoubleType>(&mut group, values, |text| text.parse().ok()),
            Kind::Flag => write::<BoolType>(&mut group, values, |text| text.parse().ok()),
        }?;
    }
    group.close()?;
    Ok(())
}

/// Writes the next column.
fn write<'v, T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: impl Iterator<Item = &'v str>,
    convert: impl Fn(&'v str) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let (mut there, mut levels) = (Vec::new(), Vec::new());
    for value in values {
        let value = Some(value).filter(|value| !value.is_empty()).and_then(&convert);
        levels.push(i16::from(value.is_some()));
        there.extend(value);
    }
    let mut column = group.next_column()?.expect("the schema has a field for each column");
    column.typed::<T>().write_batch(&there, Some(&levels), None)?;
    column.close()
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    use super::super::{Cells, csv, testing};
    use super::*;

    /// A field as it stands in CSV.
    fn shown(field: &Field) -> String {
        match field {
            Field::Null => String::new(),
            Field::Str(text) => text.clone(),
            Field::Long(count) => count.to_string(),
            Field::Double(score) => score.to_string(),
            Field::Bool(flag) => flag.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn rows_are_those_of_csv() {
        let subjects = [testing::hostile(), testing::example("summit"), testing::example("bill")];
        for table in Table::ALL {
            let bytes = parquet(&subjects, table);
            assert_eq!(bytes, parquet(&subjects, table), "{table:?} is the same each time");
            let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
            let rows: Vec<Vec<String>> = reader
                .get_row_iter(None)
                .unwrap()
                .map(|row| row.unwrap().get_column_iter().map(|(_, field)| shown(field)).collect())
                .collect();
            let text = csv(&subjects, table, Cells::AsTheyAre);
            let expected: Vec<Vec<String>> = ::csv::Reader::from_reader(text.as_bytes())
                .records()
                .map(|row| row.unwrap().iter().map(str::to_owned).collect())
                .collect();
            assert!(!rows.is_empty());
            assert_eq!(rows.len(), expected.len(), "{table:?}");
            for (row, expected) in rows.iter().zip(&expected) {
                assert_eq!(row, expected, "{table:?}");
            }
        }
    }

    #[test]
    fn columns_have_types() {
        let bytes = parquet(&[testing::example("bill")], Table::Divergences);
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let row = reader.get_row_iter(None).unwrap().next().unwrap().unwrap();
        let fields: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        assert!(matches!(fields[3..5], [Field::Bool(_), Field::Double(_)]), "{fields:?}");
    }
}
