import { NonRetriableError } from "inngest";
import { goalDeactivate, goalEnded, goalEndedId } from "#src/contract/events.ts";
import { recordDeactivation } from "#src/server/data/deactivation-runs.ts";
import { endGoalOnce, type EndRequest, setCooldown, signalOf } from "#src/server/operations/end-goal.ts";
import { readInput, type Task, tellsStepsTogether } from "./task.ts";

/**
 * "Task deactivate_goal": ends the goal that matches, gives a declined one its cooldown, sends the signal `goal.ended`. Three
 * steps, so that a failure of one is tried again from there; after a crash they run again, and each finds its own work. A goal that
 * does not match ends the task quietly (readings, 2).
 */
export const deactivateGoal: Task = (services) =>
  services.inngest.createFunction(
    {
      id: "deactivate_goal",
      retries: 20,
      ...tellsStepsTogether,
      // A live decline, whose metadata is none, goes before what ended by the clock in the last ten minutes.
      priority: { run: "event.data.metadata == null ? 600 : 0" },
      triggers: [goalDeactivate],
    },
    async ({ event, step, runId }) => {
      const entered = services.clock();
      const { goal_id, filters, triggerer, metadata } = readInput(goalDeactivate.schema, event.data);
      if (event.id === undefined)
        throw new NonRetriableError("The event has no id to recognise its work by.");
      const request: EndRequest = {
        goalId: goal_id,
        streamerId: filters.metadata__user_id,
        triggerer,
        eventId: event.id,
        metadata,
      };

      const goal = await step.run("end the goal", () => endGoalOnce(services, request));
      if (goal === null) return { ended: false };
      const cooldown = await step.run("set the cooldown", () => setCooldown(services, goal));
      const signal = signalOf(goal, request, cooldown);
      await step.sendEvent(
        "send the signal",
        goalEnded.create(signal, { id: goalEndedId(goal_id, request.eventId) }),
      );
      services.log.info(
        { event_id: event.id, reason: goal.reason },
        "a goal has ended, and its signal is sent",
      );
      // For the goal's timeline alone: what is lost here costs it its first bars, and must not fail what is done. A
      // task that was resumed is entered again after its first write, and then has begun no later than that.
      try {
        await recordDeactivation(services.db, goal_id, {
          event_id: request.eventId,
          run_id: runId,
          requested: event.ts === undefined ? entered : new Date(event.ts),
          started: new Date(Math.min(entered.getTime(), Date.parse(goal.endedAt))),
          signalled: services.clock(),
        });
      } catch (error) {
        services.log.warn({ err: error, goal_id }, "when the goal was ended was not recorded");
      }
      return { ended: true };
    },
  );
