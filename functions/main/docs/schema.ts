import { type Html, html, phrase } from './html.ts';

/** A part of the OpenAPI document. */
export type Node = Readonly<Record<string, unknown>>;

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member that should be a node: an empty one where it is not. */
export const nodeAt = (node: Node, name: string): Node => (isNode(node[name]) ? node[name] : {});

export const textAt = (node: Node, name: string): string => (typeof node[name] === 'string' ? node[name] : '');

export const listAt = (node: Node, name: string): readonly unknown[] => (Array.isArray(node[name]) ? node[name] : []);

/** A schema in words: `text`, `list of OrderRequest`, with links to those that have a name. */
export function typeOf(schema: Node): Html {
  const reference = textAt(schema, '$ref').split('/').at(-1);
  if (reference) return html`<a href="#schema-${reference}">${reference}</a>`;
  const branches = [...listAt(schema, 'anyOf'), ...listAt(schema, 'oneOf')].filter(isNode);
  if (branches.length > 0) return joined(branches.map(typeOf));
  if (schema.type === 'array') return html`list of ${typeOf(nodeAt(schema, 'items'))}`;
  const names = Array.isArray(schema.type) ? schema.type.map(String) : [String(schema.type ?? 'any')];
  const format = textAt(schema, 'format');
  return html`${names.join(' or ')}${format ? html` <small>${format}</small>` : null}`;
}

/** The members of an object, and of objects in it, as a nested list. */
export function members(schema: Node): Html {
  const object = objectIn(schema);
  if (!object) return html``;
  const required = listAt(object, 'required');
  const rows = Object.entries(nodeAt(object, 'properties')).map(([name, value]) => {
    const member = isNode(value) ? value : {};
    return html`<li>
      <code>${name}</code>${required.includes(name) ? html`<b title="required">*</b>` : null}
      <span class="type">${typeOf(member)}</span> ${constraints(member)} ${phrase(descriptionOf(member))}
      ${members(member)}
    </li>`;
  });
  return html`<ul class="members">${rows}</ul>`;
}

/** The object that a schema is, or is a list or an alternative of; named ones have a place of their own. */
function objectIn(schema: Node): Node | null {
  if (schema.$ref) return null;
  if (isNode(schema.properties)) return schema;
  if (isNode(schema.items)) return objectIn(schema.items);
  return [...listAt(schema, 'anyOf')].filter(isNode).map(objectIn).find(Boolean) ?? null;
}

function constraints(schema: Node): Html {
  const branch = listAt(schema, 'anyOf').filter(isNode)[0] ?? {};
  const names = [...listAt(schema, 'enum'), ...listAt(branch, 'enum')];
  const preset = schema.default;
  return html`${names.map((name) => html`<code class="value">${String(name)}</code> `)}${
    preset === undefined ? null : html`<small>default ${String(preset)}</small>`
  }`;
}

const descriptionOf = (schema: Node): string =>
  textAt(schema, 'description') || textAt(listAt(schema, 'anyOf').filter(isNode)[0] ?? {}, 'description');

const joined = (parts: readonly Html[]): Html =>
  html`${parts.map((part, index) => (index === 0 ? part : html` or ${part}`))}`;
