-- The first allocation: orders, lots, positions, runs, results, the ledger.
-- Quantities are numeric(…,6), money is bigint in minor units, times are UTC to the millisecond. Keys that are compared
-- as text sort by code point (COLLATE "C"), as the core does. CHECKs repeat the invariants of the core.

CREATE TABLE "positions" (
  "sku" text COLLATE "C" NOT NULL,
  "version" bigint NOT NULL DEFAULT 1,
  "pool_quantity" numeric(24,6) NOT NULL,
  "pool_value" bigint NOT NULL,
  CONSTRAINT "positions_pkey" PRIMARY KEY ("sku"),
  CONSTRAINT "positions_pool_not_negative" CHECK ("pool_quantity" >= 0 AND "pool_value" >= 0),
  CONSTRAINT "positions_empty_is_worth_nothing" CHECK ("pool_quantity" > 0 OR "pool_value" = 0)
) WITH (fillfactor = 50);

CREATE TABLE "orders" (
  "id" uuid NOT NULL,
  "order_number" text COLLATE "C" NOT NULL,
  "customer_id" text,
  "priority" smallint NOT NULL,
  "ordered_at" timestamptz(3) NOT NULL,
  "requested_ship_date" date,
  -- Totals of the lines, so that the status needs no join.
  "quantity" numeric(24,6) NOT NULL,
  "cancelled_quantity" numeric(24,6) NOT NULL DEFAULT 0,
  "allocated_quantity" numeric(24,6) NOT NULL DEFAULT 0,
  "shipped_quantity" numeric(24,6) NOT NULL DEFAULT 0,
  "open_quantity" numeric(24,6) NOT NULL
    GENERATED ALWAYS AS ("quantity" - "cancelled_quantity" - "allocated_quantity" - "shipped_quantity") STORED,
  "status" text NOT NULL GENERATED ALWAYS AS (
    CASE
      WHEN "quantity" = "cancelled_quantity" THEN 'CANCELLED'
      WHEN "shipped_quantity" = "quantity" - "cancelled_quantity" THEN 'SHIPPED'
      WHEN "shipped_quantity" > 0 THEN 'PARTIALLY_SHIPPED'
      WHEN "allocated_quantity" = "quantity" - "cancelled_quantity" THEN 'ALLOCATED'
      WHEN "allocated_quantity" > 0 THEN 'PARTIALLY_ALLOCATED'
      ELSE 'OPEN'
    END) STORED,
  -- The caller's version moves with what the caller may change; the revision with every change.
  "version" integer NOT NULL DEFAULT 1,
  "revision" bigint NOT NULL DEFAULT 1,
  "created_at" timestamptz(3) NOT NULL,
  "created_by" text NOT NULL,
  CONSTRAINT "orders_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "orders_priority_1_to_9" CHECK ("priority" BETWEEN 1 AND 9),
  CONSTRAINT "orders_counters" CHECK (
    "quantity" > 0 AND "cancelled_quantity" >= 0 AND "allocated_quantity" >= 0 AND "shipped_quantity" >= 0
    AND "cancelled_quantity" + "allocated_quantity" + "shipped_quantity" <= "quantity")
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX "orders_order_number_key" ON "orders" ("order_number");
CREATE INDEX "orders_customer_id_idx" ON "orders" ("customer_id", "id");
CREATE INDEX "orders_open_idx" ON "orders" ("id") WHERE "open_quantity" > 0;

CREATE TABLE "order_lines" (
  "id" uuid NOT NULL,
  "order_id" uuid NOT NULL,
  "line_number" integer NOT NULL,
  "sku" text COLLATE "C" NOT NULL,
  "quantity" numeric(18,6) NOT NULL,
  "min_shelf_life_days" integer,
  -- For SPECIFIC: [{"inventoryId", "quantity"}].
  "picks" jsonb,
  "reservation_id" uuid,
  "cancelled_quantity" numeric(18,6) NOT NULL DEFAULT 0,
  "allocated_quantity" numeric(18,6) NOT NULL DEFAULT 0,
  "shipped_quantity" numeric(18,6) NOT NULL DEFAULT 0,
  CONSTRAINT "order_lines_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "order_lines_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders" ("id"),
  CONSTRAINT "order_lines_counters" CHECK (
    "quantity" > 0 AND "cancelled_quantity" >= 0 AND "allocated_quantity" >= 0 AND "shipped_quantity" >= 0
    AND "cancelled_quantity" + "allocated_quantity" + "shipped_quantity" <= "quantity")
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX "order_lines_order_id_line_number_key" ON "order_lines" ("order_id", "line_number");
CREATE INDEX "order_lines_sku_idx" ON "order_lines" ("sku", "order_id");
-- A reservation serves one line, for ever.
CREATE UNIQUE INDEX "order_lines_reservation_id_key" ON "order_lines" ("reservation_id") WHERE "reservation_id" IS NOT NULL;

CREATE TABLE "inventories" (
  "id" uuid NOT NULL,
  "lot_sequence" bigint NOT NULL,
  "receipt_number" text COLLATE "C",
  "sku" text COLLATE "C" NOT NULL,
  "lot_number" text,
  "location" text COLLATE "C" NOT NULL,
  "quantity" numeric(18,6) NOT NULL,
  -- As received; of a lot given by total cost: total cost ÷ quantity.
  "unit_cost" numeric(18,6) NOT NULL,
  "total_cost" bigint,
  "received_at" timestamptz(3) NOT NULL,
  "expires_on" date,
  "status" text NOT NULL,
  "remaining_quantity" numeric(18,6) NOT NULL,
  "allocated_quantity" numeric(18,6) NOT NULL DEFAULT 0,
  -- Value of what is not allocated.
  "open_value" bigint NOT NULL,
  "return_of" uuid,
  "version" integer NOT NULL DEFAULT 1,
  "created_at" timestamptz(3) NOT NULL,
  "created_by" text NOT NULL,
  CONSTRAINT "inventories_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "inventories_status" CHECK ("status" IN ('AVAILABLE', 'ON_HOLD')),
  CONSTRAINT "inventories_received" CHECK ("quantity" > 0 AND "unit_cost" >= 0),
  CONSTRAINT "inventories_never_oversold" CHECK (
    "allocated_quantity" >= 0 AND "allocated_quantity" <= "remaining_quantity"),
  CONSTRAINT "inventories_value_not_negative" CHECK ("open_value" >= 0),
  CONSTRAINT "inventories_empty_is_worth_nothing" CHECK (
    "remaining_quantity" > "allocated_quantity" OR "open_value" = 0)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX "inventories_receipt_number_key" ON "inventories" ("receipt_number");
CREATE INDEX "inventories_sku_idx" ON "inventories" ("sku", "id");
-- What an allocation reads: lots that have something open or allocated.
CREATE INDEX "inventories_stocked_idx" ON "inventories" ("sku") WHERE "remaining_quantity" > 0;

CREATE TABLE "reservations" (
  "id" uuid NOT NULL,
  "sku" text COLLATE "C" NOT NULL,
  "location" text COLLATE "C",
  "quantity" numeric(18,6) NOT NULL,
  "owner" text NOT NULL,
  "expires_at" timestamptz(3) NOT NULL,
  -- EXPIRED is judged when read.
  "status" text NOT NULL,
  "created_at" timestamptz(3) NOT NULL,
  "created_by" text NOT NULL,
  CONSTRAINT "reservations_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "reservations_status" CHECK ("status" IN ('ACTIVE', 'CONVERTED', 'RELEASED')),
  CONSTRAINT "reservations_quantity" CHECK ("quantity" > 0)
);
CREATE INDEX "reservations_active_idx" ON "reservations" ("sku") WHERE "status" = 'ACTIVE';

CREATE TABLE "costing_periods" (
  "period" text COLLATE "C" NOT NULL,
  "status" text NOT NULL,
  "closed_at" timestamptz(3),
  CONSTRAINT "costing_periods_pkey" PRIMARY KEY ("period"),
  CONSTRAINT "costing_periods_status" CHECK ("status" IN ('OPEN', 'CLOSED')),
  CONSTRAINT "costing_periods_month" CHECK ("period" ~ '^\d{4}-(0[1-9]|1[0-2])$')
);

CREATE TABLE "allocation_runs" (
  "id" uuid NOT NULL,
  "status" text NOT NULL,
  "allocation_method" text NOT NULL,
  "pick" text NOT NULL,
  "cost" text NOT NULL,
  "sequence" text NOT NULL,
  "fulfilment" text NOT NULL,
  "as_of" timestamptz(3) NOT NULL,
  "requested_quantity" numeric(24,6) NOT NULL DEFAULT 0,
  "allocated_quantity" numeric(24,6) NOT NULL DEFAULT 0,
  "cost_amount" bigint NOT NULL DEFAULT 0,
  -- Progress of a large run; null for one that was answered at once.
  "slices_applied" integer,
  "slices_total" integer,
  -- Why a large run has FAILED: {"code", "detail"}.
  "failure" text,
  "created_at" timestamptz(3) NOT NULL,
  "created_by" text NOT NULL,
  CONSTRAINT "allocation_runs_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "allocation_runs_status" CHECK ("status" IN ('PENDING', 'RUNNING', 'COMMITTED', 'FAILED'))
);

-- What may be larger than the 64 KB that a row may have on its way back: base64 of gzip, in pieces.
CREATE TABLE "allocation_run_documents" (
  "run_id" uuid NOT NULL,
  "kind" text NOT NULL,
  "chunk_number" integer NOT NULL,
  "data" text NOT NULL,
  CONSTRAINT "allocation_run_documents_pkey" PRIMARY KEY ("run_id", "kind", "chunk_number"),
  CONSTRAINT "allocation_run_documents_kind" CHECK ("kind" IN ('REQUEST', 'EXPLANATION'))
);

-- One row per applied slice of a large run: a slice that is sent again, since its reply was lost, finds its row and
-- writes nothing.
CREATE TABLE "allocation_run_slices" (
  "run_id" uuid NOT NULL,
  "slice_id" uuid NOT NULL,
  -- SKUs of which the slice wrote the last line: a resumed run leaves them out.
  "skus" text[] NOT NULL,
  CONSTRAINT "allocation_run_slices_pkey" PRIMARY KEY ("run_id", "slice_id")
);

CREATE TABLE "shortages" (
  "run_id" uuid NOT NULL,
  -- Place in the run: the order in which the lines were served.
  "ordinal" integer NOT NULL,
  "order_id" uuid NOT NULL,
  "line_number" integer NOT NULL,
  "requested_quantity" numeric(18,6) NOT NULL,
  "allocated_quantity" numeric(18,6) NOT NULL,
  -- [[code, quantity], …]
  "reasons" text NOT NULL,
  CONSTRAINT "shortages_pkey" PRIMARY KEY ("run_id", "order_id", "line_number")
);

-- No foreign keys here and on movements: both are written by one statement and checked by /integrity (2.5x faster).
CREATE TABLE "allocation_results" (
  "id" uuid NOT NULL,
  "run_id" uuid NOT NULL,
  "order_id" uuid NOT NULL,
  "order_line_id" uuid NOT NULL,
  "line_number" integer NOT NULL,
  "inventory_id" uuid NOT NULL,
  "sku" text COLLATE "C" NOT NULL,
  "location" text COLLATE "C" NOT NULL,
  "quantity" numeric(18,6) NOT NULL,
  "lot_unit_cost" numeric(18,6) NOT NULL,
  "cost_amount" bigint NOT NULL,
  "costing" text NOT NULL,
  "status" text NOT NULL,
  "as_of" timestamptz(3) NOT NULL,
  "created_at" timestamptz(3) NOT NULL,
  "shipped_at" timestamptz(3),
  "released_at" timestamptz(3),
  -- The row that this one was split from by a partial ship or release.
  "split_from" uuid,
  CONSTRAINT "allocation_results_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "allocation_results_status" CHECK ("status" IN ('ALLOCATED', 'SHIPPED', 'RELEASED')),
  CONSTRAINT "allocation_results_costing" CHECK ("costing" IN ('PROVISIONAL', 'FINAL')),
  CONSTRAINT "allocation_results_amounts" CHECK ("quantity" > 0 AND "cost_amount" >= 0)
) WITH (fillfactor = 90);
CREATE INDEX "allocation_results_run_id_idx" ON "allocation_results" ("run_id", "id");
CREATE INDEX "allocation_results_order_id_idx" ON "allocation_results" ("order_id", "id");
CREATE INDEX "allocation_results_inventory_id_idx" ON "allocation_results" ("inventory_id", "id");
CREATE INDEX "allocation_results_sku_idx" ON "allocation_results" ("sku", "id");

CREATE TABLE "movements" (
  "entry_number" bigint GENERATED ALWAYS AS IDENTITY,
  "kind" text NOT NULL,
  "sku" text COLLATE "C" NOT NULL,
  "inventory_id" uuid,
  "quantity_delta" numeric(18,6) NOT NULL,
  "value_delta" bigint NOT NULL,
  "reference" uuid,
  "actor" text NOT NULL,
  "at" timestamptz(3) NOT NULL,
  "effective_at" timestamptz(3) NOT NULL,
  -- Entry numbers are handed out before commit, in any order; the change feed goes by the transaction.
  "transaction_id" xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT "movements_pkey" PRIMARY KEY ("entry_number"),
  CONSTRAINT "movements_kind" CHECK ("kind" IN ('RECEIPT', 'RETURN', 'ADJUST', 'TRANSFER', 'HOLD', 'UNHOLD', 'RESERVE',
    'UNRESERVE', 'ALLOCATE', 'RELEASE', 'SHIP', 'REVALUE', 'VARIANCE'))
);
CREATE INDEX "movements_feed_idx" ON "movements" ("transaction_id", "entry_number");
CREATE INDEX "movements_sku_idx" ON "movements" ("sku", "entry_number");
CREATE INDEX "movements_inventory_id_idx" ON "movements" ("inventory_id", "entry_number");

-- Answers for requests that are sent again, in chunks of at most 48 KB; chunk 0 is the key and decides every race.
CREATE TABLE "idempotency_keys" (
  "key" text COLLATE "C" NOT NULL,
  "chunk_number" integer NOT NULL,
  "chunk_count" integer NOT NULL,
  "request_hash" text NOT NULL,
  "status" smallint NOT NULL,
  "headers" text NOT NULL,
  "data" text NOT NULL,
  "created_at" timestamptz(3) NOT NULL,
  CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("key", "chunk_number")
);
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys" ("created_at");

-- The role that the application logs in as. It is shared by all databases of a server, so it may exist. A function
-- that dies must not hold its locks for long; the ledger can only grow.
DO $$
BEGIN
  CREATE ROLE "inventory_application" LOGIN;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
ALTER ROLE "inventory_application" SET "idle_in_transaction_session_timeout" = '15s';
ALTER ROLE "inventory_application" SET "lock_timeout" = '20s';
ALTER ROLE "inventory_application" SET "statement_timeout" = '40s';
-- Statements are planned anew for each call and run for milliseconds: compiling them costs more than it gives.
ALTER ROLE "inventory_application" SET "jit" = off;
GRANT USAGE ON SCHEMA "public" TO "inventory_application";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "public" TO "inventory_application";
REVOKE UPDATE, DELETE ON "movements" FROM "inventory_application";
