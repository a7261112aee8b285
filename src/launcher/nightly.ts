import "./require-node.js";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { environment } from "#src/config/env.ts";

/**
 * `npm run nightly`: what is too long for `npm test`. Faults of 200 seeds, other ones every day, and 10,000 malformed requests;
 * each by its settings, as for `npm run e2e`.
 */
const seeds = 200;
const day = Math.floor(Date.now() / 86_400_000);

const child = fork(fileURLToPath(new URL("./e2e.ts", import.meta.url)), ["faults", "fuzz"], {
  env: {
    NODE_ENV: "test",
    FAULT_SEEDS: String(seeds),
    FAULT_SEED: String(day * seeds),
    FUZZ_REQUESTS: "10000",
    ...environment(),
  },
});
// Ctrl-C reaches the child as well, which cleans up.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
child.once("exit", (code) => process.exit(code ?? 1));
