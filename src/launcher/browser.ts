import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";
import type { Source } from "#src/config/env.ts";
import { StartError } from "./start-error.ts";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const applications = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Finds a Chromium: Playwright's own, the system's, or Chrome. Undefined when the machine has none. */
function findBrowser(env: Source): string | undefined {
  const folders = [...(env["PATH"] ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/snap/bin"];
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [chromium.executablePath(), ...installed, ...applications].find(isProgram);
}

function run(program: string, args: readonly string[], env: Source): boolean {
  try {
    execFileSync(program, args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { NODE_ENV: "production", ...env, DEBIAN_FRONTEND: "noninteractive" },
    });
    return true;
  } catch {
    return false;
  }
}

/**
 * The browser of the end-to-end tests: CHROMIUM_PATH, else one that is found, else one that is installed, from Debian
 * where we may, else by Playwright. Throws StartError saying what to do when none can be had.
 */
export function ensureBrowser(env: Source): string {
  const chosen = env["CHROMIUM_PATH"];
  if (chosen && !isProgram(chosen)) throw new StartError(`CHROMIUM_PATH is ${chosen}, which is no program.`);
  const found = chosen || findBrowser(env);
  if (found) return found;

  console.log("no browser found: installing Chromium");
  const isRoot = process.getuid?.() === 0;
  if (isRoot && isProgram("/usr/bin/apt-get")) {
    run("apt-get", ["update", "-qq"], env);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"], env);
  }
  if (findBrowser(env) === undefined) run("npx", ["playwright", "install", "chromium"], env);
  const installed = findBrowser(env);
  if (installed === undefined)
    throw new StartError(
      "No browser for the end-to-end tests was found, and none could be installed.\n" +
        "Install Chromium or Chrome, or name one by CHROMIUM_PATH; on Debian: apt-get install chromium fonts-noto-cjk",
    );
  return installed;
}
