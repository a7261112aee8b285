import { findExpiredSignIns } from "../data/sign-ins.ts";
import type { Services } from "../services.ts";

/** A minute's worth, far more than end in one. What is left waits for the next. */
const atOnce = 500;

/**
 * Ends the sign-ins whose time was over at `now`: the library's own way, which ends their owners' live connections as
 * well. A page that asks nothing would else listen on for as long as it likes. Gives how many they were; a second run
 * finds none of them.
 */
export async function endExpiredSessions({ db, auth }: Services, now: Date): Promise<number> {
  const { internalAdapter } = await auth.$context;
  const tokens = await findExpiredSignIns(db, now, atOnce);
  for (const token of tokens) {
    // oxlint-disable-next-line no-await-in-loop -- one after another: nobody waits for it, and Pusher is not to be flooded
    await internalAdapter.deleteSession(token);
  }
  return tokens.length;
}
