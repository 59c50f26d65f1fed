export const Stock = (_: { readonly id?: string; readonly sku?: string }) => <p>Stock</p>;
