import Pusher from "pusher";
import {
  adminChannel,
  goalEndedTargets,
  hintTargets,
  type LiveEventName,
  type LiveEvents,
} from "#src/contract/channels.ts";
import type { AppSettings } from "#src/config/env.ts";
import type { Log } from "./log.ts";
import type { OpenSpan, Traces } from "./traces.ts";

type ModeratorEvent = "receiver.updated" | "goal.updated" | "bulk.updated" | "ledger.checked";
/** One message on the moderators' channel. */
export type ModeratorHint = {
  [Name in ModeratorEvent]: { readonly name: Name; readonly message: LiveEvents[Name] };
}[ModeratorEvent];

/** How many messages one request to Pusher may carry. */
const batchLength = 10;

/** What the project says to open pages, through Pusher. */
export interface Live {
  /** `goal.ended` to the streamer's three channels, in one request. Throws when Pusher did not take it. */
  goalEnded(streamerId: string, message: LiveEvents["goal.ended"]): Promise<void>;
  /**
   * Hints to the viewer and the streamer of a goal to look again. A hint that is lost costs a page at most its polling
   * interval, so it is logged and never fails what was done.
   */
  hint<Name extends "goal.created" | "pair.updated" | "refund.updated">(
    name: Name,
    people: { streamerId: string; viewerId: string },
    message: LiveEvents[Name],
  ): Promise<void>;
  /** `pair.updated` for many pairs, as `hint` says it for one, in as few requests as Pusher allows. */
  hintPairs(pairs: readonly { sessionId: string; streamerId: string; viewerId: string }[]): Promise<void>;
  /** Hints to moderators. */
  hintModerators(hints: readonly ModeratorHint[]): Promise<void>;
  /** Pusher's signed answer to a page that wants to join a channel; `member` for presence channels. */
  authorize(socketId: string, channel: string, member?: { user_id: string }): { auth: string };
  /** Pusher's signed answer to a page that signs in, so that its connection is known to be this user's. */
  authenticate(socketId: string, userId: string): { auth: string; user_data: string };
  /** Ends the user's connections that have signed in. Those who may come back do so by themselves. */
  endConnections(userId: string): Promise<void>;
  /** Whether Pusher answers. */
  ping(): Promise<void>;
}

export function openLive(settings: AppSettings, log: Log, traces: Traces): Live {
  const shared = {
    appId: settings.PUSHER_APP_ID,
    key: settings.PUSHER_KEY,
    secret: settings.PUSHER_SECRET,
    useTLS: settings.PUSHER_TLS,
    // The SDK has no time limit of its own, and a hanging push would hold up a receiver.
    timeout: 5_000,
  };
  const pusher = new Pusher(
    settings.PUSHER_HOST === undefined
      ? { ...shared, cluster: settings.PUSHER_CLUSTER }
      : {
          ...shared,
          host: settings.PUSHER_HOST,
          ...(settings.PUSHER_PORT === undefined ? {} : { port: String(settings.PUSHER_PORT) }),
        },
  );
  const push = <T>(name: string, work: (span: OpenSpan | null) => Promise<T>) =>
    traces.span(`push ${name}`, { kind: "client" }, work);
  const hint = (channels: string[], name: LiveEventName, message: unknown) =>
    push(name, async (span) => {
      try {
        await pusher.trigger(channels, name, message);
      } catch (error) {
        span?.fail(error);
        log.warn({ err: error, event: name, channels }, "a hint to open pages was lost");
      }
    });
  const hintAll = async (hints: readonly Pusher.BatchEvent[]) => {
    for (let start = 0; start < hints.length; start += batchLength) {
      const batch = hints.slice(start, start + batchLength);
      try {
        // oxlint-disable-next-line no-await-in-loop -- one after another: a busy moment is no reason to flood Pusher
        await pusher.triggerBatch(batch);
      } catch (error) {
        log.warn({ err: error, events: batch.map(({ name }) => name) }, "hints to open pages were lost");
      }
    }
  };
  return {
    async goalEnded(streamerId, message) {
      await push("goal.ended", () => pusher.trigger(goalEndedTargets(streamerId), "goal.ended", message));
    },
    hint: (name, people, message) => hint(hintTargets(people), name, message),
    hintPairs: (pairs) =>
      hintAll(
        pairs.flatMap(({ sessionId, ...people }) =>
          hintTargets(people).map((channel) => ({
            channel,
            name: "pair.updated" satisfies LiveEventName,
            data: { session_id: sessionId, user_id: people.viewerId } satisfies LiveEvents["pair.updated"],
          })),
        ),
      ),
    hintModerators: (hints) =>
      hintAll(hints.map(({ name, message }) => ({ channel: adminChannel, name, data: message }))),
    authorize: (socketId, channel, member) => pusher.authorizeChannel(socketId, channel, member),
    authenticate: (socketId, userId) => pusher.authenticateUser(socketId, { id: userId }),
    async endConnections(userId) {
      try {
        await pusher.terminateUserConnections(userId);
      } catch (error) {
        log.warn({ err: error, userId }, "live connections were not ended");
      }
    },
    async ping() {
      const response = await pusher.get({ path: "/channels" });
      if (response.status !== 200) throw new Error(`Pusher answered ${response.status}.`);
    },
  };
}
