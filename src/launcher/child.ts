/**
 * The child's side of supervision. A child of the launcher ends when the launcher says so, or when the channel to it
 * breaks, which is how a child learns that its launcher was killed. Ctrl-C and a signal to the process group reach the
 * children too: they leave the order of stopping to the launcher, and only tell it that they were asked.
 */
export interface ChildOptions<Order> {
  /** Does what the first order says, and gives back what the launcher is told, and how to stop again. */
  readonly start: (order: Order) => Promise<Child>;
  /** How long `close` may take before the process ends all the same, unless what was started says otherwise. */
  readonly closeWithin_ms: number;
}

/** What a child has started. */
interface Child {
  readonly ready: unknown;
  readonly close: () => Promise<void>;
  readonly closeWithin_ms?: number;
}

/** What a child tells its launcher. */
export type ChildMessage =
  | { readonly type: "ready"; readonly ready: unknown }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "asked-to-stop" };

/** What the launcher tells a child. */
export type LauncherMessage<Order> =
  | { readonly type: "start"; readonly order: Order }
  | { readonly type: "stop" };

/** Runs this process as a child of the launcher. Without a launcher it says so and ends. */
export function runAsChild<Order>({ start, closeWithin_ms }: ChildOptions<Order>): void {
  if (process.send === undefined) {
    process.stderr.write("This process is started by `npm start`, not by hand.\n");
    process.exit(2);
  }
  let running: Promise<Child> | undefined;
  let within_ms = closeWithin_ms;
  let stopping = false;

  const tell = (message: ChildMessage) => {
    // The launcher may die between the check and the write; "disconnect" then ends us.
    if (process.connected) process.send?.(message, () => undefined);
  };
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), within_ms).unref();
    Promise.resolve(running)
      .then((child) => child?.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };

  process.on("disconnect", stop);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.on(signal, () => (process.connected ? tell({ type: "asked-to-stop" }) : stop()));
  process.on("message", (message: LauncherMessage<Order>) => {
    if (message.type === "stop") return stop();
    running = start(message.order).then((child) => {
      within_ms = child.closeWithin_ms ?? closeWithin_ms;
      tell({ type: "ready", ready: child.ready });
      return child;
    });
    running.catch((error: unknown) => {
      tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
      // The launcher reads the reason first; a launcher that is gone cannot keep us.
      setTimeout(() => process.exit(1), 100);
    });
  });
}
