//! Regions, places and reported figures.

use demining::{Place, Region, ReportedFigure};

use super::open::Reader;
use crate::{error::StoreError, sqlite::tables::reference};

impl Reader {
    /// The regions, in the order they were given.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row cannot be read.
    pub fn regions(&self) -> Result<Vec<Region>, StoreError> {
        reference::regions(&self.conn)
    }

    /// The places, in the order they were given.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row cannot be read.
    pub fn places(&self) -> Result<Vec<Place>, StoreError> {
        reference::places(&self.conn)
    }

    /// The reported figures, in the order they were given.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a row cannot be read.
    pub fn reported_figures(&self) -> Result<Vec<ReportedFigure>, StoreError> {
        reference::figures(&self.conn)
    }
}
