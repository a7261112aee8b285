import { readFileSync } from "node:fs";

/**
 * Loaded into a process before anything else (`--import …/shifted-clock.ts?file=<path>`): the app then lives by a clock
 * that is off by as many milliseconds as the file says, from one moment to the next. Every other process of the stack
 * keeps the machine's time. Timers go on as they were: what waits for a while waits that while, as after a real jump.
 */
const file = new URL(import.meta.url).searchParams.get("file");

if (file !== null && process.argv[1]?.endsWith("/launcher/app.ts")) {
  const realNow = Date.now;
  let offset_ms = 0;
  const look = () => {
    try {
      offset_ms = Number(readFileSync(file, "utf8")) || 0;
    } catch {
      offset_ms = 0;
    }
  };
  look();
  setInterval(look, 20).unref();

  Date.now = () => realNow() + offset_ms;
  // A proxy and not a subclass: a date is a date, whoever made it.
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [target.now()] : args, newTarget) as object,
    apply: (target) => new target(target.now()).toString(),
  });
}
