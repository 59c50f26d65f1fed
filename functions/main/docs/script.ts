/** What the page does in the browser: it sends a form as the request that it describes, and shows the answer. */
export const script = String.raw`
const token = document.getElementById('token');
token.value = sessionStorage.getItem('token') ?? '';
token.addEventListener('input', () => sessionStorage.setItem('token', token.value));

document.addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const output = form.querySelector('output');
  output.replaceChildren(block('…'));
  try {
    const { url, init } = requestOf(form);
    const response = await fetch(url, init);
    output.replaceChildren(block(await textOf(response)));
  } catch (error) {
    output.replaceChildren(block(String(error)));
  }
});

function requestOf(form) {
  const { method, path, mediaType } = form.dataset;
  const headers = token.value ? { Authorization: 'Bearer ' + token.value.trim() } : {};
  const query = new URLSearchParams();
  let target = '.' + path;
  for (const input of form.querySelectorAll('input')) {
    if (input.dataset.in === 'path') target = target.replace('{' + input.name + '}', encodeURIComponent(input.value));
    if (input.value === '') continue;
    if (input.dataset.in === 'query') query.append(input.name, input.value);
    if (input.dataset.in === 'header') headers[input.name] = input.value;
  }
  const body = form.querySelector('textarea')?.value;
  if (body) headers['Content-Type'] = mediaType;
  const url = new URL(target, location.href);
  url.search = query;
  url.hash = '';
  return { url, init: { method, headers, ...(body ? { body } : {}) } };
}

async function textOf(response) {
  const text = await response.text();
  const head = [response.status + ' ' + response.statusText, ...[...response.headers].map(([name, value]) => name + ': ' + value)];
  return head.join('\n') + '\n\n' + pretty(text);
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

function block(text) {
  const pre = document.createElement('pre');
  pre.textContent = text;
  return pre;
}
`;
