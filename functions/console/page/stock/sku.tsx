export const Sku = (_: { readonly id?: string; readonly sku?: string }) => <p>Sku</p>;
