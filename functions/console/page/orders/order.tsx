export const Order = (_: { readonly id?: string; readonly sku?: string }) => <p>Order</p>;
