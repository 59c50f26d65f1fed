import { type Html, html, prose } from './html.ts';
import { type Operation, operationSection } from './operation.ts';
import { isNode, listAt, members, type Node, nodeAt, textAt } from './schema.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/** The whole API as one page of HTML, which loads nothing but itself. */
export function docsPage(document: Node): string {
  const info = nodeAt(document, 'info');
  const operations = operationsOf(document);
  const tags = listAt(document, 'tags').filter(isNode);
  const byTag = tags.map((tag) => ({
    tag,
    operations: operations.filter(({ node }) => listAt(node, 'tags').includes(tag.name)),
  }));
  const page = html`
<header><h1>${textAt(info, 'title')}</h1><p>${textAt(info, 'summary')}</p>
  <p><small>Release ${textAt(info, 'version')} · <a href="openapi.json">openapi.json</a></small></p>
  <label>Token <input id="token" type="password" placeholder="A bearer token: it is sent with every call below" autocomplete="off"></label>
</header>
<nav>${byTag.map(({ tag, operations: of }) => html`<h2>${textAt(tag, 'name')}</h2><ul>${of.map(link)}</ul>`)}
  <h2>More</h2><ul><li><a href="#errors">Errors</a></li><li><a href="#schemas">Schemas</a></li></ul></nav>
<main>
  <section>${prose(textAt(info, 'description'))}
  ${prose(textAt(nodeAt(nodeAt(nodeAt(document, 'components'), 'securitySchemes'), 'bearer'), 'description'))}</section>
  ${byTag.map(
    ({ tag, operations: of }) => html`<section><h2>${textAt(tag, 'name')}</h2><p>${textAt(tag, 'description')}</p>
  ${of.map((operation) => operationSection(operation, document))}</section>`,
  )}
  ${errorsSection(document)}
  ${schemasSection(document)}
</main>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${textAt(info, 'title')}: API</title><style>${style}</style></head><body>${page.text}<script>${script}</script></body></html>`;
}

function operationsOf(document: Node): Operation[] {
  return Object.entries(nodeAt(document, 'paths')).flatMap(([path, methods]) =>
    Object.entries(isNode(methods) ? methods : {}).map(([method, node]) => ({
      path,
      method,
      node: isNode(node) ? node : {},
    })),
  );
}

const link = ({ method, path, node }: Operation): Html =>
  html`<li><a href="#${textAt(node, 'operationId')}" title="${textAt(node, 'summary')}"><span class="method ${method}">${method.toUpperCase()}</span> ${path}</a></li>`;

/** The `type` of every problem leads here. */
function errorsSection(document: Node): Html {
  const examples = Object.entries(nodeAt(nodeAt(document, 'components'), 'examples'));
  return html`<section id="errors"><h2>Errors</h2><ul class="members">${examples.map(([code, example]) => {
    const value = isNode(example) ? nodeAt(example, 'value') : {};
    return html`<li id="${code}"><code>${code}</code> <span class="type">${String(value.status)}</span> ${textAt(value, 'title')}.</li>`;
  })}</ul></section>`;
}

function schemasSection(document: Node): Html {
  const schemas = Object.entries(nodeAt(nodeAt(document, 'components'), 'schemas'));
  return html`<section id="schemas"><h2>Schemas</h2>${schemas.map(
    ([name, schema]) =>
      html`<article id="schema-${name}"><h3>${name}</h3>${isNode(schema) ? members(schema) : null}</article>`,
  )}</section>`;
}
