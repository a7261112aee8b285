import fc from "fast-check";
import type { GoalAction } from "#src/contract/console.ts";
import { receiverIds } from "#src/contract/receivers.ts";
import { type Act, perform } from "./perform.ts";
import { aRequest, goalsOf, type Stage, viewerNames } from "./stage.ts";
import type { Fault } from "./turns.ts";

const place = fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: 7 }));
const of = <const Kind extends string>(kind: Kind) => ({ kind: fc.constant(kind) });
const anyFault: fc.Arbitrary<Fault> = fc.record({
  name: fc.oneof(
    fc.constantFrom(aRequest, "deactivate_goal", "deactivate_goal", "escrow_refund", "expire_goals"),
    fc.constantFrom(...receiverIds.filter((id) => /escrow_refund|pairs|ended/.test(id))),
  ),
  // The first operations of a run are those that decide.
  after: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 14 })),
  fate: fc.constantFrom("refused", "unanswered", "dies", "dies"),
});
const anyAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ ...of("invite"), viewer: fc.constantFrom(...viewerNames), force: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      ...of("decline"),
      goal: place,
      by: fc.constantFrom("streamer", "streamer", "streamer", "stranger"),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom("agree", "agree", "pay_out"), goal: place }) },
  {
    weight: 7,
    arbitrary: fc.record({
      ...of("act"),
      goal: place,
      action: fc.constantFrom<GoalAction["kind"][]>(
        "retry",
        "resend_signal",
        "decline",
        "hold_refund",
        "hold_refund",
        "let_refund_go",
        "let_refund_go",
        "refund_now",
      ),
      request: fc.nat({ max: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ ...of("redeliver"), n: fc.nat({ max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ ...of("lose"), n: fc.nat({ max: 12 }) }) },
  { weight: 6, arbitrary: fc.record({ ...of("arm"), fault: anyFault }) },
  { weight: 1, arbitrary: fc.record(of("die")) },
  { weight: 3, arbitrary: fc.record({ ...of("pass"), seconds: fc.constantFrom(1, 61, 130, 360, 3_660) }) },
  { weight: 2, arbitrary: fc.record(of("rest")) },
);

/** How many turns pass before the next act: none, so that both begin at once; a few; or many. */
const anyTurns = fc.oneof(fc.constant(0), fc.nat({ max: 4 }), fc.nat({ max: 30 }), fc.nat({ max: 120 }));

const faultWords: Record<Fault["fate"], string> = {
  refused: "is refused the next",
  unanswered: "is not answered",
  dies: "dies",
};
const wordsOf = (act: Act): string => {
  switch (act.kind) {
    case "invite":
      return `${act.viewer} invites${act.force ? " all the same" : ""}`;
    case "decline":
      return `${act.by} declines #${act.goal}`;
    case "agree":
    case "pay_out":
      return `${act.kind} #${act.goal}`;
    case "act":
      return `${act.action} #${act.goal} by hand (request ${act.request})`;
    case "redeliver":
      return `event ${act.n} comes again`;
    case "lose":
      return `run ${act.n} is lost`;
    case "arm":
      return `after ${act.fault.after} operations ${act.fault.name} ${faultWords[act.fault.fate]}`;
    case "die":
      return "the process dies";
    case "pass":
      return `${act.seconds} s pass`;
    case "rest":
      return "all comes to rest";
  }
};

/** Every command that fast-check may draw: an act, and how far the world goes on before the next. */
export const anyCommand: fc.Arbitrary<fc.AsyncCommand<object, Stage>> = fc
  .record({ act: anyAct, turns: anyTurns })
  .map(({ act, turns }) => ({
    check: () => true,
    async run(_: object, stage: Stage) {
      await perform(stage, act);
      await stage.world.turns.some(turns);
      await goalsOf(stage);
    },
    toString: () => (act.kind === "rest" ? wordsOf(act) : `${wordsOf(act)}; ${turns} turns`),
  }));
