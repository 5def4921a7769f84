// Words, numbers and single signs; letters of scripts that part no words (Chinese, Japanese, Thai, ...) stand alone.
const pattern = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{N}]/gu;

/** The tokens of a text, with where each begins and ends. */
export const tokens = text => [...text.matchAll(pattern)].map(match => ({ text: match[0], start: match.index, end: match.index + match[0].length }));
