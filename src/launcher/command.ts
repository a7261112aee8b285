import { SettingsError } from "#src/config/env.ts";
import { StartError } from "./start-error.ts";

/** A command line that cannot be understood; the message says what is wrong with it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** How a command ends: with a last line for whoever called it, or with the reason why it did not do it. */
export type Outcome = { readonly done: string } | { readonly refused: string };

/**
 * Runs a command to its end: 0 and its last line on stdout when done, 1 and the reason on stderr when refused, 2 and
 * the usage on stderr when it was called wrongly.
 */
export async function runCommand(usage: string, command: () => Promise<Outcome>): Promise<never> {
  try {
    const outcome = await command();
    if ("done" in outcome) console.log(outcome.done);
    else console.error(outcome.refused);
    process.exit("done" in outcome ? 0 : 1);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${usage}`);
      process.exit(2);
    }
    const expected = error instanceof StartError || error instanceof SettingsError;
    console.error(expected ? error.message : error);
    process.exit(1);
  }
}
