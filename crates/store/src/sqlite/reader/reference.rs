//! Reads regions, places and reported figures.

use demining::{Place, Region, ReportedFigure};

use super::open::Reader;
use crate::{error::StoreError, sqlite::tables::reference};

impl Reader {
    /// Returns the regions in their original order.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row cannot be read.
    pub fn regions(&self) -> Result<Vec<Region>, StoreError> {
        reference::regions(&self.conn)
    }

    /// Returns the places in their original order.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row cannot be read.
    pub fn places(&self) -> Result<Vec<Place>, StoreError> {
        reference::places(&self.conn)
    }

    /// Returns the reported figures in their original order.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row cannot be read.
    pub fn reported_figures(&self) -> Result<Vec<ReportedFigure>, StoreError> {
        reference::figures(&self.conn)
    }
}
