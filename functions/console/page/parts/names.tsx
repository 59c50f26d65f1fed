import type { InventoryResponse, OrderResponse } from '@inventory/schemas';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../api/call.ts';
import { linkTo } from '../route.ts';
import { useSeen } from './use-seen.ts';

// Answers name orders and lots by id. People know them by their numbers, which are looked up once each, a few at a time.

type Known<Item> = { readonly items: Map<string, Item>; readonly asked: Map<string, Promise<Item>> };
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

/** Null until it is known; it is looked up when it is wanted. */
export const useOrder = (id: string, isWanted = true): OrderResponse | null =>
  useKnown(orders, '/orders', id, isWanted);
export const useLot = (id: string, isWanted = true): InventoryResponse | null =>
  useKnown(lots, '/inventories', id, isWanted);

export function OrderName({ id }: { readonly id: string }) {
  const [ref, isSeen] = useSeen<HTMLAnchorElement>();
  const order = useOrder(id, isSeen);
  return (
    <a ref={ref} href={linkTo.order(id)} class={order ? undefined : 'id'}>
      {order?.orderNumber ?? shortId(id)}
    </a>
  );
}

/** By the maker's number, else the receipt's, else its own. */
export function LotName({ id }: { readonly id: string }) {
  const [ref, isSeen] = useSeen<HTMLSpanElement>();
  const lot = useLot(id, isSeen);
  const name = lot?.lotNumber ?? lot?.receiptNumber;
  return (
    <span ref={ref} class={name ? undefined : 'id'} title={id}>
      {name ?? shortId(id)}
    </span>
  );
}

/** The end of an id tells lots of one import apart; its beginning is the time. */
export const shortId = (id: string): string => `…${id.slice(-8)}`;

function useKnown<Item>(known: Known<Item>, path: string, id: string, isWanted: boolean): Item | null {
  const [, setFound] = useState<Item | null>(null);
  useEffect(() => {
    if (!isWanted || known.items.has(id)) return;
    let isShown = true;
    look(known, path, id).then((item) => isShown && setFound(() => item));
    return () => {
      isShown = false;
    };
  }, [known, path, id, isWanted]);
  return known.items.get(id) ?? null;
}

function look<Item>(known: Known<Item>, path: string, id: string): Promise<Item | null> {
  const asked = known.asked.get(id) ?? inTurn(() => ask<Item>(`${path}/${id}`));
  known.asked.set(id, asked);
  return asked.then(
    (item) => {
      known.items.set(id, item);
      return item;
    },
    () => {
      known.asked.delete(id); // the id itself will do; who looks next asks again
      return null;
    },
  );
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
