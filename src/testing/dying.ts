import type { Services } from "#src/server/services.ts";

type Call = (...args: unknown[]) => unknown;

/**
 * The same services in a process that dies as soon as its n-th request to the database or to Inngest was carried out:
 * whoever made it never learns of it, and nothing is done any more. `survived` says that there were not so many.
 */
export function dyingAfter(
  { db, inngest, ...others }: Services,
  n: number,
): { readonly services: Services; readonly survived: () => boolean } {
  let done = 0;
  const died = new Error("The process has died.");
  const request = async (carryOut: () => unknown): Promise<unknown> => {
    if (done >= n) throw died;
    const answer = await carryOut();
    done += 1;
    if (done >= n) throw died;
    return answer;
  };
  /** A collection, or a cursor that it gives: what is waited for is a request, what is chained goes on. */
  const watched = (target: object): object =>
    new Proxy(target, {
      get(of, name) {
        const member: unknown = Reflect.get(of, name);
        if (typeof member !== "function") return member;
        const call = (...args: unknown[]) => (member as Call).apply(of, args);
        return ["find", "aggregate", "sort", "limit", "project"].includes(String(name))
          ? (...args: unknown[]) => watched(call(...args) as object)
          : (...args: unknown[]) => request(() => call(...args));
      },
    });
  const runtime = async () => {
    const real = await db.prisma.runtime();
    return { query: (plan: never) => request(async () => await real.query(plan)) };
  };
  return {
    services: {
      ...others,
      db: {
        prisma: { raw: db.prisma.raw, runtime } as unknown as Services["db"]["prisma"],
        driver: {
          collection: (name: string) => watched(db.driver.collection(name)),
        } as unknown as Services["db"]["driver"],
      },
      inngest: {
        send: (events: never) => request(() => inngest.send(events)),
      } as unknown as Services["inngest"],
    },
    survived: () => done < n,
  };
}
