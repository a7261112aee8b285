import { setTimeout as wait } from "node:timers/promises";
import type { Db } from "mongodb";
import { appSettings } from "#src/config/env.ts";
import { createServices, type Services } from "#src/server/services.ts";
import { signIn } from "../support/accounts.ts";
import { Faults, type FaultStack } from "./inject.ts";
import { judge, type Story } from "./judge.ts";
import { lastDeclineBeside, lookAt, Pushes, runsOf } from "./look.ts";
import { OpenPage } from "./pages.ts";
import { accountId, act, beginSession, type Draft, inviteAs, minutesOf } from "./people.ts";
import { type Connection, nameOf, type Plan, type PlannedInvitation, type services } from "./plan.ts";
import type { Verdict } from "./verdict.ts";

/** How long after the last fault everything may take to come to its end. */
const settlesWithin_ms = 90_000;
/** How long a boundary is waited for that may never be reached. */
const boundariesWithin_ms = 6_000;
const cooldown_s = 600;
const judgedAtOnce = 10;
const streamers = ["ada", "bea"];

type Service = (typeof services)[number];

/** A stack to which seeds happen, one after the other. */
export class Arena {
  readonly #stack: FaultStack;
  readonly #faults: Faults;
  readonly #services: Services;
  readonly #pushes: Pushes;
  readonly #tokens = new Map<string, string>();
  readonly #stories: Draft[] = [];
  readonly #failedBefore = new Set<string>();

  private constructor(stack: FaultStack, clockFile: string) {
    this.#stack = stack;
    this.#services = createServices(appSettings({ ...stack.untapped, LOG_LEVEL: "silent" }));
    this.#faults = new Faults(stack, clockFile, this.#services.db.driver);
    this.#pushes = new Pushes(stack.taps.pusher);
  }

  static async open(stack: FaultStack, clockFile: string): Promise<Arena> {
    const arena = new Arena(stack, clockFile);
    for (const streamer of streamers)
      arena.#tokens.set(streamer, await signIn(stack.description.app, `${streamer}@example.com`));
    return arena;
  }

  get database(): Db {
    return this.#services.db.driver;
  }

  /** Lets everything of a plan happen, and waits until all has come to its end but what only the clock ends. */
  async run(plan: Plan): Promise<Verdict> {
    await this.#beginSessions();
    const goals: { planned: PlannedInvitation; story: Draft }[] = [];
    for (const planned of plan.invitations) {
      goals.push({ planned, story: await this.#invite(planned) });
    }
    for (const one of goals.filter(({ planned }) => planned.fate === "replace")) {
      one.story.replaced = true;
      const story = await this.#invite({ ...one.planned, fate: "decline" });
      goals.push({ planned: { ...one.planned, fate: "decline" }, story });
    }
    const deeds = ["decline", "insist", "race"];
    for (const { planned, story } of goals)
      story.hasRivals = goals.some(
        (other) =>
          other.story !== story &&
          other.planned.streamer === planned.streamer &&
          deeds.includes(other.planned.fate),
      );

    // What runs out meanwhile changes by itself, and is told of when the clock has come by.
    const shown = new Set(plan.invitations.map(({ streamer }) => streamer));
    for (const { streamer, fate } of plan.invitations) if (fate === "expire") shown.delete(streamer);
    const pages = await Promise.all([...shown].map((streamer) => this.#open(streamer)));
    const reading = pages.map((page) => page.read());

    const came = plan.faults.map(() => false);
    const faults = plan.faults.map(async (fault, index) => {
      await wait(fault.at_ms);
      came[index] = await this.#faults.inject(fault);
    });
    const acts = goals.map(async ({ planned, story }) => {
      await wait(planned.at_ms);
      await this.#act(planned, story);
    });
    const unanswered = (await Promise.allSettled(acts)).flatMap((act) =>
      act.status === "rejected" ? [String(act.reason)] : [],
    );
    const stories = goals.filter(({ planned }) => planned.fate !== "expire").map(({ story }) => story);
    await Promise.race([Promise.all(faults), this.#untilQuiet(stories)]);
    await this.#faults.end();
    await Promise.all(faults);
    for (const page of pages) page.close();
    await Promise.all(reading);

    const began = performance.now();
    const wrong = [...unanswered, ...(await this.settle(stories))];
    for (const page of pages) {
      const stale = await page.stale(this.database);
      if (stale !== null) wrong.push(stale);
    }
    return {
      seed: plan.seed,
      faults: plan.faults.map((fault, index) => nameOf(fault) + (came[index] ? "" : " (never came to it)")),
      ended: await this.#endings(stories),
      settled_ms: Math.round(performance.now() - began),
      wrong,
    };
  }

  /** Has one invitation declined, and comes back with the answer. */
  async decline(): Promise<Story> {
    const planned = { streamer: "ada", viewer: "vic", amount: 1_200, fate: "decline", at_ms: 0 } as const;
    await this.#beginSessions();
    const story = await this.#invite(planned);
    await this.#act(planned, story);
    return story;
  }

  /**
   * A decline is accepted, and right after the answer a service is away for so many milliseconds. For Inngest that means that
   * it neither hears of the app nor calls it. What is wrong in the end.
   */
  async outage(on: Service, for_ms: number): Promise<string[]> {
    const story = await this.decline();
    const away: readonly Connection[] = on === "inngest" ? ["inngest", "app"] : [on];
    await Promise.all(
      away.map((name) => this.#faults.inject({ kind: "refused", on: name, for_ms, at_ms: 0 })),
    );
    await this.#faults.end();
    return [...(story.accepted ? [] : ["the decline was not accepted"]), ...(await this.settle([story]))];
  }

  /** What is still wrong after a while that is long enough; by default of all goals there ever were. */
  async settle(stories: readonly Story[] = this.#stories, within_ms = settlesWithin_ms): Promise<string[]> {
    let wrong: string[] = [];
    let left: readonly Story[] = stories;
    for (const deadline = Date.now() + within_ms; Date.now() < deadline; await wait(100)) {
      const judged = await this.#judgeAll(left);
      wrong = judged.flatMap(({ lines }) => lines);
      left = judged.filter(({ lines }) => lines.length > 0).map(({ story }) => story);
      if (left.length === 0) break;
    }
    const failed = (await runsOf(this.#stack.untapped, "FAILED")).filter(
      (run) => !this.#failedBefore.has(run),
    );
    for (const run of failed) this.#failedBefore.add(run);
    return [...wrong, ...failed.map((run) => `Inngest has given up: ${run}`)];
  }

  /** What goes on for ever: the runs that are still there when everything is settled. */
  async lingering(within_ms = 20_000): Promise<readonly string[]> {
    for (const deadline = Date.now() + within_ms; ; await wait(250)) {
      const runs = [
        ...(await runsOf(this.#stack.untapped, "RUNNING")),
        ...(await runsOf(this.#stack.untapped, "QUEUED")),
      ];
      if (runs.length === 0 || Date.now() > deadline) return runs;
    }
  }

  async close(): Promise<void> {
    await this.#services.close();
  }

  async #beginSessions(): Promise<void> {
    for (const streamer of streamers)
      await beginSession(this.#services, await accountId(this.database, streamer));
  }

  async #open(streamer: string): Promise<OpenPage> {
    const streamerId = (await accountId(this.database, streamer)).toHexString();
    return new OpenPage(this.#stack.description.app, this.#tokens.get(streamer) ?? "", streamerId);
  }

  async #invite(planned: PlannedInvitation): Promise<Draft> {
    const [streamerId, viewerId] = await Promise.all([
      accountId(this.database, planned.streamer),
      accountId(this.database, planned.viewer),
    ]);
    const story: Draft = {
      goalId: await inviteAs(this.#services, planned),
      streamerId: streamerId.toHexString(),
      viewerId: viewerId.toHexString(),
      amount: planned.amount,
      standsUntil: Date.now() + minutesOf(planned.fate) * 60_000,
      declined: false,
      accepted: false,
      agreed: false,
      replaced: false,
      hasRivals: false,
    };
    this.#stories.push(story);
    return story;
  }

  async #act(planned: PlannedInvitation, story: Draft): Promise<void> {
    const authorization = this.#tokens.get(planned.streamer) ?? "";
    await act(this.#services, { app: this.#stack.description.app, authorization }, planned.fate, story);
  }

  /** A few at a time: there may be hundreds. */
  async #judgeAll(stories: readonly Story[]) {
    const judged: { story: Story; lines: string[] }[] = [];
    for (let start = 0; start < stories.length; start += judgedAtOnce) {
      const some = stories.slice(start, start + judgedAtOnce);
      judged.push(
        ...(await Promise.all(some.map(async (story) => ({ story, lines: await this.#judge(story) })))),
      );
    }
    return judged;
  }

  async #judge(story: Story): Promise<string[]> {
    try {
      const found = await lookAt(this.database, this.#pushes, story);
      const lastDecline = await lastDeclineBeside(this.database, story);
      return judge(story, found, { now: Date.now(), cooldown_s, lastDecline }).map(
        (line) => `${story.goalId}: ${line}`,
      );
    } catch (error) {
      // The database may still be on its way back.
      return [`${story.goalId}: could not be looked at: ${String(error)}`];
    }
  }

  /** Waits until nothing is wrong any more: then a boundary that was not reached never will be. */
  async #untilQuiet(stories: readonly Story[]): Promise<void> {
    for (const deadline = Date.now() + boundariesWithin_ms; Date.now() < deadline; await wait(200)) {
      const judged = await this.#judgeAll(stories);
      if (judged.every(({ lines }) => lines.length === 0)) return;
    }
  }

  async #endings(stories: readonly Story[]): Promise<Record<string, number>> {
    const ended: Record<string, number> = {};
    for (const story of stories) {
      const { goal } = await lookAt(this.database, this.#pushes, story);
      const how = goal?.deactivated?.reason ?? (goal?.agreed === undefined ? "pending" : "agreed");
      ended[how] = (ended[how] ?? 0) + 1;
    }
    return ended;
  }
}
