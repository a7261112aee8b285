import "./require-node.js";
import { environment } from "#src/config/env.ts";
import { agree } from "#src/server/operations/agree.ts";
import { invite } from "#src/server/operations/invite.ts";
import { createServices } from "#src/server/services.ts";
import { runCommand } from "./command.ts";
import { inviteArguments } from "./invite-arguments.ts";
import { runningStack } from "./running-stack.ts";

const usage = `Usage: npm run invite -- --streamer <email> --viewer <email> [--amount 1200] [--minutes 10] [--force]
       npm run invite -- --agree <goal_id>
Adds an invitation the way the platform does. The last line says which: {"goal_id":"…"}.
  --amount   what the viewer prepays, in whole minor units
  --minutes  how long it stands, and how long a show it prepays; fractions allowed
  --force    invite although one is pending or the pair is in cooldown, and replace it
  --agree    agree to a pending invitation instead, the way the platform does; the money stays held`;

/** `npm run invite`: what the platform does that nobody here can. */
await runCommand(usage, async () => {
  const asked = inviteArguments(process.argv.slice(2));
  const { settings } = runningStack(environment());
  const services = createServices(settings);
  try {
    const answer = "agree" in asked ? await agree(services, asked.agree) : await invite(services, asked);
    return "refused" in answer ? answer : { done: JSON.stringify({ goal_id: answer.goal_id }) };
  } finally {
    await services.close();
  }
});
