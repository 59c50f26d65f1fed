import type { InventoryResponse, OrderResponse } from '@inventory/schemas';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../api/call.ts';
import { linkTo } from '../route.ts';

// Answers name orders and lots by id. People know them by their numbers, which are looked up once each, a few at a time.

type Known<Item> = { readonly items: Map<string, Item>; readonly asked: Map<string, Promise<Item | null>> };
const directory = <Item,>(): Known<Item> => ({ items: new Map(), asked: new Map() });
const orders = directory<OrderResponse>();
const lots = directory<InventoryResponse>();

/** What a list has shown needs no look-up. */
export const rememberOrders = (known: readonly OrderResponse[]): void => {
  for (const order of known) orders.items.set(order.id, order);
};
export const rememberLots = (known: readonly InventoryResponse[]): void => {
  for (const lot of known) lots.items.set(lot.id, lot);
};

export const useOrder = (id: string): OrderResponse | null => useKnown(orders, '/orders', id);
export const useLot = (id: string): InventoryResponse | null => useKnown(lots, '/inventories', id);

export function OrderName({ id }: { readonly id: string }) {
  const order = useOrder(id);
  return (
    <a href={linkTo.order(id)} class={order ? undefined : 'id'}>
      {order?.orderNumber ?? shortId(id)}
    </a>
  );
}

/** By the maker's number, else the receipt's, else its own. */
export function LotName({ id }: { readonly id: string }) {
  const lot = useLot(id);
  const name = lot?.lotNumber ?? lot?.receiptNumber;
  return (
    <span class={name ? undefined : 'id'} title={id}>
      {name ?? shortId(id)}
    </span>
  );
}

/** The end of an id tells lots of one import apart; its beginning is the time. */
export const shortId = (id: string): string => `…${id.slice(-8)}`;

function useKnown<Item>(known: Known<Item>, path: string, id: string): Item | null {
  const [, setFound] = useState<Item | null>(null);
  useEffect(() => {
    if (known.items.has(id)) return;
    let isShown = true;
    look(known, path, id).then((item) => isShown && setFound(() => item));
    return () => {
      isShown = false;
    };
  }, [known, path, id]);
  return known.items.get(id) ?? null;
}

function look<Item>(known: Known<Item>, path: string, id: string): Promise<Item | null> {
  const asked = known.asked.get(id) ?? inTurn(() => ask<Item>(`${path}/${id}`)).catch(() => null); // the id itself will do
  known.asked.set(id, asked);
  asked.then((item) => item !== null && known.items.set(id, item));
  return asked;
}

const AT_ONCE = 4;
const waitingTurns: (() => void)[] = [];
let running = 0;

async function inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waitingTurns.push(resolve));
  running++;
  try {
    return await act();
  } finally {
    running--;
    waitingTurns.shift()?.();
  }
}
