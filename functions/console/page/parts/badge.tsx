import { inWords, statusTones } from '../words/status.ts';

export const Badge = ({ status }: { readonly status: string }) => (
  <span class={`badge ${statusTones[status] ?? 'plain'}`}>{inWords(status)}</span>
);
