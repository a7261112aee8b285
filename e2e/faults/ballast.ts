import type { Db } from "mongodb";
import type { Source } from "#src/config/env.ts";

/** Coarse at first, then fine: what is refused leaves room for what is smaller. In bytes. */
const sizes = [1_000_000, 64_000, 4_000, 100];
/** A log that is worked off again and again would take in little things for ever: then there is as little room as can be. */
const mostTimes = 500;

/** Says something of each size to a service until it refuses every one of them. */
async function untilRefused(says: (text: string) => Promise<boolean>): Promise<void> {
  let times = 0;
  // A log that was worked off in between begins anew, and takes in everything once more.
  for (let before = -1; before !== times && times < mostTimes;) {
    before = times;
    for (const size of sizes) {
      const text = "x".repeat(size);
      while (times < mostTimes && (await says(text))) times += 1;
    }
  }
}

/**
 * Takes up what the local services have set aside on a disk that is full otherwise: their logs are written anew from the front once
 * they have been worked off, and so take in a lot after the last byte of the disk is gone.
 */
export async function takeUp(database: Db, inngest: Source): Promise<void> {
  const ballast = database.collection("fault_ballast");
  const event = async (text: string) => {
    const response = await fetch(`${inngest["INNGEST_BASE_URL"]}/e/${inngest["INNGEST_EVENT_KEY"]}`, {
      method: "POST",
      body: JSON.stringify({ name: "fault.ballast", data: { text } }),
      signal: AbortSignal.timeout(3_000),
    });
    await response.arrayBuffer();
    return response.ok;
  };
  await Promise.all([
    untilRefused((text) =>
      ballast.insertOne({ text }).then(
        () => true,
        () => false,
      ),
    ),
    // A service that is away has no room either.
    untilRefused((text) => event(text).catch(() => false)),
  ]);
}

/** Gives back to the database what was taken up. */
export const giveBack = (database: Db): Promise<boolean> => database.collection("fault_ballast").drop();
