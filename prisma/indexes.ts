import type { CreateIndexesOptions, Db, IndexSpecification } from "mongodb";

type Indexes = readonly (readonly [IndexSpecification, CreateIndexesOptions?])[];

/** An index for each order of the console's goals, behind what all of them have in common. */
const inEveryOrder = (lead: readonly string[], options: CreateIndexesOptions = {}): Indexes =>
  ["created", "ended", "amount"].map((order) => [
    { ...Object.fromEntries(lead.map((path) => [path, 1])), [order]: -1, _id: -1 },
    // Only what has ended is listed by its end.
    order === "ended"
      ? {
          ...options,
          partialFilterExpression: { ...options.partialFilterExpression, ended: { $exists: true } },
        }
      : options,
  ]);

/** For what few goals have. */
const onlyWith = (path: string) => ({ partialFilterExpression: { [path]: { $exists: true } } });

/**
 * Every index that a query of the project leans on, by collection. Prisma's own tools would also install validators
 * and drop what its contract does not name, so indexes are declared here and made at the app's start.
 */
const indexes: Record<string, Indexes> = {
  goals: [
    [{ exp: -1, _id: -1 }],
    [{ "conditions.exclusive_to": 1, created: -1, _id: -1 }],
    [{ "metadata.user_id": 1, active: 1, created: -1, _id: -1 }],
    [{ "metadata.user_id": 1, exp: -1 }],
    [{ "conditions.session_id": 1 }],
    // What has run out and still waits for its end; what has neither begun nor ended; what has ended, by its end.
    [{ active: 1, exp: 1, _id: 1 }],
    [{ active: 1, "deactivated.at": 1, "agreed.at": 1, created: 1, _id: 1 }],
    [{ created: -1 }],
    [{ "agreed.at": -1 }, onlyWith("agreed.at")],
    [{ "deactivated.at": -1, _id: -1 }, onlyWith("deactivated.at")],
  ],
  sessions: [
    [{ "user.id": 1, "statuses.ended": 1, "statuses.created": -1, _id: -1 }],
    [{ "user.id": 1, "statuses.created": -1, _id: -1 }],
    [{ "statuses.ended": 1, "statuses.created": -1, _id: -1 }],
    [{ "statuses.created": -1, _id: -1 }],
    // Sessions that have ended, without those that go on, which are among the newest.
    [
      { "statuses.created": -1, _id: -1, "statuses.ended": 1 },
      { partialFilterExpression: { "statuses.ended": { $exists: true } } },
    ],
  ],
  ledger_transfers: [
    [{ insert_id: 1 }, { unique: true }],
    [{ escrow_id: 1, at: 1, _id: 1 }],
    [{ at: -1, _id: -1 }],
    [{ debit: 1, at: -1, _id: -1 }],
    [{ credit: 1, at: -1, _id: -1 }],
  ],
  receiver_runs: [
    [{ goal_id: 1, receiver: 1, event_id: 1 }, { unique: true }],
    [{ goal_id: 1, started: 1, _id: 1 }],
    // The runs of an action on many goals, by how their events' ids begin.
    [{ event_id: 1, status: 1 }],
    [{ started: -1 }],
    [{ finished: -1 }, onlyWith("finished")],
  ],
  // docs/console.md says which filters of the console's goals each of these serves.
  goal_summaries: [
    ...inEveryOrder([]),
    ...inEveryOrder(["session_id"]),
    ...inEveryOrder(["viewer_id"]),
    ...inEveryOrder(["streamer_id"]),
    ...inEveryOrder(["outcome"]),
    ...inEveryOrder(["refund"]),
    ...inEveryOrder(["refund", "outcome"]),
    ...inEveryOrder(["trouble"], onlyWith("trouble")),
    [{ state: 1, created: -1, _id: -1 }],
    [{ state: 1, amount: -1, _id: -1 }],
    [{ refund: 1, state: 1, created: -1, _id: -1 }],
    [{ streamer_id: 1, outcome: 1, created: -1, _id: -1 }],
    [{ streamer_id: 1, trouble: 1, created: -1, _id: -1 }, onlyWith("trouble")],
    [{ check_at: 1 }, onlyWith("check_at")],
    [{ held_back: 1 }, onlyWith("held_back")],
    [{ refund: 1, refund_due: 1, _id: 1 }, onlyWith("refund_due")],
    [{ cooldown: 1 }, onlyWith("cooldown")],
  ],
  stragglers: [[{ due: 1 }]],
  refund_holds: [[{ at: 1 }]],
  console_state: [[{ kept_until: 1 }, { expireAfterSeconds: 0 }]],
  view_cache: [[{ tag: 1 }], [{ expires_at: 1 }, { expireAfterSeconds: 0 }]],
  audit_log: [
    [{ target: 1, at: -1, _id: -1 }],
    [{ actor: 1, at: -1, _id: -1 }],
    [{ action: 1, at: -1, _id: -1 }],
    [{ status: 1, at: -1, _id: -1 }],
    [{ at: -1, _id: -1 }],
  ],
  bulk_actions: [[{ created: -1, _id: -1 }], [{ status: 1, created: -1, _id: -1 }]],
  bulk_items: [[{ bulk_id: 1, status: 1, _id: 1 }], [{ goal_id: 1 }]],
  user: [[{ email: 1 }, { unique: true }], [{ name: 1 }], [{ role: 1, email: 1 }]],
  session: [[{ token: 1 }], [{ userId: 1 }], [{ expiresAt: 1 }]],
  account: [[{ userId: 1 }]],
};

/** Makes every declared index that is not there yet, however long it takes. Running it again changes nothing. */
export async function ensureIndexes(db: Db): Promise<void> {
  for (const [collection, specifications] of Object.entries(indexes)) {
    for (const [keys, options] of specifications) {
      await db.collection(collection).createIndex(keys, { ...options, timeoutMS: 0 });
    }
  }
}
