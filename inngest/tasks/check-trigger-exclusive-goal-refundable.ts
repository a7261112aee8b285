import { invoke } from "inngest";
import { checkRefundableInput } from "#src/contract/tasks.ts";
import { checkRefundable } from "#src/server/operations/escrow.ts";
import { readInput, type Task } from "./task.ts";

/** "Trigger task check_trigger_exclusive_goal_refundable": reads, changes nothing. */
export const checkTriggerExclusiveGoalRefundable: Task = (services) =>
  services.inngest.createFunction(
    { id: "check_trigger_exclusive_goal_refundable", retries: 20, triggers: [invoke(checkRefundableInput)] },
    ({ event }) => checkRefundable(services, readInput(checkRefundableInput, event.data).goal_id),
  );
