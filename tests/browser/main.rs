//! The page in headless Chromium. Needs the built page in `dist/`: run by `cargo xtask test`, or after
//! `trunk build --release` by `cargo xtask test browser`.

mod absent;
mod data_room;
mod details;
mod devices;
mod drawing;
mod gallery;
mod harness;
mod keys;
mod killed;
mod map;
mod narrow;
mod nothing_kept;
mod pictures;
mod pointers;
mod report;
mod restored;
mod rooms;
mod start;
mod tabs;
mod teach;
mod teach_files;
mod teach_gpu;
mod teach_resume;
mod teach_room;
mod teach_scratch;
mod training;
mod translation;
mod trouble;
mod visit;
