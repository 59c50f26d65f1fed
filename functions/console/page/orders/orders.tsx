export const Orders = (_: { readonly id?: string; readonly sku?: string }) => <p>Orders</p>;
