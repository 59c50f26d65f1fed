export const Runs = (_: { readonly id?: string; readonly sku?: string }) => <p>Runs</p>;
