import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { Doc } from "../bson/value.ts";
import { compileFilter } from "../query/filter.ts";
import { compileSort } from "../query/sort.ts";
import { type Plain, toDoc } from "../wire/plain.ts";
import type { Collection } from "./collection.ts";
import { showValue } from "./duplicate-key.ts";
import { Store } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "mongo-find-"));
const store = new Store(folder);
afterAll(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

type Fields = { readonly [name: string]: Plain };

function fill(collection: Collection, documents: readonly Fields[], indexes: readonly Fields[]): void {
  store.transaction(() => {
    for (const [position, document] of documents.entries())
      collection.insert(toDoc({ _id: position, ...document }));
  });
  for (const [position, index] of indexes.entries()) {
    store.catalogue.addIndex(collection, toDoc({ v: 2, ...index, name: `index${position}` }));
  }
}

const scalar: fc.Arbitrary<Plain> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 4 }) },
  fc.constantFrom(null, "a", "b", true, 2.5, 3n, Number.NaN, new Date(0), new Date(5000)),
);
const subdocument: fc.Arbitrary<Plain> = fc.record({ b: scalar, c: scalar }, { requiredKeys: [] });
const field: fc.Arbitrary<Plain> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  subdocument,
  fc.array(fc.oneof({ weight: 3, arbitrary: scalar }, subdocument), { maxLength: 3 }),
);
const document: fc.Arbitrary<Fields> = fc.record({ a: field, b: scalar, c: field }, { requiredKeys: [] });
/** Documents in which only `a` may hold an array: two of them in one index are refused, as in MongoDB. */
const plainDocument: fc.Arbitrary<Fields> = fc.record(
  { a: field, b: scalar, c: scalar },
  { requiredKeys: [] },
);

const path = fc.constantFrom("a", "b", "c", "a.b", "a.c", "_id");
const operator = fc.constantFrom("$eq", "$gt", "$gte", "$lt", "$lte", "$ne");
const condition: fc.Arbitrary<Plain> = fc.oneof(
  scalar,
  subdocument,
  fc.tuple(operator, scalar).map(([name, value]) => ({ [name]: value })),
  fc
    .tuple(fc.constantFrom("$gt", "$gte"), scalar, fc.constantFrom("$lt", "$lte"), scalar)
    .map(([lower, from, upper, to]) => ({ [lower]: from, [upper]: to })),
  fc.array(scalar, { maxLength: 3 }).map((values) => ({ $in: values })),
  fc.boolean().map((exists) => ({ $exists: exists })),
  fc.tuple(scalar, scalar).map(([from, to]) => ({ $elemMatch: { $gte: from, $lte: to } })),
);
const conditions: fc.Arbitrary<Fields> = fc
  .array(fc.tuple(path, condition), { maxLength: 3 })
  .map((entries) => Object.fromEntries(entries));
const filter: fc.Arbitrary<Fields> = fc.oneof(
  { weight: 3, arbitrary: conditions },
  fc
    .tuple(conditions, fc.array(conditions, { minLength: 1, maxLength: 3 }))
    .map(([own, branches]) => ({ ...own, $or: branches })),
  fc.array(conditions, { minLength: 1, maxLength: 2 }).map((branches) => ({ $and: branches })),
);

const direction = fc.constantFrom(1, -1);
const keyPattern: fc.Arbitrary<Fields> = fc
  .uniqueArray(fc.constantFrom("a", "b", "c", "a.b", "a.c"), { minLength: 1, maxLength: 3 })
  .chain((paths) =>
    fc
      .tuple(...paths.map(() => direction))
      .map((directions) =>
        Object.fromEntries(paths.map((name, position) => [name, directions[position] ?? 1])),
      ),
  );
const index: fc.Arbitrary<Fields> = fc.oneof(
  { weight: 4, arbitrary: keyPattern.map((key) => ({ key })) },
  keyPattern.map((key) => ({ key, sparse: true })),
  fc
    .tuple(keyPattern, fc.constantFrom({ b: 1 }, { b: { $gt: 1 } }, { c: { $exists: true } }))
    .map(([key, partial]) => ({
      key,
      partialFilterExpression: partial,
    })),
);
const sort: fc.Arbitrary<Fields> = fc.oneof(
  fc.constant({}),
  keyPattern,
  fc.tuple(keyPattern, direction).map(([key, last]) => ({ ...key, _id: last })),
);

/** What the search must give, read from all documents without any index. */
function expected(documents: readonly Fields[], where: Fields, by: Fields): Doc[] {
  const matches = compileFilter(toDoc(where));
  const all = documents.map((fields, position) => toDoc({ _id: position, ...fields })).filter(matches);
  return Object.keys(by).length === 0 ? all : all.toSorted(compileSort(toDoc(by)));
}

const idsOf = (docs: readonly Doc[]): string[] =>
  docs.map((doc) => showValue(doc.get("_id") ?? null)).toSorted();

interface Case {
  readonly documents: readonly Fields[];
  readonly indexes: readonly Fields[];
  readonly where: Fields;
  readonly by: Fields;
  readonly skip: number;
  readonly limit: number | undefined;
}

/** What is wrong with the answer to a search; nothing, it is hoped. */
function mistakes({ documents, indexes, where, by, skip, limit }: Case): string[] {
  const collection = store.ensure("test", "items");
  try {
    fill(collection, documents, indexes);
    const search = { filter: toDoc(where), sort: toDoc(by), skip, limit };
    const { records, countByIndex } = store.find(collection, search);
    const found = [...records].map((record) => record.doc);
    const end = limit === undefined ? undefined : skip + limit;
    const wanted = expected(documents, where, by).slice(skip, end);
    const wrong: string[] = [];
    const counted = countByIndex?.() ?? wanted.length;
    if (counted !== wanted.length) wrong.push(`${counted} entries for ${wanted.length} documents`);
    if (found.length !== wanted.length) wrong.push(`${found.length} documents instead of ${wanted.length}`);
    if (!found.every(compileFilter(toDoc(where)))) wrong.push("a document that does not match");
    if (Object.keys(by).length > 0) {
      // Documents that are equal in the sort may come in any order.
      const compare = compileSort(toDoc(by));
      const isSame = found.every((doc, position) => compare(doc, wanted[position] ?? new Map()) === 0);
      if (!isSame) wrong.push("another order");
    }
    const isWhole = skip === 0 && end === undefined;
    if (isWhole && idsOf(found).join() !== idsOf(wanted).join()) wrong.push("other documents");
    return wrong;
  } finally {
    store.catalogue.drop(collection);
  }
}

const single: fc.Arbitrary<Fields> = fc
  .tuple(fc.constantFrom("a", "b", "c", "a.b", "c.b"), direction)
  .map(([name, way]) => ({ key: { [name]: way } }));

const cases = (documents: fc.Arbitrary<Fields>, indexes: fc.Arbitrary<Fields>): fc.Arbitrary<Case> =>
  fc.record({
    documents: fc.array(documents, { maxLength: 12 }),
    indexes: fc.array(indexes, { maxLength: 3 }),
    where: filter,
    by: sort,
    skip: fc.integer({ min: 0, max: 3 }),
    limit: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  });

describe("a search with indexes finds what a search without finds", () => {
  test("in documents with arrays, by single-field indexes", () => {
    fc.assert(
      fc.property(cases(document, single), (one) => {
        expect(mistakes(one)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("by compound, sparse and partial indexes", () => {
    fc.assert(
      fc.property(cases(plainDocument, index), (one) => {
        expect(mistakes(one)).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });
});
