import type { Store } from "./store.ts";
import type { Collection } from "./collection.ts";
import type { Index } from "./index-spec.ts";

/** The least date that BSON and JavaScript both know. */
const EARLIEST = new Date(-8.64e15);
/** No more than this are removed at once, so that other commands get their turn. */
const BATCH = 1000;

/** Removes the documents whose time is over by an index with `expireAfterSeconds`. */
export function removeExpired(store: Store, now: number): void {
  for (const collection of store.catalogue.list()) {
    for (const index of collection.indexes) {
      if (index.expireAfterSeconds !== undefined)
        removeBy(store, collection, index, index.expireAfterSeconds, now);
    }
  }
}

function removeBy(
  store: Store,
  collection: Collection,
  index: Index,
  expireAfter: number,
  now: number,
): void {
  const [field] = index.fields;
  const latest = new Date(now - expireAfter * 1000);
  if (field === undefined || Number.isNaN(latest.getTime())) return;
  const expired = store.findInRange(collection, index, EARLIEST, latest, BATCH);
  if (expired.length === 0) return;
  store.transaction(() => {
    for (const record of expired) collection.remove(record);
  });
}
