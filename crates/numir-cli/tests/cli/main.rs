//! The commands as a user meets them: processes, files, exit codes and words.

mod arrays;
mod compile;
mod files;
mod messages;
mod pictures;
mod process;
mod readme;
mod run;
mod support;
