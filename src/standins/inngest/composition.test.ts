import { group, type InngestFunction } from "inngest";
import { afterAll, beforeAll, expect, test } from "vitest";

import { runOver, startApp, startRig, until, type Rig, type TestApp } from "./testing.ts";

let rig: Rig;
let app: TestApp;
const calls: string[] = [];
const times = (name: string) => calls.filter((call) => call === name).length;

beforeAll(async () => {
  rig = await startRig();
  const inngest = rig.client();
  const functions: InngestFunction.Any[] = [];
  const make: typeof inngest.createFunction = (options, handler) => {
    const made = inngest.createFunction(options, handler);
    functions.push(made);
    return made;
  };

  const child = make({ id: "child", retries: 0, triggers: { event: "child" } }, ({ event }) => {
    if (event.data["fail"] === true) throw new Error("child failed");
    return { doubled: Number(event.data["n"]) * 2 };
  });
  make({ id: "parent", retries: 0, triggers: { event: "parent" } }, async ({ step }) => {
    const good = await step.invoke("good", { function: child, data: { n: 21 } });
    const bad = await step
      .invoke("bad", { function: child, data: { fail: true } })
      .catch((error: Error) => error.message);
    return { good, bad };
  });

  make({ id: "waiting", triggers: { event: "waiting" } }, async ({ step }) => {
    const [answer, none] = await Promise.all([
      step.waitForEvent("answer", { event: "answer", timeout: "1h", if: "event.data.key == async.data.key" }),
      step.waitForEvent("none", { event: "never", timeout: "1s" }),
    ]);
    return { answer: answer?.data["text"] as unknown, none };
  });

  make({ id: "sender", triggers: { event: "sender" } }, async ({ step }) => {
    return step.sendEvent("send", [
      { name: "sent", data: { n: 1 }, id: "sent-1" },
      { name: "sent", data: { n: 2 }, id: "sent-2" },
    ]);
  });
  make({ id: "receiver", triggers: { event: "sent", if: "event.data.n > 1" } }, ({ event }) => {
    calls.push(`received ${event.data["n"]} ${event.id}`);
  });

  make({ id: "race", triggers: { event: "race" } }, async ({ step }) => {
    const winner = await group.parallel({ mode: "race" }, () =>
      Promise.race([
        step.waitForEvent("slow", { event: "never", timeout: "1s" }).then(() => "slow"),
        step.run("quick", () => "quick"),
      ]),
    );
    const after = await step.run("after", () => {
      calls.push("race.after");
      return 1;
    });
    return { winner, after };
  });

  make({ id: "plain", checkpointing: false, triggers: { event: "plain" } }, async ({ step }) => {
    const a = await step.run("a", () => {
      calls.push("plain.a");
      return 1;
    });
    const b = await step.run("b", () => {
      calls.push("plain.b");
      return 2;
    });
    return a + b;
  });

  make(
    { id: "unoptimised", optimizeParallelism: false, triggers: { event: "unoptimised" } },
    async ({ step }) => {
      const chain = async (name: string) => {
        await step.run(`${name} 1`, () => void calls.push(`${name} 1`));
        return step.run(`${name} 2`, () => {
          calls.push(`${name} 2`);
          return name;
        });
      };
      return Promise.all([chain("left"), chain("right")]);
    },
  );

  make({ id: "large", triggers: { event: "large" } }, async ({ step }) => {
    const sizes: number[] = [];
    for (const name of ["a", "b", "c"]) {
      const text = await step.run(name, () => {
        calls.push(`large.${name}`);
        return name.repeat(2_000_000);
      });
      sizes.push(text.length);
      await step.sleep(`after ${name}`, 0);
    }
    return sizes;
  });

  make({ id: "signal", triggers: { event: "signal" } }, async ({ step }) => {
    await step.waitForSignal("wait", { signal: "s", timeout: "1h", onConflict: "fail" });
  });

  app = await startApp(inngest, functions);
  await app.register();
});

afterAll(async () => {
  await app.kill();
  await rig.end();
});

const send = async (name: string, data: Record<string, unknown> = {}) => {
  const { ids } = await rig.client().send({ name, data });
  return ids[0];
};

test("an invoked function answers its caller, with its result or with its error", async () => {
  const run = await runOver(rig, await send("parent"));
  expect(run.output).toEqual({ good: { doubled: 42 }, bad: "child failed" });
});

test("a run waits for the event that fits, and for none longer than its timeout", async () => {
  const id = await send("waiting", { key: "k" });
  await until(async () => {
    const { body } = await rig.api<{ data: { rootSpan: { children: unknown[] } } }>(
      `/v2/runs/${await runIdOf(id)}/trace`,
    );
    return body.data.rootSpan.children.length === 2;
  });
  await send("answer", { key: "other", text: "wrong" });
  await send("answer", { key: "k", text: "right" });
  const run = await runOver(rig, id);
  expect(run.output).toEqual({ answer: "right", none: null });
});

async function runIdOf(eventId: string | undefined): Promise<string> {
  return until(async () => {
    const { body } = await rig.api<{ data: { run_id: string }[] }>(`/v1/events/${eventId}/runs`);
    return body.data[0]?.run_id;
  });
}

test("events sent by a step start the functions whose condition holds", async () => {
  const run = await runOver(rig, await send("sender"));
  expect((run.output as { ids: string[] }).ids).toHaveLength(2);
  await until(() => times("received 2 sent-2") === 1);
  expect(times("received 1 sent-1")).toBe(0);
});

test("a race goes on with the first, and what follows runs once", async () => {
  const run = await runOver(rig, await send("race"));
  expect(run.output).toEqual({ winner: "quick", after: 1 });
  expect(times("race.after")).toBe(1);
});

test("a function without checkpoints runs each step once", async () => {
  const run = await runOver(rig, await send("plain"));
  expect(run.output).toBe(3);
  expect([times("plain.a"), times("plain.b")]).toEqual([1, 1]);
});

test("an operation that is not supported fails the run and is named", async () => {
  const run = await runOver(rig, await send("signal"));
  expect(run).toMatchObject({ status: "Failed", output: { name: "NotSupportedError" } });
  expect(JSON.stringify(run.output)).toContain("WaitForSignal");
});

test("branches that go on by themselves run each step once", async () => {
  const run = await runOver(rig, await send("unoptimised"));
  expect(run.output).toEqual(["left", "right"]);
  for (const name of ["left 1", "left 2", "right 1", "right 2"]) expect(times(name)).toBe(1);
});

test("a run whose steps are larger than one request goes on", async () => {
  const run = await runOver(rig, await send("large"));
  expect(run.output).toEqual([2_000_000, 2_000_000, 2_000_000]);
  for (const name of ["a", "b", "c"]) expect(times(`large.${name}`)).toBe(1);
});
