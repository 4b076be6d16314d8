//! Arguments that are objects known when a function is compiled: their numbers are those of one process, and are replaced by the
//! order in which they stand among the arguments' types.

use numir_interface::Type;

/// The numbers of the objects in some types, each once, in order.
pub(crate) fn objects_in<'t>(types: impl IntoIterator<Item = &'t Type>) -> Vec<u32> {
    let mut found = Vec::new();
    types.into_iter().for_each(|ty| collect(ty, &mut found));
    found
}

fn collect(ty: &Type, found: &mut Vec<u32>) {
    match ty {
        Type::Object(number) if !found.contains(number) => found.push(*number),
        Type::Tuple(items) => items.iter().for_each(|item| collect(item, found)),
        Type::Member(_, inner) | Type::Optional(inner) => collect(inner, found),
        _ => {}
    }
}

/// The type with each object's place in a list as its number.
pub(super) fn placed(ty: &Type, objects: &[u32]) -> Type {
    match ty {
        Type::Object(number) => {
            Type::Object(objects.iter().position(|object| object == number).unwrap_or(objects.len()) as u32)
        }
        Type::Tuple(items) => Type::Tuple(items.with(items.iter().map(|item| placed(item, objects)))),
        Type::Optional(inner) => Type::Optional(Box::new(placed(inner, objects))),
        other => other.clone(),
    }
}
