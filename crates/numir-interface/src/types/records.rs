//! The layout of records: NumPy's structured dtypes, of fields that are numbers.

use numir_runtime::DType;

/// How one record lies in memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordLayout {
    /// Its bytes.
    pub size: usize,
    /// Its fields.
    pub fields: Vec<RecordField>,
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordField {
    /// Its name.
    pub name: String,
    /// Its type.
    pub dtype: DType,
    /// The bytes before it.
    pub offset: usize,
}

impl RecordLayout {
    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&RecordField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The layout as [`RecordLayout::read`] reads it: `24;float64:0:x;int32:8:n`.
    pub fn spelling(&self) -> String {
        let fields = self.fields.iter().map(|field| format!(";{}:{}:{}", field.dtype.name(), field.offset, field.name));
        format!("{}{}", self.size, fields.collect::<String>())
    }

    /// The layout that is spelt so; None where that is no layout.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';');
        let size: usize = parts.next()?.parse().ok()?;
        let fields = parts.map(|part| {
            let mut part = part.splitn(3, ':');
            let dtype = DType::from_name(part.next()?)?;
            let offset: usize = part.next()?.parse().ok()?;
            let inside = offset.checked_add(dtype.size())? <= size;
            inside.then_some(RecordField { name: part.next()?.to_owned(), dtype, offset })
        });
        Some(Self { size, fields: fields.collect::<Option<_>>()? })
    }

    /// What people see: the fields with their types.
    pub fn described(&self) -> String {
        let fields = self.fields.iter().map(|field| format!("{}: {}", field.name, field.dtype.name()));
        format!("record({})", fields.collect::<Vec<_>>().join(", "))
    }
}
