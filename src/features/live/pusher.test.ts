import { once } from "node:events";
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { noteSigningOut } from "../api/session.ts";
import { connectPusher } from "./pusher.ts";

test("a page that signs out does not look for a way back, until signing out has failed", async () => {
  const server = createServer((_, response) => void response.end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const pusher = await connectPusher({ key: "key", cluster: "", host: "127.0.0.1", port, tls: false });
  onTestFinished(() => {
    noteSigningOut(false);
    pusher.disconnect();
    server.closeAllConnections();
    server.close();
  });
  const found = [await pusher.probe()];
  for (const signingOut of [true, false]) {
    noteSigningOut(signingOut);
    found.push(await pusher.probe());
  }
  expect(found).toEqual([true, false, true]);
});
