import { NonRetriableError, RetryAfterError, group, type InngestFunction } from "inngest";
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

  make({ id: "steps", triggers: { event: "steps" } }, async ({ step, event }) => {
    const one = await step.run("one", () => {
      calls.push("steps.one");
      return { z: 1, a: event.data["value"] as unknown };
    });
    const nothing = await step.run("nothing", () => {
      calls.push("steps.nothing");
    });
    await step.sleep("nap", "1s");
    await step.sleepUntil("past", new Date(0));
    const [left, right] = await Promise.all([
      step.run("left", () => {
        calls.push("steps.left");
        return "l";
      }),
      step.run("right", () => {
        calls.push("steps.right");
        return "r";
      }),
    ]);
    const last = await step.run("last", () => {
      calls.push("steps.last");
      return [left, right];
    });
    return { keys: Object.keys(one), one, nothing, last };
  });

  make({ id: "flaky", triggers: { event: "flaky" } }, async ({ step, attempt }) => {
    await step.run("first", () => void calls.push("flaky.first"));
    const tries = await step.run("second", () => {
      calls.push("flaky.second");
      if (times("flaky.second") < 3) throw new Error("not yet");
      return times("flaky.second");
    });
    calls.push(`flaky.end.${attempt}`);
    if (times("flaky.end.0") < 2 && attempt === 0) throw new Error("outside of a step");
    return tries;
  });

  make({ id: "caught", retries: 1, triggers: { event: "caught" } }, async ({ step }) => {
    try {
      await step.run("bad", () => {
        calls.push("caught.bad");
        throw new TypeError("always");
      });
    } catch (error) {
      const known = error as Error & { cause?: unknown };
      return step.run("after", () => ({ name: known.name, message: known.message }));
    }
    return "not reached";
  });

  make(
    {
      id: "hopeless",
      retries: 1,
      triggers: { event: "hopeless" },
      onFailure: ({ event, error }) => {
        calls.push(`failure ${error.name} ${error.message} ${event.data.event.data["n"]}`);
        return "handled";
      },
    },
    () => {
      calls.push("hopeless");
      throw new Error("no way");
    },
  );

  make({ id: "final", triggers: { event: "final" } }, async ({ step }) => {
    await step.run("once", () => {
      calls.push("final.once");
      throw new NonRetriableError("never again");
    });
  });

  make({ id: "later", triggers: { event: "later" } }, () => {
    calls.push(`later ${Date.now()}`);
    if (calls.filter((call) => call.startsWith("later ")).length === 1)
      throw new RetryAfterError("busy", 1000);
    return "done";
  });

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

test("a step that answered is never run again, and its value comes back as it was", async () => {
  const run = await runOver(rig, await send("steps", { value: "ü" }));
  expect(run.status).toBe("Completed");
  expect(run.output).toEqual({
    keys: ["z", "a"],
    one: { z: 1, a: "ü" },
    nothing: null,
    last: ["l", "r"],
  });
  for (const name of ["one", "nothing", "left", "right", "last"]) expect(times(`steps.${name}`)).toBe(1);
});

test("a failed attempt comes again, and what was done before it stays done", async () => {
  const run = await runOver(rig, await send("flaky"));
  expect(run).toMatchObject({ status: "Completed", output: 3 });
  expect(times("flaky.first")).toBe(1);
  expect(times("flaky.second")).toBe(3);
});

test("a step that fails for good can be caught by its function", async () => {
  const run = await runOver(rig, await send("caught"));
  expect(run.output).toMatchObject({ message: "always" });
  expect(times("caught.bad")).toBe(2);
});

test("a function that fails for good is handed to its onFailure with the error and the event", async () => {
  const run = await runOver(rig, await send("hopeless", { n: 7 }));
  expect(run).toMatchObject({ status: "Failed", output: { message: "no way" } });
  expect(times("hopeless")).toBe(2);
  await until(() => times("failure Error no way 7") === 1);
});

test("a NonRetriableError is not tried again", async () => {
  const run = await runOver(rig, await send("final"));
  expect(run).toMatchObject({ status: "Failed", output: { message: "never again" } });
  expect(times("final.once")).toBe(1);
});

test("a RetryAfterError is tried again when it says, not earlier", async () => {
  const run = await runOver(rig, await send("later"));
  expect(run.output).toBe("done");
  const [first = 0, second = 0] = calls.flatMap((call) =>
    call.startsWith("later ") ? Number(call.slice(6)) : [],
  );
  expect(second - first).toBeGreaterThanOrEqual(1000);
});

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
