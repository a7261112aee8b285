import { Loading } from "#src/features/shell/states.tsx";

export default function ReceiptLoading() {
  return <Loading rows={1} height={560} />;
}
