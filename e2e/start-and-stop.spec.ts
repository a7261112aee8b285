import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Document } from "bson";
import { processPid } from "#src/launcher/processes.ts";
import { readStackFile } from "#src/launcher/stack-file.ts";
import { signIn } from "./support/accounts.ts";
import { runCommand } from "./support/command.ts";
import { inviteTo } from "./support/console.ts";
import { expectDeclined } from "./support/declined.ts";
import { ownStack, type OwnStack } from "./support/own-stack.ts";
import { withDatabase } from "./support/stack.ts";
import { expect, test } from "./support/test.ts";

const startFile = fileURLToPath(new URL("../src/launcher/start.ts", import.meta.url));
const dataDirOf = (stack: OwnStack) => stack.env["DATA_DIR"] ?? "";
const pidOf = (stack: OwnStack, name: "launcher" | "app" | "services") => processPid(dataDirOf(stack), name);

test.describe("a local stack", () => {
  let stack: OwnStack;
  test.beforeAll(async () => {
    stack = await ownStack();
  });
  test.afterAll(() => stack.close());

  test("describes itself to its owner alone", () => {
    expect(statSync(join(dataDirOf(stack), "stack.json")).mode & 0o777).toBe(0o600);
    expect(stack.description.database).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/goalkeeper$/);
  });

  test("refuses a second start on its folder, saying who runs there", async () => {
    const refused = await new Promise<string>((resolve) => {
      const env = { ...stack.env, NODE_ENV: "production" as const };
      execFile(process.execPath, [startFile], { env }, (error, _stdout, stderr) =>
        resolve(`${error?.code} ${stderr}`),
      );
    });
    expect(refused).toMatch(new RegExp(`^1 .*already running.*pid ${pidOf(stack, "launcher")}`));
    expect((await fetch(`${stack.description.app}/readyz`)).status).toBe(200);
  });

  test("answers on both loopbacks", async () => {
    const { port } = new URL(stack.description.app);
    for (const host of ["127.0.0.1", "[::1]", "localhost"])
      expect((await fetch(`http://${host}:${port}/healthz`)).status).toBe(200);
  });

  test("takes an invitation while it runs, and refuses a second one of the same pair", async () => {
    const people = ["--streamer", "bea@example.com", "--viewer", "vic@example.com"];
    const invited = await runCommand("invite", [...people, "--minutes", "0.5"], stack.env);
    expect(invited).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(invited.stdout.trim().split("\n").at(-1) ?? "")).toEqual({
      goal_id: expect.stringMatching(/^[0-9a-f]{24}$/),
    });
    const again = await runCommand("invite", people, stack.env);
    expect(again).toMatchObject({ code: 1, stdout: "" });
    expect(again.stderr).not.toBe("");
    expect(await runCommand("invite", [...people, "--force"], stack.env)).toMatchObject({ code: 0 });
  });

  test("makes its demo data anew while it runs", async () => {
    expect(await runCommand("demo-reset", [], stack.env)).toMatchObject({ code: 0 });
    await signIn(stack.description.app, "ada@example.com");
    const people = ["--streamer", "bea@example.com", "--viewer", "vic@example.com"];
    expect(await runCommand("invite", people, stack.env)).toMatchObject({ code: 0 });
  });

  for (const name of ["app", "services"] as const)
    test(`is whole again, at the same address, after its ${name} were killed`, async () => {
      const before = pidOf(stack, name);
      await stack.kill(name);
      await stack.start();
      expect(pidOf(stack, name)).not.toBe(before);
      expect(readStackFile(dataDirOf(stack))).toEqual(stack.description);
      await signIn(stack.description.app, "ada@example.com");
    });

  test("leaves no process behind when its launcher alone is killed, and the next start is as before", async () => {
    const children = [pidOf(stack, "app"), pidOf(stack, "services")];
    process.kill(pidOf(stack, "launcher") ?? 0, "SIGKILL");
    await expect.poll(() => [pidOf(stack, "app"), pidOf(stack, "services")]).toEqual([undefined, undefined]);
    await stack.kill("all");
    await stack.start();
    expect(readStackFile(dataDirOf(stack))).toEqual(stack.description);
    expect([pidOf(stack, "app"), pidOf(stack, "services")]).not.toEqual(children);
    await signIn(stack.description.app, "ada@example.com");
  });

  test("stops on Ctrl-C, which reaches the whole group, and then describes nothing", async () => {
    const launcher = pidOf(stack, "launcher") ?? 0;
    process.kill(-launcher, "SIGINT");
    await expect.poll(() => processPid(dataDirOf(stack), "launcher")).toBeUndefined();
    expect(readStackFile(dataDirOf(stack))).toBeUndefined();
    await expect(fetch(stack.description.app)).rejects.toThrow();
    expect(await runCommand("invite", ["--streamer", "a@b.c", "--viewer", "d@e.f"], stack.env)).toMatchObject(
      { code: 1 },
    );
  });
});

test("a stack whose app is killed while an answer is held back comes up again", async () => {
  const stack = await ownStack({ tap: ["mongodb"] });
  try {
    const held = stack.taps.mongodb.holdReply(
      (command) => command["find"] === "user" || command["aggregate"] === "user",
    );
    const signingIn = signIn(stack.description.app, "ada@example.com").catch(() => "cut off");
    await held;
    await stack.kill("app");
    expect(await signingIn).toBe("cut off");
    await stack.start();
    await signIn(stack.description.app, "ada@example.com");
    const users = await withDatabase(stack.description.database, (database) =>
      database.collection("user").countDocuments(),
    );
    expect(users).toBe(7);
    await stack.kill("all");
    await stack.start();
    await signIn(stack.description.app, "ada@example.com");
  } finally {
    await stack.close();
  }
});

test.describe("asked by SIGTERM to stop, a stack", () => {
  test.describe.configure({ timeout: 90_000 });
  let stack: OwnStack<"mongodb" | "inngest">;
  let ada: string;
  test.beforeAll(async () => {
    stack = await ownStack({ tap: ["mongodb", "inngest"] });
    ada = await signIn(stack.description.app, "ada@example.com");
  });
  test.afterAll(() => stack.close());

  const decline = async (goalId: string) =>
    (
      await fetch(`${stack.description.app}/goals/${goalId}`, {
        method: "DELETE",
        headers: { authorization: ada, "content-type": "application/json" },
        body: '{"agree":false}',
      })
    ).status;
  /** New requests are refused as long as this one is held. */
  const untilRefused = () =>
    expect(async () => {
      await expect(fetch(`${stack.description.app}/healthz`)).rejects.toThrow();
    }).toPass({ intervals: [50] });
  const endOfGoal = (goalId: string) => (command: Document) =>
    command["findAndModify"] === "goals" &&
    "deactivated" in (command["update"]?.$set ?? {}) &&
    String(command["query"]?._id) === goalId;

  test("answers the decline in flight with its 202 and refuses new ones; nothing of it is lost", async () => {
    const goalId = await inviteTo(stack.env, "ada", "vic");
    const held = stack.taps.inngest.holdReply(
      ({ path, body }) => path.startsWith("/e/") && body.includes("goal.deactivate"),
    );
    const answered = decline(goalId);
    const answer = await held;
    const ended = stack.terminate();
    await untilRefused();
    answer.release();
    expect(await answered).toBe(202);
    expect(await ended).toBe(0);
    await stack.start();
    await withDatabase(stack.description.database, (database) => expectDeclined(database, goalId));
  });

  test("lets a step that runs come to its end, and what it did is not done again", async () => {
    const goalId = await inviteTo(stack.env, "ada", "wen");
    const held = stack.taps.mongodb.holdReply(endOfGoal(goalId));
    expect(await decline(goalId)).toBe(202);
    const answer = await held;
    const ended = stack.terminate();
    await untilRefused();
    let again = false;
    void stack.taps.mongodb.holdCommand(endOfGoal(goalId)).then(() => (again = true));
    answer.release();
    expect(await ended).toBe(0);
    await stack.start();
    await withDatabase(stack.description.database, (database) => expectDeclined(database, goalId));
    expect(again).toBe(false);
  });

  test("ends in time although an answer never comes, and the decline that waited for it is whole again", async () => {
    const goalId = await inviteTo(stack.env, "ada", "xan");
    const held = stack.taps.mongodb.holdReply(endOfGoal(goalId));
    expect(await decline(goalId)).toBe(202);
    await held;
    const asked = Date.now();
    expect(await stack.terminate()).toBe(0);
    expect(Date.now() - asked).toBeLessThan(20_000);
    await stack.start();
    await withDatabase(stack.description.database, (database) => expectDeclined(database, goalId));
  });
});

test("asked to stop, a stack that is to drain says so at once, serves on for its time, and ends", async () => {
  const stack = await ownStack({ settings: { DRAIN_SECONDS: "3" } });
  try {
    const { app } = stack.description;
    const asked = Date.now();
    const ended = stack.terminate();
    await expect
      .poll(async () => (await fetch(`${app}/readyz`)).json(), { intervals: [50] })
      .toEqual({ status: "stopping" });
    const served = await fetch(`${app}/sign-in`);
    expect([served.status, served.headers.get("connection")]).toEqual([200, "close"]);
    expect(await ended).toBe(0);
    expect(Date.now() - asked).toBeGreaterThanOrEqual(3_000);
    await expect(fetch(app)).rejects.toThrow();
  } finally {
    await stack.close();
  }
});
