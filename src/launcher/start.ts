import "./require-node.js";
import { runStack } from "./run-stack.ts";
import { StartError } from "./start-error.ts";
import { SettingsError, environment } from "#src/config/env.ts";

/** `npm start`, and `npm run dev` with `--dev`. */
const env = environment();
try {
  await runStack(env, { dev: process.argv.includes("--dev") });
  process.exit(0);
} catch (error) {
  if (error instanceof SettingsError)
    console.error(`Goalkeeper cannot start with these settings:\n${error.message.replaceAll(/^/gm, "  ")}`);
  else if (error instanceof StartError) console.error(error.message);
  else console.error(error);
  process.exit(1);
}
