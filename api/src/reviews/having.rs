//! Which reviews, by what belongs to them: their tags, and the incidents that they are about.

use entity::organization::OrganizationId;
use entity::vocabulary::{DetectionSource, IncidentCategory};
use entity::{incident, review, review_incident};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ColumnTrait as _, Condition};

use crate::kernel::page::any;
use crate::references;

/// What reviews are to have; what is left out says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Having<'a> {
    /// Any of these tags.
    pub tag: &'a [String],
    /// A tag, or none.
    pub tagged: Option<bool>,
    /// An incident of any of these categories; the same that has one of the detection sources.
    pub category: &'a [IncidentCategory],
    /// An incident with any of these detection sources.
    pub detection_source: &'a [DetectionSource],
    /// An incident, or none.
    pub with_incident: Option<bool>,
}

impl Having<'_> {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.tag.is_empty()
            && self.tagged.is_none()
            && !self.asks_for_incident()
            && self.with_incident.is_none()
    }

    fn asks_for_incident(&self) -> bool {
        !(self.category.is_empty() && self.detection_source.is_empty())
    }

    /// The same as a condition on reviews.
    pub fn condition(&self, organization: OrganizationId) -> Condition {
        let id = review::Column::Id;
        let tagged = (!self.tag.is_empty())
            .then(|| id.in_subquery(references::tagged_with(organization, self.tag)));
        let any_tag = self.tagged.map(|tagged| {
            let any = references::tagged(organization);
            if tagged {
                id.in_subquery(any)
            } else {
                id.not_in_subquery(any)
            }
        });
        let about = self
            .asks_for_incident()
            .then(|| id.in_subquery(self.about(organization)));
        let with_incident = self.with_incident.map(|with| {
            let exists = Expr::exists(incidents());
            if with { exists } else { exists.not() }
        });
        Condition::all()
            .add_option(tagged)
            .add_option(any_tag)
            .add_option(about)
            .add_option(with_incident)
    }

    /// The reviews of the incidents that are asked for.
    fn about(&self, organization: OrganizationId) -> SelectStatement {
        use incident::Column;
        Query::select()
            .column((review_incident::Entity, review_incident::Column::ReviewId))
            .from(review_incident::Entity)
            .inner_join(
                incident::Entity,
                Expr::col((incident::Entity, Column::Id))
                    .equals((review_incident::Entity, review_incident::Column::IncidentId)),
            )
            .and_where(Column::OrganizationId.eq(organization))
            .cond_where(
                Condition::all()
                    .add_option(any(self.category, Column::Category))
                    .add_option(any(self.detection_source, Column::DetectionSource)),
            )
            .to_owned()
    }
}

/// The incidents of a review.
fn incidents() -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(review_incident::Entity)
        .and_where(
            Expr::col((review_incident::Entity, review_incident::Column::ReviewId))
                .equals((review::Entity, review::Column::Id)),
        )
        .to_owned()
}
