import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { signIn } from "./support/accounts.ts";
import { stack, withDatabase } from "./support/stack.ts";
import { expect, test } from "./support/test.ts";

const app = fileURLToPath(new URL("../src/app", import.meta.url));

/** Everyone, and where they are sent from what is not theirs. */
const people = {
  anonymous: "/sign-in",
  "vic@example.com": "/me",
  "ada@example.com": "/studio",
  "mod@example.com": "/admin",
  "root@example.com": "/admin",
} as const;
type Person = keyof typeof people;

const moderators: readonly Person[] = ["mod@example.com", "root@example.com"];
/** Every page, by its folder, and who may open it. */
const pages: Readonly<Record<string, readonly Person[]>> = {
  "": [],
  "sign-in": ["anonymous"],
  studio: ["ada@example.com"],
  me: ["vic@example.com"],
  "me/receipts/[goal_id]": ["vic@example.com"],
  admin: moderators,
  "admin/audit": moderators,
  "admin/bulk": moderators,
  "admin/bulk/[bulk_id]": moderators,
  "admin/goals": moderators,
  "admin/goals/[goal_id]": moderators,
  "admin/ledger": moderators,
  "admin/sessions": moderators,
  "admin/sessions/[session_id]": moderators,
  "admin/users": moderators,
};

test("every page is in the table", () => {
  const folders = globSync("**/page.tsx", { cwd: app }).map((file) =>
    file.replaceAll(/\([\w-]+\)\//g, "").replace(/\/?page\.tsx$/, ""),
  );
  expect(Object.keys(pages).toSorted()).toEqual(folders.toSorted());
});

for (const person of Object.keys(people) as Person[])
  test(`${person} opens what is theirs, and is sent away from everything else`, async () => {
    const { app: url, database } = stack();
    const headers =
      person === "anonymous"
        ? {}
        : { cookie: `better-auth.session_token=${(await signIn(url, person)).slice("Bearer ".length)}` };
    const id = await withDatabase(database, async (db) =>
      String((await db.collection("goals").findOne())?._id),
    );
    for (const [page, allowed] of Object.entries(pages)) {
      const path = `/${page.replace(/\[\w+\]/, id)}`;
      const response = await fetch(`${url}${path}`, { headers, redirect: "manual" });
      const html = await response.text();
      // What is sent in parts is sent away by its last part.
      const sentBy = /http-equiv="refresh" content="\d+;url=([^"]+)"/.exec(html)?.[1];
      const sentTo = (response.headers.get("location") ?? sentBy)?.split("?")[0];
      if (allowed.includes(person)) expect([page, response.status, sentTo]).toEqual([page, 200, undefined]);
      else {
        // Who is signed in goes from the sign-in page to the start, and from there to the own page.
        const elsewhere = page === "sign-in" ? "/" : people[person];
        expect([page, sentTo]).toEqual([page, elsewhere]);
        // The frame around it knows who is asking, and nobody else.
        const known = new Set(html.match(/\b(ada|bea|vic|wen|xan|mod|root)@example\.com/g));
        expect([...known].filter((email) => email !== person)).toEqual([]);
        expect(html).not.toMatch(/\\?"amount\\?":\d/);
      }
    }
  });
