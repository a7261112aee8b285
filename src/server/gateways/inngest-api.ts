import { createHash } from "node:crypto";
import { z } from "zod";
import type { AppSettings } from "#src/config/env.ts";

/** One step of a run, as Inngest tells it. Times are ISO 8601. */
interface InngestStep {
  readonly name: string;
  readonly kind: string;
  readonly status: string;
  readonly start: string | null;
  readonly end: string | null;
  /** How often it was tried, as far as Inngest tells: at least once. */
  readonly attempts: number;
  readonly output: unknown;
  readonly error: string | null;
}

/** What Inngest itself knows of one run; `reachable` is false when its API does not answer, and says why. */
export type InngestRun =
  | {
      readonly reachable: true;
      readonly run_id: string;
      readonly function_id: string;
      readonly status: string;
      readonly queued: string | null;
      readonly started: string | null;
      readonly ended: string | null;
      readonly output: unknown;
      readonly steps: readonly InngestStep[];
    }
  | { readonly reachable: false; readonly why: string };

type ApiSettings = Pick<AppSettings, "INNGEST_BASE_URL" | "INNGEST_DEV" | "INNGEST_SIGNING_KEY">;

/** How long a page waits for what is only a second opinion. */
const answerWithin_ms = 2_000;

const times = {
  queuedAt: z.string().nullish(),
  startedAt: z.string().nullish(),
  endedAt: z.string().nullish(),
};
const run = z.object({
  data: z.object({
    id: z.string(),
    function: z.object({ id: z.string() }),
    status: z.string(),
    output: z.unknown().optional(),
    ...times,
  }),
});
const span = z.object({
  name: z.string(),
  status: z.string(),
  stepOp: z.string().nullish(),
  output: z.unknown().optional(),
  // A step that was tried again has its attempts beneath it.
  children: z.array(z.unknown()).nullish(),
  ...times,
});
const trace = z.object({
  data: z.object({ rootSpan: z.object({ children: z.array(span).nullish() }) }),
});

/** Why there is no answer, in words that a moderator may read: no address and no key is in them. */
class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

const late = "Inngest did not answer in time.";
const isTimeout = (error: unknown) => error instanceof Error && error.name === "TimeoutError";

/** The root of Inngest's API, as the SDK reads the same settings. */
function baseUrl({ INNGEST_BASE_URL, INNGEST_DEV }: ApiSettings): string {
  if (INNGEST_BASE_URL !== undefined) return INNGEST_BASE_URL;
  if (INNGEST_DEV === undefined || INNGEST_DEV === "0" || INNGEST_DEV === "false")
    return "https://api.inngest.com";
  return URL.canParse(INNGEST_DEV) ? INNGEST_DEV : "http://localhost:8288";
}

/** The API wants the signing key hashed, its prefix kept; a dev server wants none. */
function authorization({ INNGEST_SIGNING_KEY }: ApiSettings): Record<string, string> {
  if (INNGEST_SIGNING_KEY === undefined) return {};
  const [, prefix = "", key = ""] = /^(signkey-\w+-)?(.*)$/.exec(INNGEST_SIGNING_KEY) ?? [];
  const hashed = createHash("sha256").update(Buffer.from(key, "hex")).digest("hex");
  return { authorization: `Bearer ${prefix}${hashed}` };
}

/**
 * Asks Inngest's REST API for what is at this path (`/v1/…`, `/v2/…`), as JSON. Throws an error whose message says in
 * plain words why there is none; it holds neither addresses nor keys.
 */
export async function askInngest(
  settings: ApiSettings,
  path: string,
  within_ms = answerWithin_ms,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(new URL(path, baseUrl(settings)), {
      headers: authorization(settings),
      signal: AbortSignal.timeout(within_ms),
    });
  } catch (error) {
    throw new NoAnswer(isTimeout(error) ? late : "Inngest cannot be reached.");
  }
  if (response.status === 404) throw new NoAnswer("Inngest does not know this run.");
  if (response.status === 401 || response.status === 403) {
    throw new NoAnswer("Inngest does not accept our signing key.");
  }
  if (!response.ok) throw new NoAnswer(`Inngest answered with status ${response.status}.`);
  try {
    return await response.json();
  } catch (error) {
    throw new NoAnswer(isTimeout(error) ? late : "Inngest's answer could not be read.");
  }
}

function read<T extends z.ZodType>(schema: T, answer: unknown): z.output<T> {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new NoAnswer("Inngest's answer is not what we know of it.");
  return parsed.data;
}

/** One run with its steps. Never throws: whatever goes wrong is told as not reachable, with the reason. */
export async function findInngestRun(
  settings: ApiSettings,
  runId: string,
  within_ms = answerWithin_ms,
): Promise<InngestRun> {
  const path = `/v2/runs/${encodeURIComponent(runId)}`;
  try {
    const answers = await Promise.all([
      askInngest(settings, `${path}?includeOutput=true`, within_ms),
      askInngest(settings, `${path}/trace?includeOutput=true`, within_ms),
    ]);
    const { data } = read(run, answers[0]);
    const { rootSpan } = read(trace, answers[1]).data;
    return {
      reachable: true,
      run_id: data.id,
      function_id: data.function.id,
      status: data.status,
      queued: data.queuedAt ?? null,
      started: data.startedAt ?? null,
      ended: data.endedAt ?? null,
      output: withoutStack(data.output),
      steps: (rootSpan.children ?? []).map(toStep),
    };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return { reachable: false, why: error.message };
  }
}

function toStep(step: z.output<typeof span>): InngestStep {
  const failed = step.status === "FAILED";
  return {
    name: step.name,
    kind: step.stepOp ?? "RUN",
    status: step.status,
    start: step.startedAt ?? step.queuedAt ?? null,
    end: step.endedAt ?? null,
    attempts: Math.max(1, step.children?.length ?? 0),
    output: failed ? null : (step.output ?? null),
    error: failed ? messageOf(step.output) : null,
  };
}

const failure = z.looseObject({ message: z.string(), stack: z.unknown().optional() });

const messageOf = (output: unknown) => failure.safeParse(output).data?.message ?? "The step failed.";

/** An error's name and message are told, its stack never leaves the server. */
function withoutStack(output: unknown): unknown {
  const error = failure.safeParse(output);
  if (!error.success || error.data.stack === undefined) return output ?? null;
  const { stack: _, ...told } = error.data;
  return told;
}
