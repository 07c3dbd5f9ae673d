//! The atlas: what readers see, and how it changes.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use demining::{Accident, Change, Place, Precision, Record, Region, ReportedFigure, Revision};
use geometry::{PolygonError, TileId};

use crate::{
    accidents::{self, Accidents},
    answers::tile::regions_under,
    core::{
        fold::fold, ids::Ids, load::Loading, saved::Unreadable, scope::Scope, snapshot::Snapshot,
        tile_versions::TileVersions,
    },
    folded::Folded,
    reference::ReferenceData,
    small::Located,
    state::{Changes, State},
    view::View,
};

/// Everything derived from the records: an index and a cube for each scope, and the queries on them.
///
/// Readers take a [`View`], which never changes and never waits. One writer at a time loads and folds.
///
/// ```
/// use atlas::{Atlas, Filter, Scope};
/// let atlas = Atlas::new(vec![], vec![], vec![])?;
/// let view = atlas.view(Scope::Full);
/// assert_eq!(view.count(&Filter::default()).records, 0);
/// # Ok::<(), geometry::PolygonError>(())
/// ```
#[derive(Debug)]
pub struct Atlas {
    reference: Arc<ReferenceData>,
    ids: Arc<Ids>,
    full: Shown,
    public: Shown,
    /// Replaced snapshots that readers may still use. The writer frees them, so that no reader spends time on
    /// it.
    replaced: Mutex<Vec<Arc<Snapshot>>>,
}

/// The content of one scope, and when it last changed where.
#[derive(Debug)]
struct Shown {
    versions: TileVersions,
    /// When accidents last changed under a tile.
    accident_versions: TileVersions,
    state: ArcSwap<State>,
}

impl Atlas {
    /// Creates an atlas of these regions, places and figures, without records.
    ///
    /// # Errors
    /// If a boundary is not a valid polygon.
    pub fn new(
        regions: Vec<Region>,
        places: Vec<Place>,
        figures: Vec<ReportedFigure>,
    ) -> Result<Self, PolygonError> {
        let reference = ReferenceData::new(regions, places, figures)?;
        let shown = |scope| Shown {
            versions: TileVersions::new(reference.regions().len()),
            accident_versions: TileVersions::new(0),
            state: ArcSwap::from_pointee(State::empty(scope, &reference)),
        };
        Ok(Self {
            full: shown(Scope::Full),
            public: shown(Scope::Public),
            ids: Arc::default(),
            reference: Arc::new(reference),
            replaced: Mutex::default(),
        })
    }

    /// Sets the precision of the public view for uncleared records. Call this before using the atlas.
    ///
    /// # Panics
    /// If a view or a loading of this atlas exists.
    #[must_use]
    pub fn disclosing(mut self, precision: Precision) -> Self {
        let reference = Arc::get_mut(&mut self.reference).expect("nobody looks at it yet");
        reference.precision = precision;
        self.public.state = ArcSwap::from_pointee(State::empty(Scope::Public, &self.reference));
        self
    }

    /// Returns the regions, places and reported figures.
    pub fn reference(&self) -> &ReferenceData {
        &self.reference
    }

    /// Returns the current view for a reader.
    pub fn view(&self, scope: Scope) -> View {
        View::new(&self.reference, &self.ids, &self.shown(scope).state.load())
    }

    /// Begins to load all records of a store.
    pub fn loading(&self) -> Loading {
        Loading::new(Arc::clone(&self.reference))
    }

    /// Finishes a loading: its records replace the previous content, as of `revision`. `shown` is the public
    /// revision.
    ///
    /// # Errors
    /// If loaded blocks are invalid; the previous content remains then.
    pub fn loaded(&self, loading: Loading, revision: Revision, shown: Revision) -> Result<(), Unreadable> {
        let mut replaced = self.replaced.lock().unwrap_or_else(PoisonError::into_inner);
        let records = loading.take_accidents().into_iter();
        let records: Vec<_> = records.map(|record| Located::new(record, &self.reference)).collect();
        let accidents = Accidents::of(&records, &self.reference);
        for (snapshot, accidents) in loading.finish(&self.ids, [revision, shown])?.into_iter().zip(accidents)
        {
            let shown = self.shown(snapshot.scope);
            shown.versions.reset(snapshot.revision);
            shown.accident_versions.reset(snapshot.revision);
            self.swap(State { snapshot: Arc::new(snapshot), accidents }, &mut replaced);
        }
        free(&mut replaced);
        Ok(())
    }

    /// Loads these detections, in the order of their numbers, as of `revision`, which is also the public
    /// revision.
    pub fn load(&self, records: impl IntoIterator<Item = Record>, revision: Revision) {
        self.load_all(records, [], revision);
    }

    /// Loads these detections, in the order of their numbers, and these accidents.
    pub fn load_all(
        &self,
        records: impl IntoIterator<Item = Record>,
        accidents: impl IntoIterator<Item = Record<Accident>>,
        revision: Revision,
    ) {
        let loading = self.loading();
        let mut stretch = loading.stretch(0);
        for record in records {
            stretch.add(&record);
        }
        stretch.end();
        loading.add_accidents(accidents);
        self.loaded(loading, revision, revision).expect("no saved block was loaded");
    }

    /// Folds in changes of detections, in the order of their revisions; they may span several revisions. When
    /// this returns, every new view shows them.
    pub fn fold(&self, changes: &[Change]) -> Folded {
        self.fold_all(Changes { detections: changes, ..Changes::default() })
    }

    /// Folds in changes of several collections. No view shows some of them without the others.
    pub fn fold_all(&self, changes: Changes<'_>) -> Folded {
        let mut replaced = self.replaced.lock().unwrap_or_else(PoisonError::into_inner);
        let [full, public] = Scope::ALL.map(|scope| self.shown(scope).state.load_full());
        let before = [&*full.snapshot, &*public.snapshot];
        let (mut snapshots, detections) = fold(&self.reference, &self.ids, before, changes.detections);
        let before = [&full.accidents, &public.accidents];
        let (after, accidents) = accidents::fold(&self.reference, before, changes.accidents);
        drop((full, public));
        for snapshot in &mut snapshots {
            let of = |change: &Change<Accident>| match snapshot.scope {
                Scope::Full => change.revision,
                Scope::Public => change.shown,
            };
            snapshot.revision = changes.accidents.iter().map(of).fold(snapshot.revision, Revision::max);
        }
        let [revision, shown] = snapshots.each_ref().map(|snapshot| snapshot.revision);
        let folded = Folded { revision, shown, detections, accidents };
        for (snapshot, accidents) in snapshots.into_iter().zip(after) {
            let shown = self.shown(snapshot.scope);
            folded.detections.note(snapshot.scope, &self.reference, &shown.versions);
            folded.accidents.note(snapshot.scope, &shown.accident_versions);
            self.swap(State { snapshot: Arc::new(snapshot), accidents }, &mut replaced);
        }
        free(&mut replaced);
        folded
    }

    /// Returns the last change under a tile of detections. A tile made from a view of revision R is current
    /// while this is at most R.
    pub fn last_change(&self, scope: Scope, tile: TileId) -> Revision {
        self.shown(scope).versions.last_change(tile)
    }

    /// Returns the last change under a tile of regions, that is, of a figure that it shows.
    pub fn last_change_of_regions(&self, scope: Scope, tile: TileId) -> Revision {
        self.shown(scope).versions.last_change_of(regions_under(&self.reference, tile))
    }

    /// Returns the last change under a tile of accidents.
    pub fn last_change_of_accidents(&self, scope: Scope, tile: TileId) -> Revision {
        self.shown(scope).accident_versions.last_change(tile)
    }

    fn shown(&self, scope: Scope) -> &Shown {
        match scope {
            Scope::Full => &self.full,
            Scope::Public => &self.public,
        }
    }

    /// Makes this state the current one.
    fn swap(&self, state: State, replaced: &mut Vec<Arc<Snapshot>>) {
        let old = self.shown(state.snapshot.scope).state.swap(Arc::new(state));
        replaced.push(Arc::clone(&old.snapshot));
    }
}

/// Frees the snapshots that no reader uses.
fn free(replaced: &mut Vec<Arc<Snapshot>>) {
    replaced.retain(|snapshot| Arc::strong_count(snapshot) > 1);
}
