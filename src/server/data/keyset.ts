/** Where a page of a list ended: what the list is ordered by, and the `_id` that settles ties. */
export interface Place<Id> {
  readonly at: Date;
  readonly id: Id;
}

/**
 * What comes after a place in a list ordered by `field` and then by `_id`, both downwards; everything where there is no
 * place. The bound on the field alone lets an index be entered at the place, not at its beginning.
 */
export const below = <Id>(field: string, place: Place<Id> | null): Record<string, unknown> =>
  place === null
    ? {}
    : {
        [field]: { $lte: place.at },
        $or: [{ [field]: { $lt: place.at } }, { _id: { $lt: place.id } }],
      };

/** What comes after a place in a list ordered by `field` and then by `_id`, both upwards. */
export const above = <Id>(field: string, place: Place<Id> | null): Record<string, unknown> =>
  place === null
    ? {}
    : {
        [field]: { $gte: place.at },
        $or: [{ [field]: { $gt: place.at } }, { _id: { $gt: place.id } }],
      };
