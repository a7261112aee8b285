import { demoAccounts, demoPassword } from "#src/contract/demo-accounts.ts";

/** What the one screen of a start says. */
export interface BannerFacts {
  readonly url: string;
  readonly demo: boolean;
  /** Local services as `name address`, in the order to show. */
  readonly services: readonly string[];
  readonly dataDir: string;
  readonly seconds: number;
}

/** The screen that says that everything runs, where, who can sign in, and how to stop it. */
export function banner({ url, demo, services, dataDir, seconds }: BannerFacts): string {
  const accounts = [
    `  Sign in with the password ${demoPassword} as`,
    ...accountLines(),
    "",
    "  Invite:   npm run invite -- --streamer ada@example.com --viewer vic@example.com --force",
    "  Afresh:   npm run demo:reset",
  ];
  return [
    "",
    `  Goalkeeper runs at ${url}  (ready in ${seconds.toFixed(1)} s)`,
    "",
    ...(demo ? accounts : []),
    ...(services.length > 0 ? [`  Local:    ${services.join(" · ")}; data in ${dataDir}`] : []),
    "  Stop:     Ctrl-C",
    "",
  ].join("\n");
}

/** The demo accounts, a line for each role. */
const accountLines = () =>
  [...Map.groupBy(demoAccounts, ({ role }) => role)].map(
    ([role, accounts]) => `    ${role.padEnd(12)}${accounts.map(({ email }) => email).join("   ")}`,
  );
