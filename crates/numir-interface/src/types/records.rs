//! The layout of records: NumPy's structured dtypes, of fields that are numbers, arrays, or records themselves.

use numir_runtime::DType;
use std::sync::Arc;

/// How one record lies in memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordLayout {
    /// Its bytes.
    pub size: usize,
    /// Records lie at multiples of so many bytes from where the first of an array would be aligned, and from each other: their size,
    /// but for those that lie in other records.
    pub unit: usize,
    /// Its fields. One without a name is all there is: such records are the numbers of a field at any addresses.
    pub fields: Vec<RecordField>,
}

/// A field of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordField {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub item: FieldItem,
    /// The extents of a field that is an array, which lies in C order; none where it is one item.
    pub shape: Vec<usize>,
    /// The bytes before it.
    pub offset: usize,
}

/// What a field holds one or more of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FieldItem {
    /// A number.
    Number(DType),
    /// A record.
    Record(Arc<RecordLayout>),
}

impl FieldItem {
    /// The bytes of one.
    pub fn size(&self) -> usize {
        match self {
            Self::Number(dtype) => dtype.size(),
            Self::Record(layout) => layout.size,
        }
    }

    fn spelling(&self) -> String {
        match self {
            Self::Number(dtype) => dtype.name().to_string(),
            Self::Record(layout) => format!("{{{}}}", layout.spelling()),
        }
    }

    fn described(&self) -> String {
        match self {
            Self::Number(dtype) => dtype.name().to_string(),
            Self::Record(layout) => layout.described(),
        }
    }
}

/// How deep records may nest.
const NESTING: usize = 16;

impl RecordLayout {
    /// The layout of a number that lies at any address.
    pub fn bare(dtype: DType) -> Self {
        let field = RecordField { name: String::new(), item: FieldItem::Number(dtype), shape: Vec::new(), offset: 0 };
        Self { size: dtype.size(), unit: dtype.size(), fields: vec![field] }
    }

    /// The number that is all there is, where it is [`RecordLayout::bare`].
    pub fn number(&self) -> Option<DType> {
        match self.fields.as_slice() {
            [RecordField { name, item: FieldItem::Number(dtype), .. }] if name.is_empty() => Some(*dtype),
            _ => None,
        }
    }

    /// The layout of a field's records, as they lie in records of this one.
    pub fn inside(&self, field: &RecordField, layout: &Self) -> Self {
        let apart = if field.shape.is_empty() { 0 } else { layout.size };
        let unit = [field.offset, apart].into_iter().fold(self.unit, greatest_common_divisor);
        Self { unit, ..layout.clone() }
    }

    /// Whether records of the other layout have the same bytes.
    pub fn has_fields_of(&self, other: &Self) -> bool {
        self.size == other.size && self.fields == other.fields
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&RecordField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The layout as [`RecordLayout::read`] reads it: `48;float64:0:x;int32[2,3]:8:n;{16;float64:0:y}:32:p`; `16@4;…` tells of another
    /// unit than the size.
    pub fn spelling(&self) -> String {
        let fields = self.fields.iter().map(|field| {
            format!(";{}{}:{}:{}", field.item.spelling(), brackets(&field.shape), field.offset, field.name)
        });
        let unit = if self.unit == self.size { String::new() } else { format!("@{}", self.unit) };
        format!("{}{unit}{}", self.size, fields.collect::<String>())
    }

    /// The layout that is spelt so; None where that is no layout.
    pub fn read(text: &str) -> Option<Self> {
        Self::nested(text, 0)
    }

    fn nested(text: &str, depth: usize) -> Option<Self> {
        if depth > NESTING {
            return None;
        }
        let mut parts = outside_braces(text);
        let size = parts.next()?;
        let (size, unit) = size.split_once('@').unwrap_or((size, size));
        let (size, unit): (usize, usize) = (size.parse().ok()?, unit.parse().ok()?);
        let fields = parts.map(|part| {
            let (item, rest) = match part.strip_prefix('{') {
                Some(inner) => {
                    let (inner, rest) = inner.rsplit_once('}')?;
                    (FieldItem::Record(Arc::new(Self::nested(inner, depth + 1)?)), rest)
                }
                None => {
                    let end = part.find(['[', ':'])?;
                    (FieldItem::Number(DType::from_name(&part[..end])?), &part[end..])
                }
            };
            let (extents, rest) = rest.split_once(':')?;
            let (offset, name) = rest.split_once(':')?;
            let shape = match extents {
                "" => Vec::new(),
                extents => {
                    let extents = extents.strip_prefix('[')?.strip_suffix(']')?.split(',');
                    extents.map(|extent| extent.parse().ok()).collect::<Option<Vec<usize>>>()?
                }
            };
            let offset: usize = offset.parse().ok()?;
            let bytes = shape.iter().try_fold(item.size(), |bytes, extent| bytes.checked_mul(*extent))?;
            let inside = offset.checked_add(bytes)? <= size;
            inside.then_some(RecordField { name: name.to_owned(), item, shape, offset })
        });
        Some(Self { size, unit, fields: fields.collect::<Option<_>>()? })
    }

    /// What people see: the fields with their types.
    pub fn described(&self) -> String {
        if let Some(dtype) = self.number() {
            return format!("field({})", dtype.name());
        }
        let fields = self.fields.iter();
        let fields =
            fields.map(|field| format!("{}: {}{}", field.name, field.item.described(), brackets(&field.shape)));
        format!("record({})", fields.collect::<Vec<_>>().join(", "))
    }
}

fn greatest_common_divisor(left: usize, right: usize) -> usize {
    let (mut left, mut right) = (left, right);
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

/// `[2,3]`; nothing for one item.
fn brackets(shape: &[usize]) -> String {
    if shape.is_empty() {
        return String::new();
    }
    format!("[{}]", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(","))
}

/// The parts between the semicolons that stand in no braces.
fn outside_braces(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    text.split(move |letter| {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ';' && depth == 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_read_as_they_are_spelt() {
        for text in [
            "8;int64:0:x",
            "8@4;int64:0:x",
            "40;float64:0:x;int32[2,3]:8:n m;{8;int8[4]:0:a;{4;float32:0:b}:4:c}[1]:32:p",
            "4",
        ] {
            assert_eq!(RecordLayout::read(text).map(|layout| layout.spelling()).as_deref(), Some(text));
        }
        for text in ["", "4;int64:0:x", "8;int7:0:x", "8;int8[9]:0:x", "8;{8;int64:0:x:0:p", "8;int8[a]:0:x"] {
            assert_eq!(RecordLayout::read(text), None, "{text}");
        }
    }
}
