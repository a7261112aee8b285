import actions from "./zh-Hant/actions.json" with { type: "json" };
import audit from "./zh-Hant/audit.json" with { type: "json" };
import bulk from "./zh-Hant/bulk.json" with { type: "json" };
import common from "./zh-Hant/console.json" with { type: "json" };
import goal from "./zh-Hant/goal.json" with { type: "json" };
import goals from "./zh-Hant/goals.json" with { type: "json" };
import ledger from "./zh-Hant/ledger.json" with { type: "json" };
import overview from "./zh-Hant/overview.json" with { type: "json" };
import people from "./zh-Hant/people.json" with { type: "json" };

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
