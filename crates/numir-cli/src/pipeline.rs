//! `numir pipeline`: the schedule of a target, as text or as a picture.

use crate::arguments::Pipeline;
use crate::failure::Failure;
use crate::output;
use numir::Error;
use numir_pipeline::{Registry, Target, draw};

pub fn pipeline(arguments: &Pipeline) -> Result<(), Failure> {
    // Named so that the passes are linked: they declare themselves.
    use numir_passes as _;
    // The way to a device is the same for all its architectures.
    let way = arguments.target.split_once(':').map_or(arguments.target.as_str(), |(way, _)| way);
    let Some(target) = Target::named(way) else {
        let known: Vec<_> = Target::all().iter().map(|target| target.name).collect();
        let message = format!("there is no target `{}`; the targets are {}", arguments.target, known.join(", "));
        return Err(Failure::usage(message));
    };
    let registry = Registry::global().map_err(|error| Error::Pass(error.to_string()))?;
    let request = target.request(arguments.opt).from_stage(arguments.from.promise());
    let schedule = request.schedule(registry).map_err(Error::from)?;
    let (title, drawing) = (format!("{} from {}", target.name, arguments.from), &arguments.drawing);
    let text = match (drawing.dot, drawing.mermaid, drawing.svg, drawing.table) {
        (true, ..) => draw::dot(&title, &schedule),
        (_, true, ..) => draw::mermaid(&title, &schedule),
        (.., true, _) => draw::svg(&title, &schedule),
        (.., true) => draw::table(&title, &schedule),
        _ => schedule.pipeline() + "\n",
    };
    output::print(text).map_err(Failure::output)
}
