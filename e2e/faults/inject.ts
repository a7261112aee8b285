import { writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Document } from "bson";
import type { Db } from "mongodb";
import type { TappedRequest } from "../support/http-tap.ts";
import type { OwnStack } from "../support/own-stack.ts";
import type { Boundary, Connection, Fault } from "./plan.ts";
import { giveBack, takeUp } from "./ballast.ts";

/** The stack that faults happen to: a tap on each of its connections. */
export type FaultStack = OwnStack<"mongodb" | "inngest" | "pusher" | "app">;

/** What is stopped on its way. */
interface Stopped {
  release(): void;
  lose(): void;
  again?(): Promise<void>;
}

const writes = ["insert", "update", "findAndModify", "delete"];
const kept = new Set(["goals", "sessions", "ledger_transfers", "goal_tracks", "receiver_runs", "view_cache"]);

/** The messages whose order and number matter: writes of what must be right, events, pushes, calls and declines. */
const matters = {
  mongodb: (command: Document) => writes.some((name) => kept.has(String(command[name]))),
  http: ({ method, path }: TappedRequest) =>
    (method === "POST" && /^\/(e\/|v1\/checkpoint|apps\/|api\/inngest)/.test(path)) || method === "DELETE",
};

/** Counts what matters, and says yes to the n-th. */
function nth<T>(n: number, matching: (message: T) => boolean): (message: T) => boolean {
  let left = n;
  return (message) => matching(message) && --left === 0;
}

/** How long somebody who is held back waits for another to pass. */
const overtaking_ms = 2_000;

/** Brings faults upon a stack, and takes them away again. */
export class Faults {
  readonly #stack: FaultStack;
  readonly #clockFile: string;
  readonly #database: Db;
  readonly #stopped = new Set<Stopped>();
  #ended = new AbortController();
  /** One thing at a time is killed or started. */
  #turn: Promise<unknown> = Promise.resolve();

  /** `database` is the stack's own, past its tap. */
  constructor(stack: FaultStack, clockFile: string, database: Db) {
    this.#stack = stack;
    this.#database = database;
    this.#clockFile = clockFile;
  }

  /** Sets a fault up. Comes back when it is over; says whether it came to it: a boundary may never be reached. */
  async inject(fault: Fault): Promise<boolean> {
    switch (fault.kind) {
      case "refused": {
        const tap = this.#stack.taps[fault.on];
        await tap.cut();
        await this.#while(fault.for_ms);
        await tap.mend();
        return true;
      }
      case "slow": {
        this.#stack.taps[fault.on].slow(fault.by_ms);
        await this.#while(fault.for_ms);
        this.#stack.taps[fault.on].slow(0);
        return true;
      }
      case "clock":
        writeFileSync(this.#clockFile, String(fault.offset_ms));
        await this.#while(fault.for_ms);
        writeFileSync(this.#clockFile, "0");
        return true;
      case "full disk":
        await this.#stack.disk.fill();
        await takeUp(this.#database, this.#stack.untapped);
        await this.#while(fault.for_ms);
        await this.#stack.disk.free();
        await giveBack(this.#database).catch(() => undefined);
        return true;
      case "kill":
      case "lost":
      case "late":
      case "twice":
      case "overtaken": {
        const stopped = await this.#stop(fault.where);
        if (stopped === undefined) return false;
        this.#stopped.add(stopped);
        await this.#atBoundary(fault, stopped);
        this.#stopped.delete(stopped);
        return true;
      }
    }
  }

  /** Ends what goes on, lets go of what is held, and comes back when the stack answers again. */
  async end(): Promise<void> {
    const { taps, disk } = this.#stack;
    this.#ended.abort();
    for (const tap of Object.values(taps)) {
      tap.disarm();
      tap.slow(0);
      await tap.mend();
    }
    for (const stopped of this.#stopped) stopped.release();
    this.#stopped.clear();
    writeFileSync(this.#clockFile, "0");
    await disk.free();
    await this.#inTurn(() => this.#startAgain());
    this.#ended = new AbortController();
  }

  async #atBoundary(
    fault: Fault & { readonly kind: "kill" | "lost" | "late" | "twice" | "overtaken" },
    stopped: Stopped,
  ): Promise<void> {
    switch (fault.kind) {
      case "kill":
        await this.#inTurn(async () => {
          await this.#stack.kill(fault.what);
          stopped.lose();
          await this.#startAgain();
        });
        return;
      case "lost":
        stopped.lose();
        return;
      case "late":
        await this.#while(fault.for_ms);
        stopped.release();
        return;
      case "twice":
        // At the same time, where it has not arrived yet; one after the other, where it has been answered.
        await Promise.all([stopped.again?.(), Promise.resolve().then(() => stopped.release())]);
        return;
      case "overtaken": {
        const next = this.#stop({ ...fault.where, nth: 1 });
        const other = await Promise.race([next, this.#while(overtaking_ms).then(() => undefined)]);
        other?.release();
        stopped.release();
        // Nobody came by: whoever does so later is not held back for it.
        if (other === undefined) void next.then((late) => late?.release());
      }
    }
  }

  /** Stops what passes a boundary; undefined when all is over before. */
  async #stop({ on, side, nth: n }: Boundary): Promise<Stopped | undefined> {
    const { taps } = this.#stack;
    const ended = new Promise<undefined>((resolve) => {
      this.#ended.signal.addEventListener("abort", () => resolve(undefined));
    });
    if (on === "mongodb") {
      const matches = nth(n, matters.mongodb);
      const held = side === "request" ? taps.mongodb.holdCommand(matches) : taps.mongodb.holdReply(matches);
      return Promise.race([held, ended]);
    }
    const tap = taps[on satisfies Exclude<Connection, "mongodb">];
    const matches = nth(n, matters.http);
    return Promise.race([side === "request" ? tap.holdRequest(matches) : tap.holdReply(matches), ended]);
  }

  /** Waits so long, or until all is over. */
  async #while(for_ms: number): Promise<void> {
    await wait(for_ms, undefined, { signal: this.#ended.signal }).catch(() => undefined);
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work, work);
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  /** Starts what was killed, however often a fault that still goes on thwarts it: all of them end. */
  async #startAgain(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#stack.start();
      } catch (error) {
        if (attempt === 20) throw error;
        await wait(500);
      }
    }
  }
}
