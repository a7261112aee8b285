import { MongoError } from "../error.ts";

/** The `maxTimeMS` of a command. A cursor takes it along: only the time in which a command is at work counts. */
export class TimeLimit {
  #left: number;
  #begin: number | undefined = performance.now();

  constructor(milliseconds: number) {
    this.#left = milliseconds;
  }

  /** Throws 50 (MaxTimeMSExpired) when the time is over. */
  check(): void {
    const spent = this.#begin === undefined ? 0 : performance.now() - this.#begin;
    if (spent > this.#left) throw new MongoError(50, "MaxTimeMSExpired", "operation exceeded time limit");
  }

  /** Stops counting, until `resume`. */
  pause(): void {
    if (this.#begin !== undefined) this.#left -= performance.now() - this.#begin;
    this.#begin = undefined;
  }

  resume(): void {
    this.#begin ??= performance.now();
  }
}
