import { type Html, html, prose } from './html.ts';
import { isNode, listAt, members, type Node, nodeAt, textAt, typeOf } from './schema.ts';

export type Operation = { readonly path: string; readonly method: string; readonly node: Node };

/** Everything about a route: what it does, takes and answers, and a form to try it. */
export function operationSection({ path, method, node }: Operation, document: Node): Html {
  const parameters = listAt(node, 'parameters')
    .filter(isNode)
    .map((parameter) => resolved(parameter, document));
  const contents = Object.entries(nodeAt(nodeAt(node, 'requestBody'), 'content'));
  return html`
<article id="${textAt(node, 'operationId')}">
  <h3><span class="method ${method}">${method.toUpperCase()}</span> <code>${path}</code></h3>
  <p class="summary">${textAt(node, 'summary')}</p>
  ${prose(textAt(node, 'description'))}
  <p class="scopes">${scopesOf(node)}</p>
  ${parameters.length > 0 ? html`<h4>Parameters</h4><ul class="members">${parameters.map(parameterRow)}</ul>` : null}
  ${contents.map(([mediaType, content]) => bodySection(mediaType, isNode(content) ? content : {}))}
  <h4>Answers</h4>
  ${Object.entries(nodeAt(node, 'responses')).map(([status, response]) => answerSection(status, isNode(response) ? response : {}))}
  ${tryIt({ path, method, node }, parameters, contents)}
</article>`;
}

function scopesOf(node: Node): Html {
  const scopes = listAt(node, 'security')
    .filter(isNode)
    .flatMap((requirement) => listAt(requirement, 'bearer'));
  if (listAt(node, 'security').length === 0) return html`Open to everyone`;
  if (scopes.length === 0) return html`Any valid token`;
  return html`Scope ${scopes.map((scope, index) => html`${index > 0 ? ' or ' : ''}<code>${String(scope)}</code>`)}`;
}

const parameterRow = (parameter: Node): Html => {
  const schema = nodeAt(parameter, 'schema');
  const names = listAt(schema, 'enum').map((name) => html`<code class="value">${String(name)}</code> `);
  return html`<li>
    <code>${textAt(parameter, 'name')}</code>${parameter.required === true ? html`<b title="required">*</b>` : null}
    <span class="type">${textAt(parameter, 'in')}, ${typeOf(schema)}</span> ${names} ${prose(textAt(parameter, 'description'))}
  </li>`;
};

const bodySection = (mediaType: string, content: Node): Html => {
  const schema = nodeAt(content, 'schema');
  return html`<h4>Body <small>${mediaType}</small></h4>
  <p class="type">${typeOf(schema)} ${textAt(schema, 'description')}</p>${members(schema)}
  ${Object.entries(nodeAt(content, 'examples')).map(
    ([name, example]) =>
      html`<details><summary>Example: ${name}</summary><pre>${printed(isNode(example) ? example.value : null)}</pre></details>`,
  )}`;
};

function answerSection(status: string, response: Node): Html {
  const content = nodeAt(nodeAt(response, 'content'), 'application/json');
  const schema = nodeAt(content, 'schema');
  const hasBody = Object.keys(schema).length > 0;
  return html`<details>
    <summary><span class="status s${status[0] ?? ''}">${status}</span> ${prose(textAt(response, 'description'))}</summary>
    ${hasBody ? html`<p class="type">${typeOf(schema)}</p>${members(schema)}` : null}
    ${content.example === undefined ? null : html`<pre>${printed(content.example)}</pre>`}
  </details>`;
}

function tryIt(
  { path, method, node }: Operation,
  parameters: readonly Node[],
  contents: readonly [string, unknown][],
): Html {
  const [mediaType, content] = contents[0] ?? [];
  const example = isNode(content) ? Object.values(nodeAt(content, 'examples')).filter(isNode)[0]?.value : undefined;
  return html`<details class="try"><summary>Try it</summary>
  <form data-method="${method.toUpperCase()}" data-path="${path}" data-media-type="${mediaType ?? ''}">
    ${parameters.map(
      (parameter) => html`<label>${textAt(parameter, 'name')}
      <input name="${textAt(parameter, 'name')}" data-in="${textAt(parameter, 'in')}" autocomplete="off" ${
        parameter.in === 'path' ? html`required` : null
      }></label>`,
    )}
    ${contents.length > 0 ? html`<label>Body<textarea rows="8" spellcheck="false">${printed(example)}</textarea></label>` : null}
    <button>Send ${textAt(node, 'operationId')}</button>
    <output></output>
  </form></details>`;
}

const printed = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? {}, null, 2));

function resolved(node: Node, document: Node): Node {
  const reference = textAt(node, '$ref');
  if (!reference) return node;
  return reference.slice(2).split('/').reduce(nodeAt, document);
}
