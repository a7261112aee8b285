import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { headers } from "#src/testing/door.ts";
import { openAdmission } from "./admission.ts";
import { trustedProxies } from "./client-address.ts";
import { startHttpServer, type HttpServer, type Serving } from "./http-server.ts";

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close(0)));
});

type Handler = Serving["handler"];

async function serve(handler: Handler, proxies = ""): Promise<{ http: HttpServer; port: number }> {
  const http = await startHttpServer(["127.0.0.1"], 0, {
    isTrusted: trustedProxies(proxies),
    headers,
    admission: openAdmission({ MAX_IN_FLIGHT: 8, MAX_INNGEST_IN_FLIGHT: 2, INNGEST_DEV: undefined }),
    handler,
  });
  open.push(http);
  // Listening on a TCP port, the address is never a path.
  return { http, port: (http.server.address() as AddressInfo).port };
}

const showAddress: Handler = async (incoming, response) => {
  response.end(JSON.stringify(incoming.headers));
};

async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  return text(socket);
}

async function get(port: number, headers: Record<string, string>): Promise<Record<string, string>> {
  const outgoing = request({ host: "127.0.0.1", port, headers }).end();
  const [response] = await once(outgoing, "response");
  return JSON.parse(await text(response)) as Record<string, string>;
}

describe("a malformed request", () => {
  test.each([
    "GET // HTTP/1.1\r\nhost: a\r\n\r\n",
    "GET http://[ HTTP/1.1\r\nhost: a\r\n\r\n",
    "GET /%E0%A4%A HTTP/1.1\r\nhost: a\r\n\r\n",
    "GET /\\evil HTTP/1.1\r\nhost: a\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n",
    "NONSENSE\r\n\r\n",
    "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
  ])("is answered with 400 and the server lives on: %j", async (bytes) => {
    const { port } = await serve(showAddress);
    expect(await raw(port, bytes)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await get(port, {})).toMatchObject({ "x-client-address": "127.0.0.1" });
  });

  test("with headers over the limit is answered with 431", async () => {
    const { port } = await serve(showAddress);
    expect(await raw(port, `GET / HTTP/1.1\r\nx: ${"y".repeat(17_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

test("a handler that throws is a 500, and the next request is served", async () => {
  const { port } = await serve(async (incoming, response) => {
    if (incoming.url === "/broken") throw new Error("broken");
    response.end("fine");
  });
  expect(await raw(port, "GET /broken HTTP/1.1\r\nhost: a\r\n\r\n")).toMatch(/^HTTP\/1\.1 500 /);
  expect(await raw(port, "GET / HTTP/1.0\r\n\r\n")).toMatch(/fine$/);
});

describe("who the client is", () => {
  test("a client's own claims count for nothing", async () => {
    const { port } = await serve(showAddress);
    const claims = {
      "x-client-address": "6.6.6.6",
      "x-forwarded-for": "6.6.6.6",
      "x-forwarded-host": "evil",
      forwarded: "for=6.6.6.6",
    };
    const seen = await get(port, claims);
    expect(seen).toMatchObject({ "x-client-address": "127.0.0.1", "x-forwarded-for": "127.0.0.1" });
    expect(seen).not.toHaveProperty("x-forwarded-host");
    expect(seen).not.toHaveProperty("forwarded");
  });

  test("a trusted proxy's word is taken from the right end", async () => {
    const { port } = await serve(showAddress, "127.0.0.0/8, 10.0.0.0/8");
    const seen = await get(port, {
      "x-forwarded-for": "6.6.6.6, 203.0.113.7, 10.1.2.3",
      "x-forwarded-proto": "https",
    });
    expect(seen).toMatchObject({ "x-client-address": "203.0.113.7", "x-forwarded-proto": "https" });
  });
});

describe("stopping", () => {
  test("what is in flight finishes, and what comes new is refused", async () => {
    const arrived = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const { http, port } = await serve(async (_incoming, response) => {
      arrived.resolve();
      await goOn.promise;
      response.end("finished");
    });
    const inFlight = raw(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    await arrived.promise;
    const closed = http.close(5_000);
    await expect(raw(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n")).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
    goOn.resolve();
    expect(await inFlight).toMatch(/finished/);
    await closed;
  });

  test("a connection that never finishes is cut off after the grace", async () => {
    const arrived = Promise.withResolvers<void>();
    const { http, port } = await serve(async () => arrived.resolve());
    const hanging = raw(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").catch(() => "cut");
    await arrived.promise;
    await http.close(50);
    expect(await hanging).not.toMatch(/200/);
  });
});

describe("every answer", () => {
  test.each([
    ["GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 200],
    ["GET // HTTP/1.1\r\nhost: a\r\n\r\n", 400],
    ["NONSENSE\r\n\r\n", 400],
    ["TRACE / HTTP/1.1\r\nhost: a\r\n\r\n", 405],
    ["GET /%5Fglobal-error HTTP/1.1\r\nhost: a\r\n\r\n", 404],
    ["PROPFIND / HTTP/1.1\r\nhost: a\r\n\r\n", 405],
    ["GET / HTTP/1.1\r\nhost: a\r\nexpect: 200-ok\r\n\r\n", 417],
    [`GET / HTTP/1.1\r\nhost: a\r\nx: ${"y".repeat(17_000)}\r\n\r\n`, 431],
    ["GET /broken HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 500],
  ])("carries what a browser may do with it: %j", async (bytes, status) => {
    const { port } = await serve(async (incoming, response) => {
      if (incoming.url === "/broken") throw new Error("broken");
      response.end("fine");
    });
    const answer = await raw(port, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    for (const name of Object.keys(headers.plain)) expect(answer.toLowerCase()).toContain(`\r\n${name}: `);
  });

  test("of a page has the nonce that its renderer was told, whatever a client has claimed", async () => {
    const { port } = await serve(async (incoming, response) => {
      response.end(`nonce="${String(incoming.headers["x-goalkeeper-nonce"])}"`);
    });
    const answer = await raw(
      port,
      "GET / HTTP/1.1\r\nhost: a\r\nx-goalkeeper-nonce: stolen\r\nconnection: close\r\n\r\n",
    );
    const nonce = /nonce="([^"]+)"/.exec(answer)?.[1];
    expect(nonce).not.toBe("stolen");
    expect(answer).toContain(`'nonce-${nonce}'`);
  });
});

describe("connections that come all at once", () => {
  test.runIf(process.platform === "linux")("are taken in within few turns of the event loop", async () => {
    const { http, port } = await serve(showAddress);
    const many = 64;
    let taken = 0;
    http.server.on("connection", () => (taken += 1));
    const script = `
      let left = ${many};
      const done = () => --left === 0 && process.exit();
      for (let n = 0; n < ${many}; n++) require("node:net").connect(${port}, "127.0.0.1", done);
    `;
    // We stand still meanwhile, as in a long turn: the system connects them, and nobody has taken them in.
    execFileSync(process.execPath, ["-e", script]);
    expect(taken).toBe(0);
    let turns = 0;
    for (; taken < many && turns < many; turns++) await new Promise((next) => setImmediate(next));
    expect(taken).toBe(many);
    // By one listener it would be one in each turn.
    expect(turns).toBeLessThan(many / 2);
  });
});
