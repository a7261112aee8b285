import { NotFound } from "#src/features/shell/broken.tsx";

export default function ConsoleNotFound() {
  return <NotFound />;
}
