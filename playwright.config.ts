import { defineConfig, devices } from "@playwright/test";
import { environment } from "#src/config/env.ts";

const executablePath = environment()["CHROMIUM_PATH"];

const ownStacks = [
  "endings.spec.ts",
  "faults.spec.ts",
  "fuzz.spec.ts",
  "kill.spec.ts",
  "secrets.spec.ts",
  "start-and-stop.spec.ts",
  "console-outage.spec.ts",
  "trace.spec.ts",
];
const measured = ["studio-live.spec.ts", "studio-weight.spec.ts"];

/** Run by `npm run e2e`, which finds the browser and starts the stack that the stories run against. */
export default defineConfig({
  testDir: "e2e",
  reporter: "list",
  forbidOnly: true,
  // On a machine that others share a story gets a second chance, and is told of as flaky.
  retries: environment()["CI"] ? 1 : 0,
  workers: 2,
  projects: [
    // These share one stack and its accounts, so they come one after the other;
    { name: "stories", testMatch: "*.spec.ts", testIgnore: [...ownStacks, ...measured], workers: 1 },
    // beside them those that start stacks of their own, and mostly wait for them;
    { name: "kills", testMatch: ownStacks, workers: 1 },
    // and alone those that measure.
    { name: "measured", testMatch: measured, workers: 1, dependencies: ["stories", "kills"] },
  ],
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    ...devices["Desktop Chrome"],
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
