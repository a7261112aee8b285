import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { settingNames } from "#src/config/env.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { checkSettings } from "#src/launcher/check-settings.ts";
import { routes } from "#src/door/request-metrics.ts";
import { openMetrics } from "#src/server/gateways/metrics.ts";

const read = (file: string) => readFileSync(file, "utf8");
const guide = read("docs/operations.md");
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name ?? "");
const unique = (names: readonly string[]) => [...new Set(names)].toSorted();

describe("what the guide to operations says", () => {
  test("of figures is of all those that there are, and of no others", () => {
    const named = all(guide, /\b(goalkeeper_[a-z_]+)/g).map((name) =>
      name.replace(/_(bucket|sum|count)$/, ""),
    );
    const known = openMetrics().registry.getMetricsAsArray();
    expect(unique(named)).toEqual(
      unique(known.map(({ name }) => name).filter((name) => name.startsWith("goalkeeper_"))),
    );
  });

  test("in an alert chooses by what can be chosen", () => {
    const chosen = (label: string) => unique(all(guide, new RegExp(`\\b${label}="([^"]+)"`, "g")));
    expect(chosen("receiver").filter((id) => !receiverIds.some((known) => known === id))).toEqual([]);
    expect(chosen("route").filter((route) => !routes.some((known) => known === route))).toEqual([]);
    for (const id of chosen("function")) expect(read("README.md")).toContain(id);
  });

  test("of settings is of settings", () => {
    const named = unique(all(guide, /`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`/g));
    expect(named.filter((name) => !settingNames.has(name) && !name.startsWith("SOKETI_"))).toEqual([]);
  });
});

test("every setting has its line in .env.example, but what nobody is to set", () => {
  const inside = ["DEMO_DATA", "NODE_ENV"];
  expect(unique(all(read(".env.example"), /^([A-Z_]+)=/gm))).toEqual(
    unique([...settingNames].filter((name) => !inside.includes(name))),
  );
});

describe("the compose file", () => {
  const compose = read("compose.yaml");
  const example = read("deploy/example.env");
  const offered = Object.fromEntries(
    [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );

  test("asks for nothing that its example does not offer, and for all of it", () => {
    const used = [compose, read("deploy/Caddyfile").replaceAll("{$", "${")].join("\n");
    expect(unique(all(used, /(?<!\$)\$\{([A-Z_]+)/g))).toEqual(unique(Object.keys(offered)));
  });

  test("gives the app settings that it takes without a word, once the empty ones are filled in", () => {
    const block = /\n {2}app:\n[^]*?\n {4}environment:\n((?: {6}.*\n)+)/.exec(compose)?.[1] ?? "";
    const filled = (name: string) =>
      offered[name] || (name.endsWith("_DOMAIN") ? "studio.example.com" : "b1946ac92492d2347c6235b4d2611184");
    const settings = Object.fromEntries(
      [...block.matchAll(/^ {6}([A-Z_]+): "?(.*?)"?$/gm)].map(([, name = "", value = ""]) => [
        name,
        value.replaceAll(/\$\{([A-Z_]+)[^}]*\}/g, (_, variable: string) => filled(variable)),
      ]),
    );
    expect(Object.keys(settings).filter((name) => !settingNames.has(name))).toEqual([]);
    expect(checkSettings(settings)).toEqual({ local: new Set(), demo: false, warnings: [] });
  });
});
