import { defineConfig, devices } from "@playwright/test";
import { environment } from "#src/config/env.ts";

const executablePath = environment()["CHROMIUM_PATH"];

/** Run by `npm run e2e`, which finds the browser and starts the stack that the stories run against. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  reporter: "list",
  forbidOnly: true,
  retries: 0,
  // The stories share one stack and its accounts, and two cores are busy with one of them.
  workers: 1,
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
