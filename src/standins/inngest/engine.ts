import type { Catalog } from "./catalog.ts";
import type { Database } from "./database.ts";
import type { JsonObject } from "./model.ts";
import type { Queue } from "./queue.ts";

/** What the parts of the server share. */
export interface Engine {
  db: Database;
  catalog: Catalog;
  queue: Queue;
  /** Multiplies the waits between attempts. */
  retryScale: number;
  /** One line for the operator. */
  log: (line: string) => void;
  /** Takes in an event of our own, inside the transaction under way. */
  emit: (event: { name: string; id: string; data: JsonObject }) => void;
}
