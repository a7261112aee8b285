import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * `npm run contract:check`: emits the contract again and fails when what is committed differs, so that the schema
 * and the types that the code compiles against cannot drift apart.
 */
const emitted = ["contract.json", "contract.d.ts"].map((name) => join(import.meta.dirname, name));
const read = () => emitted.map((path) => readFileSync(path, "utf8")).join();

const before = read();
execFileSync(process.execPath, [join(import.meta.dirname, "cli.ts"), "contract", "emit"], {
  stdio: "ignore",
});
if (read() === before) console.log("The emitted contract is up to date.");
else {
  console.error("prisma/contract.prisma has changed: commit what `npm run contract:emit` has just written.");
  process.exitCode = 1;
}
