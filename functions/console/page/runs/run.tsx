export const Run = (_: { readonly id?: string; readonly sku?: string }) => <p>Run</p>;
