import { z } from "zod";

import { operation } from "./answers.ts";
import type { Engine } from "./engine.ts";
import type { Executor } from "./executor.ts";
import { HttpError } from "./http.ts";
import { getRun, isOver } from "./run-store.ts";
import { saveOperation } from "./operations.ts";

const checkpoint = z.looseObject({
  qi_id: z.string(),
  generation_id: z.int().optional(),
  steps: z.array(operation),
});

/**
 * Stores steps that a request under way has finished (`POST /v1/checkpoint/<run>/async`).
 * @throws HttpError 404 for no such run; 409 when the run is over, or when another request has taken the place of this
 * one: the steps are stored then, and the SDK ends what it is doing
 */
export function saveCheckpoint(
  engine: Engine,
  executor: Executor,
  runId: string,
  body: unknown,
  nowMs: number,
): void {
  const parsed = checkpoint.safeParse(body);
  if (!parsed.success) throw new HttpError(400, "invalid checkpoint");
  const { qi_id: itemId, generation_id: generation, steps } = parsed.data;
  const unknown = steps.find((op) => op.op !== "StepRun" && op.op !== "Step" && op.op !== "StepPlanned");
  if (unknown) throw new HttpError(400, `cannot checkpoint opcode: ${unknown.op}`);
  const run = getRun(engine.db, runId);
  if (!run) throw new HttpError(404, "run not found");
  if (isOver(run.status)) throw new HttpError(409, "the run is over");
  engine.db.transaction(() => {
    for (const op of steps) {
      if (op.op !== "StepPlanned") saveOperation(engine, run, op, { data: op.data ?? null }, nowMs);
    }
  });
  if (!executor.isCurrent(itemId, generation)) throw new HttpError(409, "another request runs this now");
}
