//! Finds which modules of a crate a file uses, by parsing its syntax; code compiled only for tests is
//! ignored.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use syn::{Attribute, Item, UseTree, visit::Visit};

/// The files of a crate by module path: `["http", "problem"]`; the crate root is `[]`.
pub struct Crate {
    files: BTreeMap<Vec<String>, File>,
}

struct File {
    syntax: syn::File,
    /// The names that a module re-exports or imports from its children, with the child of each.
    passed_on: BTreeMap<String, String>,
}

impl Crate {
    pub fn read(src: &Path) -> Self {
        let mut files = BTreeMap::new();
        for path in sources(src) {
            let module = module_of(src, &path);
            let text = std::fs::read_to_string(&path).unwrap();
            let mut syntax = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            drop_tests(&mut syntax.items);
            files.insert(module, File { syntax, passed_on: BTreeMap::new() });
        }
        assert!(!files.is_empty(), "{} holds no code", src.display());
        let modules: BTreeSet<Vec<String>> = files.keys().cloned().collect();
        for (module, file) in &mut files {
            let is_child = |name: &String| modules.contains(&[module.clone(), vec![name.clone()]].concat());
            for path in uses(&file.syntax) {
                // The last segment may be a new name; either identifies the child.
                if let [child, .., name] = &path[..]
                    && is_child(child)
                {
                    file.passed_on.insert(name.clone(), child.clone());
                }
            }
        }
        Self { files }
    }

    /// Returns every module with the other modules of the crate that it uses, excluding parents and children.
    pub fn named(&self) -> BTreeMap<&Vec<String>, BTreeSet<Vec<String>>> {
        let named = |module: &Vec<String>, file: &File| {
            let mut paths = Paths::default();
            paths.visit_file(&file.syntax);
            let found = paths.found.iter().filter_map(|path| self.target(module, path));
            found.filter(|target| !target.starts_with(module) && !module.starts_with(target)).collect()
        };
        self.files.iter().map(|(module, file)| (module, named(module, file))).collect()
    }

    /// Resolves a path from within a module; `None` if it leads out of the crate.
    fn target(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let mut at = module.to_vec();
        let mut rest = path;
        match rest.first()?.as_str() {
            "crate" => (at, rest) = (Vec::new(), &rest[1..]),
            "self" => rest = &rest[1..],
            "super" => {
                while rest.first().is_some_and(|first| first == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            _ => return None,
        }
        for name in rest {
            let file = &self.files[&at];
            let step = [at.clone(), vec![name.clone()]].concat();
            if self.files.contains_key(&step) {
                at = step;
            } else if let Some(child) = file.passed_on.get(name) {
                at.push(child.clone());
            } else {
                break;
            }
        }
        Some(at)
    }
}

/// Returns every Rust file below a folder, except files that contain only tests.
pub fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
            all.push(path);
        }
    }
    all.retain(|path| !path.parent().is_some_and(|folder| folder.ends_with("tests")));
    all
}

/// Returns the code of a file that is compiled into the program, without tests and comments.
pub fn code_of(path: &Path) -> String {
    let mut syntax = syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap();
    drop_tests(&mut syntax.items);
    quote::quote!(#syntax).to_string().replace(' ', "")
}

fn module_of(src: &Path, path: &Path) -> Vec<String> {
    let inside = path.strip_prefix(src).unwrap().with_extension("");
    let mut module: Vec<String> = inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if module.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        module.pop();
    }
    module
}

fn drop_tests(items: &mut Vec<Item>) {
    items.retain(|item| !attributes(item).iter().any(is_for_tests));
    for item in items {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    drop_tests(items);
                }
            }
            Item::Impl(item) => item.items.retain(|item| match item {
                syn::ImplItem::Fn(function) => !function.attrs.iter().any(is_for_tests),
                _ => true,
            }),
            _ => {}
        }
    }
}

fn is_for_tests(attribute: &Attribute) -> bool {
    let is_cfg = attribute.path().is_ident("cfg");
    is_cfg && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string().starts_with("test"))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Returns the imports of a file, without a leading `self`.
fn uses(file: &syn::File) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for item in &file.items {
        if let Item::Use(item) = item {
            flatten(&item.tree, &mut Vec::new(), &mut all);
        }
    }
    for path in &mut all {
        path.retain(|part| part != "self");
    }
    all
}

fn flatten(tree: &UseTree, before: &mut Vec<String>, all: &mut Vec<Vec<String>>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, all);
            before.pop();
        }
        UseTree::Name(name) => all.push([before.clone(), vec![name.ident.to_string()]].concat()),
        UseTree::Rename(name) => {
            all.push([before.clone(), vec![name.ident.to_string()]].concat());
            all.push([before.clone(), vec![name.rename.to_string()]].concat());
        }
        UseTree::Glob(_) => all.push(before.clone()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, before, all)),
    }
}

/// Collects all paths of a file that begin within the crate.
#[derive(Default)]
struct Paths {
    found: Vec<Vec<String>>,
}

impl Visit<'_> for Paths {
    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        flatten(&item.tree, &mut Vec::new(), &mut self.found);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        self.found.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        syn::visit::visit_path(self, path);
    }
}
