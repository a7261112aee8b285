/** The server as a process of its own, for tests that kill it: `<data folder> <signing key> <port>`. */
import { startInngest } from "./server.ts";

const [dataDir = "", signingKey = "", port = "0"] = process.argv.slice(2);
const standin = await startInngest({
  host: "127.0.0.1",
  port: Number(port),
  dataDir,
  eventKey: "key",
  signingKey,
  retryScale: 0.01,
  log: () => undefined,
});
process.stdout.write(`${standin.port}\n`);
process.once("SIGINT", () => void standin.close());
