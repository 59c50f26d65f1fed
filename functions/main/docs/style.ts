/** The look of the page; light or dark as the reader's system is. */
export const style = `
:root { color-scheme: light dark; --ink: light-dark(#1c2430, #e6e9ef); --soft: light-dark(#5b6675, #9aa6b8);
  --line: light-dark(#e1e5eb, #2c3442); --paper: light-dark(#fff, #12161d); --card: light-dark(#f7f8fa, #1a202a);
  --accent: light-dark(#0b62d6, #6aa9ff); --get: #0b7a53; --post: #0b62d6; --patch: #9a6700; --bad: light-dark(#c0362c, #ff8a80);
  --good: light-dark(#0b7a53, #5ddba6) }
* { box-sizing: border-box }
html { scroll-padding-top: 1rem }
body { margin: 0; font: 15px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  display: grid; grid-template: auto 1fr / 19rem minmax(0, 1fr) }
header { grid-column: 1 / -1; padding: 1.4rem 2rem; border-bottom: 1px solid var(--line) }
header h1 { margin: 0 } header p { margin: .2rem 0; color: var(--soft) } header label { display: block; max-width: 40rem }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; padding: 1rem 1.2rem; font-size: 13px }
nav h2 { font-size: 12px; text-transform: uppercase; letter-spacing: .06em; color: var(--soft); margin: 1rem 0 .3rem }
nav ul { list-style: none; margin: 0; padding: 0 } nav li { margin: .15rem 0 }
nav li a { display: flex; gap: .4rem; align-items: baseline; overflow-wrap: anywhere } nav .method { flex: none }
main { padding: 1rem 2rem 6rem; max-width: 62rem }
a { color: var(--accent); text-decoration: none } a:hover { text-decoration: underline }
section > h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem }
article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.3rem; margin: 1rem 0 }
article h3 { margin: 0; font-size: 1.05rem; overflow-wrap: anywhere } h4 { margin: 1.1rem 0 .3rem }
.summary { font-weight: 600; margin: .5rem 0 } .scopes, .type, small { color: var(--soft) }
.method { display: inline-block; min-width: 3.4em; text-align: center; font: 700 11px/1.7 ui-monospace, monospace;
  color: #fff; border-radius: 4px; padding: 0 .4em; background: var(--post) }
.method.get { background: var(--get) } .method.patch { background: var(--patch) }
.status { font: 700 13px ui-monospace, monospace } .s2 { color: var(--good) } .s4, .s5 { color: var(--bad) }
.members { list-style: none; margin: .3rem 0; padding: 0 } .members .members { margin-left: .6rem; padding-left: .9rem; border-left: 2px solid var(--line) }
.members li { margin: .3rem 0 } .members p { display: inline } b { color: var(--bad) }
code, pre, textarea { font: 13px/1.5 ui-monospace, monospace } .value { color: var(--soft) }
pre { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: .8rem; overflow: auto; max-height: 26rem }
details { margin: .3rem 0 } summary { cursor: pointer } summary p { display: inline }
.try { margin-top: 1rem; border-top: 1px dashed var(--line); padding-top: .7rem } .try > summary { color: var(--accent); font-weight: 600 }
label { display: block; margin: .5rem 0; font-size: 13px; color: var(--soft) }
input, textarea { display: block; width: 100%; padding: .45rem .6rem; color: var(--ink); background: var(--paper);
  border: 1px solid var(--line); border-radius: 6px }
button { padding: .5rem 1rem; border: 0; border-radius: 6px; color: #fff; background: #0b62d6; font: inherit; cursor: pointer }
:target { outline: 2px solid var(--accent); outline-offset: 4px }
@media (max-width: 60rem) { body { display: block } nav { position: static; max-height: none } main { padding: 1rem } }
`;
