import { NotFound } from "#src/features/shell/broken.tsx";

export default function SignedInNotFound() {
  return <NotFound />;
}
