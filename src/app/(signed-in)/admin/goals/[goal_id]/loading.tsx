import { Loading } from "#src/features/shell/states.tsx";

export default function GoalLoading() {
  return <Loading rows={4} />;
}
