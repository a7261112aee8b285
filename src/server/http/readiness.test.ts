import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { makeScene, type Scene, tokenFor } from "#src/testing/scene.ts";
import { findGoal } from "../data/goals.ts";
import { createServices, type Services } from "../services.ts";
import { handleDecline } from "./decline.ts";
import { beginStop } from "../stopping.ts";
import { readiness } from "./readiness.ts";

let app: TestApp;
let scene: Scene;
let goalId: string;
let token: string;
const endings: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  app = await startTestApp({}, false);
  scene = await makeScene(app.services, ["vic"]);
  goalId = await scene.invite("vic");
  token = await tokenFor(app.services, scene.streamerId);
});
afterAll(async () => {
  for (const end of endings) await end();
  await app.close();
});

/** The way to a dependency, at an address of its own: open, shut, or swallowing all that is said. */
interface Way {
  readonly port: number;
  open(): Promise<void>;
  /** From now on nothing that is said is passed on, in connections old and new. */
  hush(): void;
}
async function wayTo(url: string, port: number): Promise<Way> {
  const target = new URL(url);
  let hushed = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk) => hushed || to.write(chunk));
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    }
  });
  const open = async () => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  endings.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port, open, hush: () => void (hushed = true) };
}

/** A port where nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
type Changed = Partial<Services["settings"]>;
function servicesWith(changed: Changed): Services {
  const services = createServices({ ...app.services.settings, ...changed });
  endings.push(() => services.close());
  return services;
}
function elsewhere(url: string, port: number): string {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
}
const databaseUrl = () => app.services.settings.DATABASE_URL;
const inngestUrl = () => app.services.settings.INNGEST_BASE_URL ?? "";

/** Services whose MongoDB is at the end of this way. */
const overWay = (way: Way) => servicesWith({ DATABASE_URL: elsewhere(databaseUrl(), way.port) });

async function ready(services: Services, query = "") {
  const response = await readiness(services, new Request(`http://localhost:3000/readyz${query}`));
  const body = (await response.json()) as { status: string; dependencies: Record<string, string> };
  return { status: response.status, retryAfter: response.headers.get("retry-after"), body };
}

// What is away takes its seconds to be found so: these wait for it side by side.
describe.concurrent("readiness", () => {
  test("is said when every dependency answers", async () => {
    expect(await ready(app.services)).toEqual({
      status: 200,
      retryAfter: null,
      body: { status: "ready", dependencies: { mongodb: "ok", inngest: "ok", pusher: "ok" } },
    });
  });

  test("is denied by the name of the one that is away", async () => {
    const port = await freePort();
    const away: [string, Changed][] = [
      ["mongodb", { DATABASE_URL: elsewhere(databaseUrl(), port) }],
      ["inngest", { INNGEST_BASE_URL: elsewhere(inngestUrl(), port) }],
      ["pusher", { PUSHER_PORT: port }],
    ];
    const found = await Promise.all(away.map(([, changed]) => ready(servicesWith(changed))));
    expect(found).toEqual(
      away.map(([name]) => ({
        status: 503,
        retryAfter: "2",
        body: {
          status: "unavailable",
          dependencies: { mongodb: "ok", inngest: "ok", pusher: "ok", [name]: "unavailable" },
        },
      })),
    );
  });
});

describe.concurrent("readiness, where a dependency takes what is said and never answers,", () => {
  const whole = { mongodb: "ok", inngest: "ok", pusher: "ok" };

  test("is denied within 4 s by its name, and the others are told as they are", async () => {
    const silent = async (url: string) => {
      const way = await wayTo(url, await freePort());
      way.hush();
      await way.open();
      return way.port;
    };
    const { PUSHER_HOST, PUSHER_PORT } = app.services.settings;
    const deaf: [string, Changed][] = [
      ["mongodb", { DATABASE_URL: elsewhere(databaseUrl(), await silent(databaseUrl())) }],
      ["inngest", { INNGEST_BASE_URL: elsewhere(inngestUrl(), await silent(inngestUrl())) }],
      ["pusher", { PUSHER_PORT: await silent(`http://${PUSHER_HOST}:${PUSHER_PORT}`) }],
    ];
    const found = await Promise.all(
      deaf.map(async ([, changed]) => {
        const asked = performance.now();
        const { status, body } = await ready(servicesWith(changed));
        return { status, states: body.dependencies, inTime: performance.now() - asked < 4_000 };
      }),
    );
    expect(found).toEqual(
      deaf.map(([name]) => ({ status: 503, states: { ...whole, [name]: "unavailable" }, inTime: true })),
    );
  });

  test("is said to who can do without it, by name", async () => {
    const services = servicesWith({ PUSHER_PORT: await freePort() });
    const states = { ...whole, pusher: "unavailable" };
    expect(await ready(services, "?without=pusher")).toMatchObject({
      status: 200,
      body: { dependencies: states },
    });
    expect((await ready(services, "?without=inngest")).status).toBe(503);
  });

  test("tells nobody of addresses, keys or reasons", async () => {
    const services = servicesWith({ PUSHER_SECRET: "not-the-secret" });
    const response = await readiness(services);
    expect(await response.json()).toEqual({
      status: "unavailable",
      dependencies: { ...whole, pusher: "unavailable" },
    });
  });
});

describe.concurrent("a decline", () => {
  const decline = (services: Services) =>
    handleDecline(
      services,
      new Request(`http://localhost:3000/goals/${goalId}`, {
        method: "DELETE",
        body: '{"agree":false}',
        headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      }),
      goalId,
    );

  test("is answered within 4 s with 503 and when to come back, whatever is away or silent", async () => {
    const shut = await wayTo(databaseUrl(), await freePort());
    const silent = await wayTo(databaseUrl(), await freePort());
    silent.hush();
    await silent.open();
    const falling = await wayTo(databaseUrl(), await freePort());
    await falling.open();
    const fallen = overWay(falling);
    await vi.waitFor(() => fallen.db.driver.command({ ping: 1 }), { timeout: 5_000 });
    falling.hush();
    const deaf = await wayTo(inngestUrl(), await freePort());
    deaf.hush();
    await deaf.open();
    const cases: [string, Services][] = [
      ["MongoDB away", overWay(shut)],
      ["MongoDB accepting, never answering", overWay(silent)],
      ["MongoDB falling silent", fallen],
      [
        "Inngest accepting, never answering",
        servicesWith({ INNGEST_BASE_URL: elsewhere(inngestUrl(), deaf.port) }),
      ],
    ];
    const answers = await Promise.all(
      cases.map(async ([name, services]) => {
        const asked = performance.now();
        const response = await decline(services);
        const inTime = performance.now() - asked < 4_000;
        const { code } = (await response.json()) as { code: string };
        return {
          name,
          status: response.status,
          code,
          retryAfter: response.headers.get("retry-after"),
          inTime,
        };
      }),
    );
    expect(answers).toEqual(
      cases.map(([name]) => ({ name, status: 503, code: "unavailable", retryAfter: "2", inTime: true })),
    );
    expect((await findGoal(app.services.db, goalId))?.active).toBe(true);
  });

  test("is taken by services that began while MongoDB was away, once it is there", async () => {
    const way = await wayTo(databaseUrl(), await freePort());
    const services = overWay(way);
    expect((await decline(services)).status).toBe(503);
    await way.open();
    await vi.waitFor(async () => expect((await decline(services)).status).toBe(202), { timeout: 10_000 });
  });
});

// The last of all: from here on this process is one that ends.
test("readiness is denied from the moment on at which the process is asked to stop, without asking anybody", async () => {
  beginStop();
  expect(await ready(app.services)).toEqual({ status: 503, retryAfter: "2", body: { status: "stopping" } });
});
