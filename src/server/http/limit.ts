import { isIPv6 } from "node:net";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { ProblemError } from "#src/contract/problems.ts";

/** Counts what someone does within a time, in this process. Its memory is bounded, whoever comes. */
export interface Limit {
  /** Counts one more of `whom`. Throws `rate_limited` with the time to wait, beyond the limit. */
  spend(whom: string): Promise<void>;
  /** Takes one back that was counted. */
  giveBack(whom: string): Promise<void>;
  /** How many are remembered. */
  size(): number;
}

/** More than this are not remembered at once: about 10 MB. */
const mostRemembered = 50_000;

/**
 * A limit of `points` in `seconds`. Whoever's time is over is forgotten by itself; when too many are remembered, the one
 * who came first is, whose time is about the first to end anyway.
 */
export function openLimit(points: number, seconds = 10, most = mostRemembered): Limit {
  const counted = new RateLimiterMemory({ points, duration: seconds });
  const remembered = new Remembered(most, (whom) => void counted.delete(whom));
  return {
    async spend(whom) {
      remembered.add(whom);
      try {
        await counted.consume(whom);
      } catch (spent) {
        if (!(spent instanceof RateLimiterRes)) throw spent;
        const retryAfterSeconds = Math.max(1, Math.ceil(spent.msBeforeNext / 1_000));
        throw new ProblemError("rate_limited", { retryAfterSeconds });
      }
    },
    giveBack: async (whom) => void (await counted.reward(whom)),
    size: () => remembered.size,
  };
}

/** Texts in the order in which they were last added, `most` at the most. */
export class Remembered {
  readonly #texts = new Set<string>();
  readonly #most: number;
  readonly #onForgotten: (text: string) => void;

  constructor(most: number, onForgotten: (text: string) => void = () => undefined) {
    this.#most = most;
    this.#onForgotten = onForgotten;
  }

  get size(): number {
    return this.#texts.size;
  }

  has(text: string): boolean {
    return this.#texts.has(text);
  }

  add(text: string): void {
    this.#texts.delete(text);
    this.#texts.add(text);
    const [first] = this.#texts;
    if (this.#texts.size <= this.#most || first === undefined) return;
    this.#texts.delete(first);
    this.#onForgotten(first);
  }
}

/** The first 64 bits of an IPv6 address: what one customer of a provider has to choose addresses from. */
function network(address: string): string {
  const [left = "", right] = address.split("%")[0]?.split("::") ?? [];
  const groupsOf = (text: string | undefined) => (text === undefined || text === "" ? [] : text.split(":"));
  const [before, after] = [groupsOf(left), groupsOf(right)];
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => "0");
  const groups = right === undefined ? before : [...before, ...zeros, ...after];
  const plain = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${plain.join(":")}::/64`;
}

/** By what a request's sender is counted: the address that our own server has settled, or its IPv6 network. */
export function senderOf(request: Request): string {
  const address = request.headers.get("x-client-address") ?? "unknown";
  return isIPv6(address) ? network(address) : address;
}
