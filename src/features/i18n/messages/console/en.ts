import actions from "./en/actions.json" with { type: "json" };
import audit from "./en/audit.json" with { type: "json" };
import bulk from "./en/bulk.json" with { type: "json" };
import common from "./en/console.json" with { type: "json" };
import goal from "./en/goal.json" with { type: "json" };
import goals from "./en/goals.json" with { type: "json" };
import ledger from "./en/ledger.json" with { type: "json" };
import overview from "./en/overview.json" with { type: "json" };
import people from "./en/people.json" with { type: "json" };

/** The console's texts, a file a part: only its own pages are sent them. */
export const consoleTexts = {
  console_actions: actions,
  console_audit: audit,
  console_bulk: bulk,
  console: common,
  console_goal: goal,
  console_goals: goals,
  console_ledger: ledger,
  console_overview: overview,
  console_people: people,
};
