import type { Candidate } from '../answers.ts';
import { grouped, isZero, unitCost } from '../format/decimal.ts';
import { timeIn } from '../format/time.ts';
import { LotName, useLot } from '../parts/names.tsx';
import { settings } from '../settings.ts';
import { skippedWords } from '../words/reasons.ts';

/** Every lot that was considered for a line, in the order of the pick rule. */
export function Why({ candidates }: { readonly candidates: readonly Candidate[] }) {
  if (candidates.length === 0) return <p class="hint">There is no lot of this SKU at all.</p>;
  return (
    <table class="candidates" aria-label="Candidate lots">
      <thead>
        <tr>
          <th scope="col" class="number">
            Rank
          </th>
          <th scope="col">Lot</th>
          <th scope="col">Location</th>
          <th scope="col">Received</th>
          <th scope="col">Good until</th>
          <th scope="col" class="number">
            Unit cost
          </th>
          <th scope="col" class="number">
            Open
          </th>
          <th scope="col" class="number">
            Taken
          </th>
          <th scope="col">Decision</th>
        </tr>
      </thead>
      <tbody>
        {candidates.map((candidate) => (
          <CandidateRow key={candidate.inventoryId} candidate={candidate} />
        ))}
      </tbody>
    </table>
  );
}

function CandidateRow({
  candidate: { rank, inventoryId, available, taken, skipped },
}: {
  readonly candidate: Candidate;
}) {
  const lot = useLot(inventoryId);
  return (
    <tr class={isZero(taken) ? 'passed' : undefined}>
      <td class="number">{rank}</td>
      <td>
        <LotName id={inventoryId} />
      </td>
      <td>{lot?.location}</td>
      <td>{lot && timeIn(settings.timeZone, lot.receivedAt)}</td>
      <td>{lot && (lot.expiresOn ?? 'no expiry')}</td>
      <td class="number">{lot && unitCost(lot.unitCost, settings.currency.digits)}</td>
      <td class="number">{grouped(available)}</td>
      <td class="number">{grouped(taken)}</td>
      <td>{skipped ? skippedWords[skipped] : 'Taken'}</td>
    </tr>
  );
}
