import { NonRetriableError, RetryAfterError, type InngestFunction } from "inngest";
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
