import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { treeOf } from "#src/testing/trace-tree.ts";
import { refundDelay_s, startTraced, type TracedDecline } from "./support/traced.ts";

const page = fileURLToPath(new URL("../docs/trace.md", import.meta.url));

const tree = ({ eventId, spans }: TracedDecline) =>
  `Event \`${eventId}\`, ${spans.length} spans.\n\n\`\`\`\n  began     took\n${treeOf(spans).join("\n")}\n\`\`\`\n`;

/** Writes docs/trace.md: traces of real declines, as a collector gets them from the production build. */
const stack = await startTraced(() => undefined);
try {
  // The first one pays for what is loaded when it is first asked for.
  await stack.decline();
  const plain = await stack.decline();
  const killed = await stack.decline({ kill: true });
  await writeFile(
    page,
    `# A decline, from its request to its refund

Made by \`npm run trace\` on the local stack, ${refundDelay_s} s of \`REFUND_DELAY_SECONDS\`; not by hand. Each line is a span as a collector got it by OTLP over HTTP: when
it began and how long it took, in milliseconds, and what it belongs to. A span that only marks a moment takes no time. Why it is one trace without anything being handed
on: [decision 14](decisions/0014-a-trace-named-by-its-event.md).

## As it goes

${tree(plain)}
A function that sleeps, or waits for another, is called again afterwards: each call is a span of its own beneath the event that the function runs for.

## Killed on the way

The app was killed by SIGKILL while the refund slept, and started again. What the second process did is marked \`#2\`: it is the same trace, beneath the same spans, of which
it has never seen one.

${tree(killed)}`,
  );
} finally {
  await stack.close();
}
