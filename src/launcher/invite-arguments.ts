import { parseArgs } from "node:util";
import { readObjectId } from "#src/contract/ids.ts";
import { UsageError } from "./command.ts";

/** The invitation that `npm run invite` was asked for. */
export interface InviteArguments {
  readonly streamerEmail: string;
  readonly viewerEmail: string;
  readonly amount: number;
  readonly minutes: number;
  readonly force: boolean;
}

/** The invitation that it was asked to agree to, by its goal's id in hex. */
export interface AgreeArguments {
  readonly agree: string;
}

const options = {
  agree: { type: "string" },
  streamer: { type: "string" },
  viewer: { type: "string" },
  amount: { type: "string", default: "1200" },
  minutes: { type: "string", default: "10" },
  force: { type: "boolean", default: false },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Reads the command line. Throws UsageError naming what is missing or no number. */
export function inviteArguments(args: readonly string[]): InviteArguments | AgreeArguments {
  const { agree, streamer, viewer, amount, minutes, force } = parse(args);
  if (agree !== undefined) return agreement(agree, args);
  if (!streamer) throw new UsageError("--streamer is missing: the streamer's email");
  if (!viewer) throw new UsageError("--viewer is missing: the viewer's email");
  if (!/^\d+$/.test(amount) || !Number.isSafeInteger(Number(amount)) || Number(amount) === 0)
    throw new UsageError(`--amount ${amount}: it takes whole minor units, such as 1200 for 12.00`);
  if (!/^(\d+\.?\d*|\.\d+)$/.test(minutes) || Number(minutes) === 0)
    throw new UsageError(`--minutes ${minutes}: it takes a number above 0, such as 10 or 0.5`);
  return {
    streamerEmail: streamer,
    viewerEmail: viewer,
    amount: Number(amount),
    minutes: Number(minutes),
    force,
  };
}

function agreement(goal: string, args: readonly string[]): AgreeArguments {
  const goalId = readObjectId(goal);
  if (goalId === null)
    throw new UsageError(`--agree ${goal}: it takes the id of a goal, 24 hexadecimal digits`);
  const others = args.filter((arg) => arg.startsWith("--") && !arg.startsWith("--agree"));
  if (others.length > 0) throw new UsageError(`--agree takes no ${others.join(", ")} beside it`);
  return { agree: goalId };
}
