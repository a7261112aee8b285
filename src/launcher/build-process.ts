import { createRequire } from "node:module";

/**
 * Forked by the launcher to build the app: Next's own command, but one that ends when the launcher does. It is run in
 * this process, because what a wrapper loads into a command by `--import` is loaded into the command's workers too.
 */
if (process.channel !== undefined) {
  process.on("disconnect", () => process.exit(1));
  // Listening must not keep alive a build that has come to its end.
  process.channel.unref();
}
const require = createRequire(import.meta.url);
const next = require.resolve("next/dist/bin/next");
process.argv = [process.execPath, next, "build"];
require(next);
