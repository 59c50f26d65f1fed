/** Text that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Html[] | null | undefined;

/** A template whose values are escaped unless they are HTML themselves. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(strings.map((text, index) => text + rendered(parts[index])).join(''));

/** Prose with `code` between backticks, and paragraphs and lists as in Markdown. */
export function prose(text: string): Html {
  const blocks = text.split('\n\n').map((block) =>
    block.startsWith('- ')
      ? `<ul>${block
          .split('\n')
          .map((item) => `<li>${inline(item.slice(2))}</li>`)
          .join('')}</ul>`
      : `<p>${inline(block)}</p>`,
  );
  return new Html(blocks.join(''));
}

/** A phrase with `code` between backticks. */
export const phrase = (text: string): Html => new Html(inline(text));

const inline = (text: string) => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');

function rendered(part: Part): string {
  if (part === null || part === undefined) return '';
  if (part instanceof Html) return part.text;
  return typeof part === 'object' ? part.map(({ text }) => text).join('') : escaped(String(part));
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
