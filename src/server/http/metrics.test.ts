import { ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { receiverIds } from "#src/contract/receivers.ts";
import { declineGoal } from "../operations/decline-goal.ts";
import { refreshSummaries } from "../operations/console/summaries.ts";
import { createServices, type Services } from "../services.ts";
import { startTestApp, type TestApp } from "#src/testing/app.ts";
import { writeEndedGoals } from "#src/testing/ended-goals.ts";
import { untilSettled } from "#src/testing/endings.ts";
import { makeScene } from "#src/testing/scene.ts";
import { handleMetrics } from "./metrics.ts";

const METRICS_TOKEN = "a-token-for-metrics";

/** What is scraped, by the series' name and labels. */
async function scrape(services: Services): Promise<ReadonlyMap<string, number>> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const response = await handleMetrics(services, new Request("http://localhost:3000/metrics", { headers }));
  expect(response.status).toBe(200);
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]));
}

/** The services as another process that scrapes would have them: what is read is read anew. */
const anew = (services: Services, ahead_ms = 0): Services => ({
  ...services,
  clock: () => new Date(Date.now() + ahead_ms),
});

test("metrics are for who has their token", async () => {
  const app = await startTestApp({}, false);
  const ask = (authorization: string) =>
    handleMetrics(app.services, new Request("http://localhost:3000/metrics", { headers: { authorization } }));
  expect((await ask("")).status).toBe(401);
  expect((await ask("Bearer undefined")).status).toBe(401);
  await app.close();
});

describe("the metrics of an app that has ended a goal", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ METRICS_TOKEN });
    const scene = await makeScene(app.services, ["vic"]);
    const goalId = await scene.invite("vic");
    await declineGoal(app.services, { id: scene.streamerId, name: "", email: "", role: "streamer" }, goalId);
    await untilSettled(app.services, goalId);
    await refreshSummaries(app.services, [goalId]);
  });
  afterAll(() => app.close());

  test("count each receiver's run once, and time its calls", async () => {
    await vi.waitFor(async () => {
      const series = await scrape(app.services);
      for (const receiver of receiverIds) {
        const ends = ["done", "returned"].map(
          (status) =>
            series.get(`goalkeeper_receiver_runs_total{receiver="${receiver}",status="${status}"}`) ?? 0,
        );
        expect(Math.min(...ends)).toBe(0);
        expect(Math.max(...ends)).toBe(1);
        expect(series.get(`goalkeeper_receiver_seconds_count{receiver="${receiver}"}`)).toBeGreaterThan(0);
      }
    });
  });

  test("say how long events wait for their functions, and how late the refund was", async () => {
    const series = await scrape(app.services);
    for (const name of ["deactivate_goal", "track_goals", "escrow_refund"]) {
      expect(series.get(`goalkeeper_queue_lag_seconds_count{function="${name}"}`)).toBe(1);
    }
    expect(series.get("goalkeeper_refund_delay_seconds_count")).toBe(1);
    expect(series.get("goalkeeper_refund_delay_seconds_sum")).toBeLessThan(10);
  });

  test("say that nothing is due, nothing is missing, and everything answers", async () => {
    const series = await scrape(anew(app.services, 120_000));
    expect(series.get("goalkeeper_refund_oldest_due_age_seconds")).toBe(0);
    expect(series.get("goalkeeper_signals_missing")).toBe(0);
    for (const dependency of ["mongodb", "inngest", "pusher"])
      expect(series.get(`goalkeeper_dependency_up{dependency="${dependency}"}`)).toBe(1);
  });
});

describe("the gauges", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ METRICS_TOKEN }, false);
  });
  afterAll(() => app.close());

  test("say for how long the oldest refund has been due, but for those that are held back", async () => {
    const { services } = app;
    const { goalIds } = await writeEndedGoals(services, 2);
    const [held = "", due = ""] = goalIds;
    const summaries = services.db.driver.collection("goal_summaries");
    const dueSince = (goalId: string, ago_ms: number, fields: object) =>
      summaries.updateOne(
        { _id: new ObjectId(goalId) },
        { $set: { refund: "due", refund_due: new Date(Date.now() - ago_ms), ...fields } },
      );
    await dueSince(held, 900_000, { held_back: true });
    await dueSince(due, 100_000, {});
    const age = (await scrape(anew(services))).get("goalkeeper_refund_oldest_due_age_seconds");
    expect(age).toBeGreaterThanOrEqual(100);
    expect(age).toBeLessThan(200);
    await refreshSummaries(services, goalIds);
  });

  test("count goals that ended a minute ago and of which some receiver has not heard", async () => {
    const { services } = app;
    const missing = async (ahead_ms: number) =>
      (await scrape(anew(services, ahead_ms))).get("goalkeeper_signals_missing");
    const before = await missing(120_000);
    await writeEndedGoals(services, 3);
    expect(await missing(120_000)).toBe((before ?? 0) + 3);
    expect(await missing(0)).toBe(0);
  });

  test("are read once for whoever scrapes at the same moment", async () => {
    const services = anew(app.services);
    const [one, other] = await Promise.all([scrape(services), scrape(services)]);
    expect(one.get("goalkeeper_signals_missing")).toBe(other.get("goalkeeper_signals_missing"));
  });

  test("have no series where nothing can be read, and the other figures are told all the same", async () => {
    const away = createServices({
      ...app.services.settings,
      DATABASE_URL: "mongodb://127.0.0.1:9/away",
      PUSHER_HOST: "127.0.0.1",
      PUSHER_PORT: 9,
    });
    const began = performance.now();
    const series = await scrape(away);
    // Prometheus waits for ten seconds.
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(series.has("goalkeeper_refund_oldest_due_age_seconds")).toBe(false);
    expect(series.has("goalkeeper_signals_missing")).toBe(false);
    const up = ["mongodb", "inngest", "pusher"].map((name) =>
      series.get(`goalkeeper_dependency_up{dependency="${name}"}`),
    );
    expect(up).toEqual([0, 1, 0]);
    expect(series.has("process_cpu_seconds_total")).toBe(true);
    await away.close();
  });
});
