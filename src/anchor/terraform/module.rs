//! A root module and the modules that it calls.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::source::{Block, Kind, SourceFile, local_source};
use super::state::Made;

/// The files of a root module and of the modules beside it that it calls, by their folders.
#[derive(Debug)]
pub struct Tree {
    root: PathBuf,
    folders: BTreeMap<PathBuf, Vec<Block>>,
}

/// What made a resource.
pub(in crate::anchor) enum Found<'a> {
    /// A block, and the others of its folder.
    Resource(&'a Block, &'a [Block]),
    /// Our own call of a module that lies elsewhere.
    Call(&'a Block),
}

impl Tree {
    /// A tree of which nothing is read yet; folders are named by their canonical paths.
    pub fn new(root: PathBuf) -> Self {
        Self { root, folders: BTreeMap::new() }
    }

    /// Takes the files of a folder in.
    pub fn take(&mut self, folder: PathBuf, files: Vec<SourceFile>) {
        self.folders.insert(folder, files.into_iter().flat_map(|file| file.blocks).collect());
    }

    /// Whether a folder was read.
    pub fn has(&self, folder: &Path) -> bool {
        self.folders.contains_key(folder)
    }

    /// The resources of a type in all folders, each with its folder's blocks.
    pub(in crate::anchor) fn resources<'a>(
        &'a self,
        wanted: &'a str,
    ) -> impl Iterator<Item = (&'a Block, &'a [Block])> {
        self.folders.values().flat_map(move |blocks| {
            let of_type =
                blocks.iter().filter(move |block| matches!(&block.kind, Kind::Resource(kind) if kind == wanted));
            of_type.map(move |block| (block, &blocks[..]))
        })
    }

    /// What made a resource that a state of this root module names; nothing, where the code has it no more.
    pub(in crate::anchor) fn find(&self, made: &Made) -> Option<Found<'_>> {
        let mut folder = self.root.clone();
        for name in &made.modules {
            let call =
                self.folders.get(&folder)?.iter().find(|block| block.kind == Kind::Module && block.name == *name)?;
            let inside = local_source(call).map(|source| beneath(&folder, source)).filter(|inside| self.has(inside));
            match inside {
                Some(inside) => folder = inside,
                None => return Some(Found::Call(call)),
            }
        }
        let blocks = self.folders.get(&folder)?;
        let kind = Kind::Resource(made.kind.clone());
        let block = blocks.iter().find(|block| block.kind == kind && block.name == made.name)?;
        Some(Found::Resource(block, blocks))
    }
}

/// The folder that a way leads to from another, as it is written: folders are named by canonical paths.
pub fn beneath(folder: &Path, way: &str) -> PathBuf {
    let mut path = folder.to_owned();
    for part in way.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path
}
