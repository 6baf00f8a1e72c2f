/**
 * Requests as no honest client sends them, each with the statuses it must bring, in order: what a server that
 * takes only what is well-formed answers before it closes the connection. A second status is a second request
 * that was found in the first one's bytes, so the number of statuses is what proves that nothing was smuggled.
 *
 * Bytes are written as letters of one byte each (latin1).
 *
 * @module
 */

/** One row of the table. */
export interface MalformedRequest {
  readonly what: string;
  readonly bytes: string;
  /** Statuses of the answers, in order; none = the connection is closed without a word. */
  readonly answers: readonly number[];
}

type Row = readonly [what: string, bytes: string, ...answers: number[]];

const HOST = "Host: localhost\r\n";
const CLOSE = `${HOST}Connection: close\r\n`;
/** Public, and asked for often enough by honest devices that no rate holds the table up. */
const GET = "GET /d/hello HTTP/1.1\r\n";
/** Is answered as soon as it is taken for a request: it must never be. */
const SMUGGLED = `GET /smuggled HTTP/1.1\r\n${CLOSE}\r\n`;
const NEXT = `GET /d/hello HTTP/1.1\r\n${CLOSE}\r\n`;

const get = (...headers: string[]) => `${GET}${CLOSE}${lines(headers)}\r\n`;
const lines = (headers: readonly string[]) => headers.map((header) => `${header}\r\n`).join("");
const target = (path: string, method = "GET") => `${method} ${path} HTTP/1.1\r\n${CLOSE}\r\n`;
const version = (text: string, headers = CLOSE) => `GET /d/hello ${text}\r\n${headers}\r\n`;
const host = (value: string) => `${GET}Host: ${value}\r\nConnection: close\r\n\r\n`;

const SYNC = `POST /d/1/sync HTTP/1.1\r\nContent-Type: application/cose\r\n`;
/** A sync that keeps the connection: what follows its body is the next request. */
const sync = (headers: readonly string[], body: string) =>
  `${SYNC}${HOST}${lines(headers)}\r\n${body}`;
/** A sync on a connection that ends with it. */
const lastSync = (headers: readonly string[], body: string) =>
  `${SYNC}${CLOSE}${lines(headers)}\r\n${body}`;
const CHUNKED = "Transfer-Encoding: chunked";
/** A chunked body of three bytes, which is no message: 400 in the devices' own words. */
const chunked = (body: string) => lastSync([CHUNKED], body);

const REQUEST_LINES: readonly Row[] = [
  ["HTTP/0.9", "GET /d/hello\r\n", 408],
  ["HTTP/0.9 with headers", `GET /d/hello\r\n${CLOSE}\r\n`, 400],
  ["HTTP/1.0", version("HTTP/1.0"), 200],
  ["HTTP/1.0 without Host", version("HTTP/1.0", ""), 400],
  ["version 0.9 in words", version("HTTP/0.9"), 400],
  ["version 1.2", version("HTTP/1.2"), 400],
  ["version 2.0", version("HTTP/2.0"), 400],
  ["version 3", version("HTTP/3"), 400],
  ["version 9.9", version("HTTP/9.9"), 400],
  ["version 1.1.1", version("HTTP/1.1.1"), 400],
  ["version 1.10", version("HTTP/1.10"), 400],
  ["version 01.1", version("HTTP/01.1"), 400],
  ["version in small letters", version("http/1.1"), 400],
  ["a misspelt protocol", version("HTP/1.1"), 400],
  ["another protocol", version("ICE/1.1"), 400],
  ["a gap in the version", version("HTTP/ 1.1"), 400],
  ["a comma in the version", version("HTTP/1,1"), 400],
  ["letters after the version", version("HTTP/1.1x"), 400],
  ["a blank after the version", version("HTTP/1.1 "), 400],
  ["no target", `GET HTTP/1.1\r\n${CLOSE}\r\n`, 400],
  ["nothing but a method", "GET\r\n\r\n", 400],
  ["no method", `/healthz HTTP/1.1\r\n${CLOSE}\r\n`, 400],
  ["two blanks before the target", `GET  /d/hello HTTP/1.1\r\n${CLOSE}\r\n`, 200],
  ["two blanks before the version", `GET /d/hello  HTTP/1.1\r\n${CLOSE}\r\n`, 200],
  ["a tab before the target", `GET\t/healthz HTTP/1.1\r\n${CLOSE}\r\n`, 400],
  ["a tab before the version", `GET /healthz\tHTTP/1.1\r\n${CLOSE}\r\n`, 400],
  ["a blank before the method", ` GET /healthz HTTP/1.1\r\n${CLOSE}\r\n`, 400],
  ["an empty line first", `\r\n${NEXT}`, 200],
  ["a method in small letters", target("/healthz", "get"), 400],
  ["an unknown method", target("/healthz", "BREW"), 400],
  ["a method with a suffix", target("/healthz", "GETX"), 400],
  ["a method with NUL", target("/healthz", "GET\0"), 400],
  ["a method of 10,000 letters", target("/healthz", "A".repeat(10_000)), 400],
  ["a method of HTTP/2", `PRI * HTTP/1.1\r\n${CLOSE}\r\n`, 400],
  ["a known method nobody answers", target("/healthz", "DELETE"), 405],
  ["TRACE", target("/healthz", "TRACE"), 405],
  ["a method of WebDAV", target("/healthz", "PROPFIND"), 405],
  ["a method for caches", target("/healthz", "PURGE"), 405],
];

const TARGETS: readonly Row[] = [
  ["a URL of this server", target("http://localhost/healthz"), 400],
  ["a URL of another server", target("http://evil.example/healthz"), 400],
  ["a URL with HTTPS", target("https://localhost/healthz"), 400],
  ["a URL of no web", target("ftp://localhost/healthz"), 400],
  ["a URL of a file", target("file:///etc/passwd"), 400],
  ["a URL with a user", target("http://a:b@localhost/healthz"), 400],
  ["a URL that goes on to a path", target("http://localhost"), 400],
  ["an authority", target("localhost:80"), 400],
  ["a tunnel", target("evil.example:443", "CONNECT"), 400],
  ["a tunnel to a path", target("/healthz", "CONNECT"), 400],
  ["a tunnel with a request behind it", target("a:1", "CONNECT") + SMUGGLED, 400],
  ["a star", target("*", "OPTIONS"), 400],
  ["a star to read", target("*"), 400],
  ["a path without its slash", target("healthz"), 400],
  ["a path behind a backslash", target("\\healthz"), 400],
  ["a query alone", target("?a=b"), 400],
  ["two slashes and a host", target("//evil.example/healthz"), 404],
  ["three slashes", target("///healthz"), 404],
  ["a path upwards", target("/../../etc/passwd"), 404],
  ["a path upwards, escaped", target("/%2e%2e/%2e%2e/etc/passwd"), 404],
  ["a path upwards, its slash escaped", target("/..%2f..%2fetc%2fpasswd"), 404],
  ["an escaped slash", target("/d%2fhello"), 404],
  ["an escaped NUL", target("/healthz%00"), 404],
  ["an escaped line end", target("/healthz%0d%0aX-Injected:%20yes"), 404],
  ["an escape that ends too early", target("/healthz%2"), 404],
  ["an escape that is none", target("/%zz"), 404],
  ["an escape that is no UTF-8", target("/%c0%ae"), 404],
  ["an escape too much in a parameter", target("/api/v1/devices/%ff"), 401],
  ["a parameter of the path", target("/healthz;a=b"), 404],
  ["a trailing slash", target("/healthz/"), 404],
  ["another spelling", target("/HEALTHZ"), 404],
  ["a fragment", target("/healthz#a"), 400],
  ["a fragment of a device", target("/d/hello#a"), 400],
  ["a backslash in the path", target("/d\\hello"), 400],
  ["a NUL in the target", target("/healthz\0"), 400],
  ["a control letter in the target", target("/healthz\x01"), 400],
  ["a DEL in the target", target("/healthz\x7f"), 400],
  ["a blank in the target", target("/health z"), 400],
  ["a bare CR in the target", target("/health\rz"), 400],
  ["a line feed in the target", target("/health\nz"), 400],
  ["bytes beyond ASCII in the target", target("/h\xe9"), 400],
  ["a target of 7,000 letters", target(`/${"a".repeat(7_000)}`), 404],
  ["a target of 9,000 letters", target(`/${"a".repeat(9_000)}`), 431],
  ["a query that no route has", target("/healthz?a=b"), 400],
  ["a query of a device", target("/d/hello?a=b"), 400],
  ["a query with a key of prototypes", target("/healthz?__proto__=1"), 400],
];

const HEADERS: readonly Row[] = [
  ["line feeds alone", `GET /healthz HTTP/1.1\nHost: localhost\nConnection: close\n\n`, 400],
  ["a line feed alone after the request line", `GET /healthz HTTP/1.1\n${CLOSE}\r\n`, 400],
  ["a line feed alone after a header", `${GET}Host: localhost\nConnection: close\r\n\r\n`, 400],
  ["a line feed alone at the end", `${GET}${CLOSE}\n`, 400],
  ["carriage returns alone", `GET /healthz HTTP/1.1\rHost: localhost\r\r`, 400],
  ["a CR alone in a value", get("X-A: a\rb"), 400],
  ["a CR alone before a header", get("X-A: a\rX-B: b"), 400],
  ["two CRs before a line feed", `${GET}${HOST}X-A: a\r\r\n\r\n`, 400],
  ["a folded value", get("X-A: a\r\n b"), 400],
  ["a value folded with a tab", get("X-A: a\r\n\tb"), 400],
  ["a folded Host", `${GET}Host: local\r\n host\r\nConnection: close\r\n\r\n`, 400],
  ["a fold before any header", `${GET} Host: localhost\r\n${CLOSE}\r\n`, 400],
  ["a line that is no header", get("this is no header"), 400],
  ["a header without a name", get(": value"), 400],
  ["a blank before the colon", get("X-A : a"), 400],
  ["a tab before the colon", get("X-A\t: a"), 400],
  ["NUL in a name", get("X-\0A: a"), 400],
  ["NUL in a value", get("X-A: a\0b"), 400],
  ["a control letter in a value", get("X-A: a\x01b"), 400],
  ["a DEL in a value", get("X-A: a\x7fb"), 400],
  ["a vertical tab in a value", get("X-A: a\x0bb"), 400],
  ["bytes beyond ASCII in a name", get("X-\xc4: a"), 400],
  ["bytes beyond ASCII in a value", get("X-A: \xc4\xff"), 200],
  ["brackets in a name", get("X(A): a"), 400],
  ["an at sign in a name", get("X@A: a"), 400],
  ["a quote in a name", get(`X"A": a`), 400],
  ["an empty value", get("X-A:"), 200],
  ["no blank after the colon", get("X-A:a"), 200],
  ["blanks around a value", get("X-A: \t a \t "), 200],
  ["a value of 9,000 letters", get(`X-A: ${"a".repeat(9_000)}`), 431],
  ["a name of 9,000 letters", get(`X-${"a".repeat(9_000)}: a`), 431],
  ["1,500 headers", get(...Array.from({ length: 1_500 }, (_, i) => `X-${i}: a`)), 431],
  ["400 short headers", get(...Array.from({ length: 400 }, (_, i) => `A${i}: b`)), 200],
  ["a name of prototypes", get("__proto__: a", "constructor: b", "toString: c"), 200],
  ["cookies beyond the limit", get(`Cookie: ${"a=b; ".repeat(2_000)}`), 431],
  ["credentials that are no text", get("Authorization: Bearer \xff\xfe"), 200],
  ["half a header", `${GET}Hos`, 408],
  ["headers without an end", `${GET}${HOST}`, 408],
];

const HOSTS: readonly Row[] = [
  ["no Host", `${GET}Connection: close\r\n\r\n`, 400],
  ["the same Host twice", `${GET}${HOST}${CLOSE}\r\n`, 400],
  ["two Hosts, ours first", `${GET}${CLOSE}Host: evil.example\r\n\r\n`, 400],
  ["two Hosts, ours last", `${GET}Host: evil.example\r\n${CLOSE}\r\n`, 400],
  ["two Hosts, one with a blank", `${GET}${CLOSE}Host : evil.example\r\n\r\n`, 400],
  ["an empty Host", host(""), 421],
  ["another's Host", host("evil.example"), 421],
  ["another's Host with a port", host("evil.example:80"), 421],
  ["a name that ends like ours", host("evil-localhost"), 421],
  ["a name that begins like ours", host("localhost.evil.example"), 421],
  ["a name below ours", host("evil.localhost"), 421],
  ["a name that resolves to us", host("127.0.0.1.nip.io"), 421],
  ["our name before another's, as a user", host("localhost@evil.example"), 421],
  ["our name and port as a user", host("localhost:80@evil.example"), 421],
  ["another's name before ours, as a user", host("evil.example@localhost"), 421],
  ["another's name and a fragment", host("evil.example#localhost"), 421],
  ["a path in the Host", host("localhost/healthz"), 421],
  ["a query in the Host", host("localhost?a"), 421],
  ["a URL as Host", host("http://localhost"), 421],
  ["two names in one", host("localhost, evil.example"), 421],
  ["two names with a blank", host("localhost evil.example"), 421],
  ["two names with a tab", host("localhost\tevil.example"), 421],
  ["a port of letters", host("localhost:http"), 421],
  ["a port below zero", host("localhost:-1"), 421],
  ["a port of six digits", host("localhost:100000"), 421],
  ["a port that is missing", host("localhost:"), 421],
  ["two ports", host("localhost:80:80"), 421],
  ["two dots at the end", host("localhost.."), 421],
  ["a dot at the end", host("localhost."), 200],
  ["capitals", host("LOCALHOST"), 200],
  ["blanks around", host("  localhost  "), 200],
  ["loopback of IPv6", host("[::1]:1"), 200],
  ["an open bracket", host("[::1"), 421],
  ["IPv6 without brackets", host("::1"), 421],
  ["letters after the bracket", host("[::1]evil.example"), 421],
  ["an address written short", host("127.1"), 421],
  ["an address as one number", host("2130706433"), 421],
  ["an address in hexadecimal", host("0x7f.0.0.1"), 421],
  ["an address in octal", host("0177.0.0.1"), 421],
  ["the address of nowhere", host("0.0.0.0"), 421],
  ["a name of 300 letters", host("a".repeat(300)), 421],
  ["a name beyond ASCII", host("loc\xe4lhost"), 421],
  ["a NUL in the Host", host("localhost\0.evil.example"), 400],
  ["ours in another header", get("X-Forwarded-Host: evil.example"), 200],
  [
    "another's, ours in another header",
    `${GET}Host: evil.example\r\nX-Forwarded-Host: localhost\r\nX-Host: localhost\r\n\r\n`,
    421,
  ],
];

/** Framing of bodies: the server and a proxy before it must never disagree where one ends. */
const LENGTHS: readonly Row[] = [
  ["a length and chunks", sync(["Content-Length: 5", CHUNKED], `0\r\n\r\n${SMUGGLED}`), 400],
  ["chunks and a length", sync([CHUNKED, "Content-Length: 5"], `0\r\n\r\n${SMUGGLED}`), 400],
  ["a length of 0 and chunks", sync(["Content-Length: 0", CHUNKED], `0\r\n\r\n${SMUGGLED}`), 400],
  ["the same length twice", sync(["Content-Length: 3", "Content-Length: 3"], "abc"), 400],
  ["two lengths", sync(["Content-Length: 3", "Content-Length: 0"], `abc${SMUGGLED}`), 400],
  ["two lengths in one", sync(["Content-Length: 3, 3"], "abc"), 400],
  ["two lengths in one, different", sync(["Content-Length: 0, 3"], "abc"), 400],
  ["a length with a sign", sync(["Content-Length: +3"], "abc"), 400],
  ["a length below zero", sync(["Content-Length: -3"], "abc"), 400],
  ["a length in hexadecimal", sync(["Content-Length: 0x3"], "abc"), 400],
  ["a length with a letter", sync(["Content-Length: 3a"], "abc"), 400],
  ["a length with a blank inside", sync(["Content-Length: 1 0"], "abc"), 400],
  ["a length with a fraction", sync(["Content-Length: 3.0"], "abc"), 400],
  ["a length with an exponent", sync(["Content-Length: 3e0"], "abc"), 400],
  ["an empty length", sync(["Content-Length:"], "abc"), 400],
  ["a length in quotes", sync([`Content-Length: "3"`], "abc"), 400],
  ["a length of 2^64", sync(["Content-Length: 18446744073709551616"], "abc"), 400],
  ["a length of 40 digits", sync([`Content-Length: ${"9".repeat(40)}`], "abc"), 400],
  ["a length of 2^53", sync(["Content-Length: 9007199254740992"], "abc"), 413],
  ["a length of 400 MB", sync(["Content-Length: 400000000"], "abc"), 413],
  ["a length one above the limit", sync(["Content-Length: 16385"], "abc"), 413],
  ["a length with a blank before its colon", sync(["Content-Length : 3"], "abc"), 400],
  ["a folded length", sync(["Content-Length:\r\n 3"], "abc"), 400],
  ["a length with NUL", sync(["Content-Length: 3\0"], "abc"), 400],
  ["a length with a zero before", lastSync(["Content-Length: 003"], "abc"), 400],
  ["a misspelt length", sync(["Content_Length: 3"], SMUGGLED), 400, 404],
  ["no length at all", sync([], SMUGGLED), 400, 404],
  ["a body shorter than its length", sync(["Content-Length: 100"], "abc"), 408],
  ["a body that nobody sends", sync(["Content-Length: 3"], ""), 408],
  [
    "a length on what takes no body",
    `${GET}${HOST}Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
    413,
  ],
  ["chunks on what takes no body", `${GET}${HOST}${CHUNKED}\r\n\r\n3\r\nabc\r\n0\r\n\r\n`, 413],
  [
    "a length on a method nobody answers",
    `DELETE /healthz HTTP/1.1\r\n${HOST}Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
    405,
  ],
  [
    "a length on a path nobody knows",
    `POST /nope HTTP/1.1\r\n${HOST}Content-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
    404,
  ],
  [
    "a length with another's Host",
    `POST /d/1/sync HTTP/1.1\r\nHost: evil.example\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
    421,
  ],
];

const CODINGS: readonly Row[] = [
  ["no coding at all", sync(["Transfer-Encoding: identity"], SMUGGLED), 400],
  ["an unknown coding", sync(["Transfer-Encoding: xchunked"], SMUGGLED), 400],
  ["an empty coding", sync(["Transfer-Encoding:"], SMUGGLED), 400],
  ["chunks, then something", sync(["Transfer-Encoding: chunked, identity"], SMUGGLED), 400],
  ["chunks twice", sync(["Transfer-Encoding: chunked, chunked"], "0\r\n\r\n"), 400],
  ["chunks twice in two headers", sync([CHUNKED, CHUNKED], "0\r\n\r\n"), 400],
  ["chunks in two headers", sync([CHUNKED, "Transfer-Encoding: x"], "0\r\n\r\n"), 400],
  ["compressed chunks", sync(["Transfer-Encoding: gzip, chunked"], "0\r\n\r\n"), 400],
  ["chunks with a parameter", sync(["Transfer-Encoding: chunked;q=1"], "0\r\n\r\n"), 400],
  ["chunks in quotes", sync([`Transfer-Encoding: "chunked"`], "0\r\n\r\n"), 400],
  ["chunks with a vertical tab", sync(["Transfer-Encoding: \x0bchunked"], "0\r\n\r\n"), 400],
  ["chunks with a CR", sync(["Transfer-Encoding: \rchunked"], "0\r\n\r\n"), 400],
  ["chunks, folded", sync(["Transfer-Encoding:\r\n chunked"], "0\r\n\r\n"), 400],
  ["chunks, a blank before the colon", sync(["Transfer-Encoding : chunked"], "0\r\n\r\n"), 400],
  ["chunks with a comma", sync(["Transfer-Encoding: chunked,"], `0\r\n\r\n${SMUGGLED}`), 400],
  ["chunks behind a comma", sync(["Transfer-Encoding: ,chunked"], `0\r\n\r\n${SMUGGLED}`), 400],
  ["chunks beyond ASCII", sync(["Transfer-Encoding: chun\xcbed"], "0\r\n\r\n"), 400],
  ["a misspelt coding", sync(["Transfer_Encoding: chunked"], SMUGGLED), 400, 404],
  ["chunks in capitals", lastSync(["TRANSFER-ENCODING: CHUNKED"], "3\r\nabc\r\n0\r\n\r\n"), 400],
  [
    "chunks of HTTP/1.0",
    `POST /d/1/sync HTTP/1.0\r\n${HOST}Content-Type: application/cose\r\n${CHUNKED}\r\n\r\n3\r\nabc\r\n0\r\n\r\n${SMUGGLED}`,
    400,
  ],
];

const CHUNKS: readonly Row[] = [
  ["chunks as they should be", chunked("3\r\nabc\r\n0\r\n\r\n"), 400],
  ["chunks and the next request", sync([CHUNKED], `3\r\nabc\r\n0\r\n\r\n${NEXT}`), 400, 200],
  ["a chunk without a size", chunked(`\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a size below zero", chunked(`-1\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a size with a sign", chunked(`+3\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a size with 0x", chunked(`0x3\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a size that is none", chunked(`g\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a blank before a size", chunked(` 3\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a blank after a size", chunked(`3 \r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a tab after a size", chunked(`3\t\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a size in quotes", chunked(`"3"\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a size of 2^64", chunked(`10000000000000000\r\nabc`), 400],
  ["a size of 2^64 and 3", chunked(`10000000000000003\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a size of 40 digits", chunked(`${"f".repeat(40)}\r\nabc`), 400],
  ["zeros before a size", chunked(`0003\r\nabc\r\n0\r\n\r\n`), 400],
  ["a line feed alone after a size", chunked(`3\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a CR alone after a size", chunked(`3\rabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a line feed alone after a chunk", chunked(`3\r\nabc\n0\r\n\r\n${SMUGGLED}`), 400],
  ["nothing after a chunk", chunked(`3\r\nabc0\r\n\r\n${SMUGGLED}`), 400],
  ["a chunk longer than its size", chunked(`3\r\nabcdef\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["a chunk shorter than its size", chunked(`8\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["an extension", chunked("3;a=b\r\nabc\r\n0\r\n\r\n"), 400],
  ["an extension with a line feed", chunked(`3;a\nb\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["an extension with a CR", chunked(`3;a\rb\r\nabc\r\n0\r\n\r\n${SMUGGLED}`), 400],
  ["an extension with a line end in quotes", chunked(`3;a="\r\n"\r\nabc\r\n0\r\n\r\n`), 400],
  ["an extension of 20,000 letters", chunked(`3;${"a".repeat(20_000)}\r\nabc\r\n0\r\n\r\n`), 400],
  ["a trailer", chunked("3\r\nabc\r\n0\r\nX-A: b\r\n\r\n"), 400],
  ["a trailer that is a length", chunked("3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n"), 400],
  ["a trailer that is a Host", chunked("3\r\nabc\r\n0\r\nHost: evil.example\r\n\r\n"), 400],
  ["a trailer that is no header", chunked(`3\r\nabc\r\n0\r\nno header\r\n\r\n${SMUGGLED}`), 400],
  ["a trailer with a line feed", chunked(`3\r\nabc\r\n0\r\nX-A: b\n\r\n${SMUGGLED}`), 400],
  ["a trailer of 20,000 letters", chunked(`0\r\nX-A: ${"a".repeat(20_000)}\r\n\r\n`), 431],
  ["line feeds alone at the end", chunked(`3\r\nabc\r\n0\n\n${SMUGGLED}`), 400],
  ["no last chunk", sync([CHUNKED], "3\r\nabc\r\n"), 408],
  ["half a size", sync([CHUNKED], "3"), 408],
  [
    "a size beyond the limit",
    sync([CHUNKED], `5000\r\n${"x".repeat(0x5000)}\r\n0\r\n\r\n${SMUGGLED}`),
    413,
  ],
  ["16,385 chunks of one byte", sync([CHUNKED], "1\r\nx\r\n".repeat(16_385) + "0\r\n\r\n"), 413],
];

const OFFERS: readonly Row[] = [
  ["an expectation", sync(["Expect: 100-continue", "Content-Length: 3"], ""), 417],
  ["an expectation in capitals", sync(["Expect: 100-CONTINUE", "Content-Length: 3"], ""), 417],
  ["an expectation nobody knows", sync(["Expect: miracles", "Content-Length: 3"], ""), 417],
  ["an empty expectation", sync(["Expect:", "Content-Length: 3"], "abc"), 417],
  ["an expectation without a body", get("Expect: 100-continue"), 417],
  [
    "an expectation with a request behind it",
    sync(["Expect: 100-continue", `Content-Length: ${SMUGGLED.length}`], SMUGGLED),
    417,
  ],
  ["a compressed body", lastSync(["Content-Encoding: gzip", "Content-Length: 3"], "abc"), 400],
  [
    "a body with a coding nobody knows",
    lastSync(["Content-Encoding: x", "Content-Length: 3"], "abc"),
    400,
  ],
  [
    "a body with no coding, said so",
    lastSync(["Content-Encoding: identity", "Content-Length: 3"], "abc"),
    400,
  ],
  [
    "a compressed body for people",
    `POST /api/v1/setup HTTP/1.1\r\n${CLOSE}Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}`,
    415,
  ],
  [
    "a body of no type",
    `POST /api/v1/setup HTTP/1.1\r\n${CLOSE}Content-Length: 2\r\n\r\n{}`,
    415,
  ],
  [
    "a body of two types",
    `POST /api/v1/setup HTTP/1.1\r\n${CLOSE}Content-Type: text/plain\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
    415,
  ],
  [
    "an upgrade to h2c",
    get("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__"),
    400,
  ],
  [
    "an upgrade to h2c with a request behind it",
    `${GET}${HOST}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n${SMUGGLED}`,
    400,
  ],
  [
    "an upgrade to h2c with a body",
    sync(["Connection: Upgrade", "Upgrade: h2c", "Content-Length: 3"], "abc"),
    400,
  ],
  [
    "an upgrade to a WebSocket",
    `${GET}${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    400,
  ],
  ["an upgrade to TLS", `${GET}${HOST}Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n\r\n`, 400],
  ["an upgrade nobody asked for", get("Upgrade: h2c"), 200],
  ["an upgrade to nothing", `${GET}${HOST}Connection: Upgrade, close\r\n\r\n`, 200],
  ["headers that are said to be the connection's", get("Connection: Host, Content-Length"), 200],
  ["another method in a header", get("X-HTTP-Method-Override: DELETE"), 200],
  ["another path in a header", get("X-Original-URL: /smuggled", "X-Rewrite-URL: /smuggled"), 200],
  ["a thousand ranges", get(`Range: bytes=${"0-0,".repeat(1_000)}0-0`), 200],
  ["HTTP/2 as one who knows", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  [
    "HTTP/2 with its settings",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\0\x01\x05\0\0\0\x01",
    400,
  ],
];

const STRANGERS: readonly Row[] = [
  ["the hello of TLS", "\x16\x03\x01\x00\x2e\x01\x00\x00\x2a\x03\x03" + "\0".repeat(40), 400],
  ["a greeting of SSH", "SSH-2.0-OpenSSH_9.9\r\n", 400],
  ["a greeting of SMTP", "EHLO evil.example\r\n", 400],
  ["a request of RTSP", "DESCRIBE rtsp://localhost/a RTSP/1.0\r\nCSeq: 1\r\n\r\n", 400],
  ["an answer", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 400],
  ["a command of Redis", "*1\r\n$4\r\nPING\r\n", 400],
  ["a proxy's greeting", `PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n${NEXT}`, 400],
  [
    "a proxy's greeting in binary",
    `\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c${"\0".repeat(12)}${NEXT}`,
    400,
  ],
  ["nothing but NUL", "\0".repeat(64), 400],
  ["nothing but line ends", "\r\n".repeat(64), 408],
  ["nothing but blanks", " ".repeat(64), 400],
  [
    "bytes of all kinds",
    String.fromCharCode(...Array.from({ length: 256 }, (_, i) => 255 - i)),
    400,
  ],
  ["a query of GraphQL without HTTP", `{"query":"{a}"}\r\n\r\n`, 400],
  ["nothing at all", "", 408],
];

const PIPELINES: readonly Row[] = [
  ["two at once", `${GET}${HOST}\r\n${NEXT}`, 200, 200],
  ["fifty at once", `${GET}${HOST}\r\n`.repeat(49) + NEXT, ...Array<number>(50).fill(200)],
  ["a good one, then a bad one", `${GET}${HOST}\r\nBAD\r\n\r\n`, 200, 400],
  ["a bad one, then a good one", `BAD\r\n\r\n${SMUGGLED}`, 400],
  ["another's, then ours", `${GET}Host: evil.example\r\n\r\n${SMUGGLED}`, 421],
  ["one after the last", `${get()}${SMUGGLED}`, 200],
  ["one after the last of HTTP/1.0", `${version("HTTP/1.0", HOST)}${SMUGGLED}`, 200],
  ["one after a body", `${sync(["Content-Length: 3"], "abc")}${NEXT}`, 400, 200],
  [
    "one after a body and an empty line",
    `${sync(["Content-Length: 3"], "abc")}\r\n${NEXT}`,
    400,
    200,
  ],
  ["one after HEAD", `HEAD /healthz HTTP/1.1\r\n${HOST}\r\n${NEXT}`, 200, 200],
  [
    "one after a body that was refused",
    `${sync(["Content-Length: 16385"], "x".repeat(16_385))}${SMUGGLED}`,
    413,
  ],
  ["one after a method nobody answers", `PUT /healthz HTTP/1.1\r\n${HOST}\r\n${SMUGGLED}`, 405],
];

const GROUPS: Readonly<Record<string, readonly Row[]>> = {
  "request line": REQUEST_LINES,
  target: TARGETS,
  header: HEADERS,
  Host: HOSTS,
  length: LENGTHS,
  coding: CODINGS,
  chunk: CHUNKS,
  offer: OFFERS,
  stranger: STRANGERS,
  pipeline: PIPELINES,
};

/** Every row. */
export const MALFORMED_REQUESTS: readonly MalformedRequest[] = Object.entries(GROUPS)
  .flatMap(([group, rows]) =>
    rows.map(([what, bytes, ...answers]) => ({ what: `${group}: ${what}`, bytes, answers }))
  );
