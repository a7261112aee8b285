import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { directRoute, offerDirectly } from "#src/server/http/direct-routes.ts";
import { directlyOr } from "./direct.ts";

let server: Server;
let url: string;
beforeAll(async () => {
  offerDirectly({
    method: "POST",
    path: /^\/echo\/([a-z]+)$/,
    handle: async (asked, word = "") =>
      Response.json(
        { word, body: await asked.text(), query: new URL(asked.url).search },
        { status: 202, headers: { "x-word": word, "x-asked-by": asked.headers.get("x-by") ?? "" } },
      ),
  });
  const handler = directlyOr(async (_request, response) => void response.writeHead(404).end("Next"));
  server = createServer((asked, response) => {
    response.setHeader("x-ours", "kept");
    void handler(asked, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

test("A route that offers itself is called with its request, and its whole answer goes out", async () => {
  const response = await fetch(`${url}/echo/word?of=it`, {
    method: "POST",
    headers: { "x-by": "me" },
    body: "ünï",
  });
  const { headers } = response;
  expect([response.status, response.statusText]).toEqual([202, "Accepted"]);
  expect([headers.get("x-word"), headers.get("x-asked-by"), headers.get("x-ours")]).toEqual([
    "word",
    "me",
    "kept",
  ]);
  const body = await response.text();
  expect(JSON.parse(body)).toEqual({ word: "word", body: "ünï", query: "?of=it" });
  expect(headers.get("content-length")).toBe(String(Buffer.byteLength(body)));
});

test.each([
  ["GET", "/echo/word"],
  ["POST", "/echo/word/"],
  ["POST", "/echo/WORD"],
  ["POST", "/echo/w%6Frd"],
  ["POST", "/other"],
])("%s %s is Next's to answer", async (method, path) => {
  expect(await (await fetch(`${url}${path}`, { method })).text()).toBe("Next");
});

test.each(["localhost:99999", "a b", "[::1", "a/b", "a?b", "a@b"])(
  "What is asked of the host %j is Next's to answer",
  async (host) => {
    const asked = request(`${url}/echo/word`, { method: "POST", headers: { host } }).end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    expect(await text(answer)).toBe("Next");
  },
);

test("A route that is loaded again takes the place of what it was", async () => {
  const path = /^\/again$/;
  for (const word of ["first", "second"])
    offerDirectly({ method: "GET", path, handle: () => Promise.resolve(new Response(word)) });
  const handle = directRoute("GET", "/again");
  expect(await (await handle?.(new Request("http://app/again")))?.text()).toBe("second");
});
