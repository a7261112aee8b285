import type { GoalDocument } from "#src/server/data/documents.ts";
import type { Services } from "#src/server/services.ts";
import { makeScene, type Scene } from "#src/testing/scene.ts";
import type { Asked, ModelGoal } from "./model.ts";
import { expectRight } from "./standing.ts";
import type { World } from "./world.ts";

/** The name of whoever asks for something. */
export const aRequest = "a request";
export const viewerNames = ["vic", "wen", "xan"] as const;

/** A streamer's session in a world, and what the model knows of it. */
export interface Stage {
  readonly world: World;
  readonly scene: Scene;
  readonly goals: Map<string, ModelGoal>;
  /** What was asked for since all was last at rest. */
  asked: Asked[];
  /** How often somebody had a signal sent again. */
  resends: number;
  /** A run was lost for good since all was last at rest. Whoever only died is tried again. */
  hasLost: boolean;
}

const minute_ms = 60_000;
const crons = ["expire_goals", "reconcile_declines", "reconcile_audit"];

/** Sets it up in a world that is empty: two of the viewers have invited. */
export async function setStage(world: World): Promise<Stage> {
  // Whoever looks on is no actor, and is answered at once.
  const scene = await makeScene(world.services, viewerNames);
  for (const viewer of viewerNames.slice(0, 2)) await scene.invite(viewer);
  const stage: Stage = { world, scene, goals: new Map(), asked: [], resends: 0, hasLost: false };
  await goalsOf(stage);
  for (const goal of stage.goals.values()) Object.assign(goal, { end: "pending", money: "held" });
  return stage;
}

/** The goals, in the order in which they were made; the model hears of those that are new. */
export async function goalsOf(stage: Stage): Promise<GoalDocument[]> {
  const { world, goals } = stage;
  const found = await world.services.db.driver
    .collection<GoalDocument>("goals")
    .find()
    .sort({ created: 1 })
    .toArray();
  for (const { _id, conditions, created, exp } of found) {
    const id = _id.toHexString();
    if (goals.has(id)) continue;
    goals.set(id, {
      id,
      viewer: conditions.exclusive_to.toHexString(),
      created: created.getTime(),
      exp: exp.getTime(),
      end: "unbegun",
      money: "none",
      heldBack: false,
      lost: false,
    });
  }
  return found;
}

/** Somebody asks for something, side by side with all that goes on. What they are answered is noted, if they are. */
export function ask(stage: Stage, asked: Asked | null, act: (services: Services) => Promise<boolean>): void {
  if (asked !== null) stage.asked.push(asked);
  const services = stage.world.asking();
  stage.world.turns.begin(aRequest, async () => {
    const granted = await act(services);
    if (asked !== null) asked.outcome = granted ? "granted" : "refused";
  });
}

/** So much time passes, and the clock's functions run. */
export async function pass(stage: Stage, ms: number): Promise<void> {
  await goalsOf(stage);
  const sooner_ms = await stage.world.pass(ms);
  for (const goal of stage.goals.values()) goal.exp -= sooner_ms;
  for (const cron of crons) stage.world.queue.tick(cron);
}

/** Everything comes to rest, the clock's functions included; then all must be as the model says. */
export async function rest(stage: Stage, isLast = false): Promise<void> {
  const { turns } = stage.world;
  await turns.all();
  const waits = isLast
    ? [minute_ms + 1_000, 6 * minute_ms, 61 * minute_ms, 25 * 60 * minute_ms, 6 * minute_ms]
    : stage.hasLost
      ? [0, minute_ms + 1_000, 6 * minute_ms]
      : [0];
  for (const wait of waits) {
    // oxlint-disable-next-line no-await-in-loop -- one minute after another
    await pass(stage, wait);
    // oxlint-disable-next-line no-await-in-loop
    await turns.all();
  }
  await expectRight(stage, await goalsOf(stage), isLast);
  stage.asked = [];
  stage.hasLost = false;
}
