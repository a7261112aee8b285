import { SettingsError, type Source } from "#src/config/env.ts";

/** The services that can be local, in the order of their ports from STANDINS_PORT_BASE on. */
export const localServices = ["mongodb", "inngest", "pusher"] as const;
export type LocalService = (typeof localServices)[number];

/** What a start runs: which services are local, and whether it makes demo data. */
export interface Mode {
  readonly local: ReadonlySet<LocalService>;
  readonly demo: boolean;
}

const isService = (name: string): name is LocalService => localServices.some((service) => service === name);
const given = (source: Source, name: string) => (source[name] ?? "") !== "";

/** The service whose real counterpart a setting names; `app` for the app's own secret. */
function ownerOf(name: string): LocalService | "app" | undefined {
  if (name === "DATABASE_URL") return "mongodb";
  if (name.startsWith("INNGEST_")) return "inngest";
  if (name.startsWith("PUSHER_")) return "pusher";
  return name === "AUTH_SECRET" ? "app" : undefined;
}

/** The same environment without anything that names a real service, for what must be local in any case. */
export const withoutProductionSettings = (source: Source): Source =>
  Object.fromEntries(
    Object.entries(source).filter(([name]) => ownerOf(name) === undefined && name !== "LOCAL_SERVICES"),
  );

function askedFor(source: Source): ReadonlySet<LocalService> | undefined {
  if (!given(source, "LOCAL_SERVICES")) return undefined;
  const names = (source["LOCAL_SERVICES"] ?? "").split(/[\s,]+/).filter((name) => name !== "");
  const unknown = names.filter((name) => !isService(name));
  if (unknown.length > 0)
    throw new SettingsError(
      `LOCAL_SERVICES names ${unknown.join(", ")}: it may list ${localServices.join(", ")}`,
    );
  return new Set(names.filter(isService));
}

/** In INNGEST_DEV's mode the SDK talks to a dev server, which knows no keys. The SDK reads 0 and false as off. */
const inngestDev = (source: Source) =>
  given(source, "INNGEST_DEV") && !["0", "false"].includes((source["INNGEST_DEV"] ?? "").toLowerCase());

const needs = {
  mongodb: () => ["DATABASE_URL"],
  inngest: (source: Source) => (inngestDev(source) ? [] : ["INNGEST_EVENT_KEY", "INNGEST_SIGNING_KEY"]),
  pusher: () => ["PUSHER_APP_ID", "PUSHER_KEY", "PUSHER_SECRET"],
} satisfies Record<LocalService, (source: Source) => string[]>;

/**
 * Decides what is local. Without production settings everything is, with demo data; with any of them nothing is,
 * unless LOCAL_SERVICES asks for it. Throws SettingsError naming all that is missing or contradictory, one a line.
 */
export function decideMode(source: Source): Mode {
  const production = Object.keys(source).filter((name) => given(source, name) && ownerOf(name) !== undefined);
  const asked = askedFor(source);
  const local = asked ?? new Set(production.length === 0 ? localServices : []);
  const allLocal = local.size === localServices.length;

  const contradictions = production.flatMap((name) => {
    const owner = ownerOf(name);
    return owner !== undefined && owner !== "app" && local.has(owner)
      ? [`${name} is set although LOCAL_SERVICES asks for a local ${owner}`]
      : [];
  });
  const required = [
    ...localServices.filter((service) => !local.has(service)).flatMap((service) => needs[service](source)),
    ...(allLocal ? [] : ["AUTH_SECRET"]),
    ...(local.size === 0 ? ["APP_URL"] : []),
  ];
  const missing = required.filter((name) => !given(source, name)).map((name) => `${name} is missing`);
  if (contradictions.length + missing.length > 0)
    throw new SettingsError([...contradictions, ...missing].join("\n"));
  return { local, demo: allLocal && production.length === 0 };
}
