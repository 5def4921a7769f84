// Makes added-tokens.json: texts with added tokens and their ids under Hugging Face's tokenizers 0.23.2.
// npm install tokenizers@0.23.2 && node added-tokens.js
const { Tokenizer } = require('tokenizers');
const fs = require('fs');
const plain = { normalized: false };
const flags = (o = {}) => ({ special: false, single_word: false, lstrip: false, rstrip: false, normalized: true, ...o });
const tok = (id, content, o) => ({ id, content, ...flags(o) });

function byteAlphabet() {
  const out = []; let next = 0x100;
  for (let b = 0; b < 256; b++) {
    const v = (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || (b >= 0xae && b <= 0xff);
    out.push(String.fromCharCode(v ? b : next++));
  }
  return out;
}
// The added tokens of most groups; fit() numbers them.
const common = norm => [
  tok(0, '<persona>', norm), tok(0, '<p>', norm), tok(0, '<p><q>', norm), tok(0, '<p><q><r>', norm),
  tok(0, 'hel', { ...norm, single_word: true }), tok(0, '<l>', { ...norm, lstrip: true }), tok(0, '<r>', { ...norm, rstrip: true }),
  tok(0, '<lr>', { ...norm, lstrip: true, rstrip: true }), tok(0, 'two  words', norm), tok(0, '日本', norm),
  tok(0, '<w>', { ...norm, single_word: true }), tok(0, '🙂', norm), tok(0, 'NEW', { normalized: true }), tok(0, 'lo', { normalized: false, single_word: true }),
];
const texts = [
  '', ' ', '<persona>', '<persona> hello', '<persona>hello', 'hello<persona>', 'hello <persona>', 'hello <persona> there', 'hello<persona>there', ' <persona> ', '<persona><persona>',
  '<persona> <persona>', '<p>', '<p><q>', '<p><q><r>', '<p><p><q>', '<p><q><r', '<p><q> <r>', '<p', 'x<p>y<p><q>z', 'hel', 'hello', 'hel hello hel', 'hel.hel', '_hel', 'hel_', '9hel hel9', 'éhel', 'hel日本hel',
  'hello  <l>  there', '<l>there', '  <l>', 'hello  <r>  there', 'hello<r>', '<r>  ', 'hello  <lr>  there', '<r>  <l>', '<l>  <l>', '<r>  <r>', '<lr>  <lr>  hello', '<p>  <l>x<r>  <p>',
  'two  words', 'two words', 'atwo  wordsb', 'two  words two  words', '日本', '日本日本語', 'x日本 y', 'a<w>', '<w>a', ' <w> ', '<w><w>', '<persona><w><persona>', '🙂', 'hello🙂🙂there', 'NEW', 'new', 'aNEWb', 'hello NEW there', 'NEW NEW', 'NEW<persona>NEW',
  'lo hello lo', 'lo<p>lo', 'hello lo', 'the hello there', '<persona', 'persona>', 'hello <r> \t there', 'there\u3000<l>\u00a0<r>\u2003hello', '<lr>',
];
const groups = [];
async function group(name, tokenizer, files, extra = {}, own = texts) {
  const t = Tokenizer.fromString(JSON.stringify(tokenizer));
  const cases = [];
  for (const text of own) {
    if (extra.skip && extra.skip(text)) continue;
    const ids = (await t.encode(text, null, { addSpecialTokens: false })).getIds();
    const c = { text, ids: Array.from(ids) };
    if (extra.decodes) c.decoded = await t.decode(c.ids, true);
    cases.push(c);
  }
  const { skip, decodes, ...rest } = extra;
  groups.push({ name, files, tokenizer, ...rest, cases });
}
// A token that the vocabulary has keeps its id there; the others follow one another.
const fit = (tokens, vocab, first) => tokens.map(t => ({ ...t, id: vocab[t.content] ?? first++ }));
const decoder = tokens => Object.fromEntries(tokens.map(({ id, ...rest }) => [id, rest]));

(async () => {
  // Byte-level BPE.
  const bytes = byteAlphabet(), vocab = {};
  bytes.forEach((c, i) => { vocab[c] = i; });
  const merges = ['h e', 'l l', 'he ll', 'hell o', 'Ġ hello', 't he', 'Ġ t', 'r e', 'the re', 'Ġ there', 'w o', 'r d', 'Ġ Ġ'];
  for (const m of merges) vocab[m.replace(' ', '')] = Object.keys(vocab).length;
  const eot = Object.keys(vocab).length; vocab['<|endoftext|>'] = eot;
  const bpe = added => ({ version: '1.0', added_tokens: [tok(eot, '<|endoftext|>', { special: true, normalized: false }), ...added], normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }, post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, vocab, merges: merges.map(m => m.split(' ')) } });
  const bpeFiles = { 'vocab.json': JSON.stringify(vocab), 'merges.txt': merges.join('\n') + '\n' };
  let added = fit(common(plain), vocab, eot + 1);
  await group('byte-level, added_tokens_decoder', bpe(added), { ...bpeFiles, 'tokenizer_config.json': JSON.stringify({ added_tokens_decoder: decoder(added) }) });
  added = ['<persona>', '<p>', '<p><q>', '  ', '   ', '\t\t', 'hell', '<x y>'].map(c => tok(0, c));
  added = fit(added, vocab, eot + 1);
  await group('byte-level, added_tokens.json', bpe(added), { ...bpeFiles, 'added_tokens.json': JSON.stringify(Object.fromEntries(added.map(t => [t.content, t.id]))) }, { decodes: true },
    ['<persona> hello', 'hello  there', 'hello   there', 'hello    there', 'hello     there', 'a\t\t\tb', 'shell hello', '<x y><x  y>', '<p><q><p>', 'hello there<persona>', '     ', '\t\t', 'hell']);
  added = fit([tok(0, 'ab', { normalized: true }), tok(0, 'b', plain), tok(0, ' c', plain), tok(0, 'd', { ...plain, rstrip: true }), tok(0, ' ', plain)], vocab, eot + 1);
  await group('byte-level, both kinds and blanks', bpe(added), { ...bpeFiles, 'tokenizer_config.json': JSON.stringify({ added_tokens_decoder: decoder(added) }) }, {},
    ['ab', 'aab', 'a b', 'x c', 'd c', 'd  c', 'd   x', 'dd d', 'abd  ab c', ' ', '  x']);

  // WordPiece, uncased.
  const words = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'hello', 'there', 'the', 'hel', '##lo', 'x', 'y', 'z', 'two', 'words', '.', '_', '<', '>', 'p', 'q', 'r', '9', 'new', 'e', 'a', 'b', '本', 'persona', '##there', 'cafe'];
  const wordVocab = Object.fromEntries(words.map((w, i) => [w, i]));
  const specials = words.slice(0, 5).map((w, i) => tok(i, w, { special: true, normalized: false }));
  const bert = (added, lower = true) => ({ version: '1.0', added_tokens: [...specials, ...added], normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: lower },
    pre_tokenizer: { type: 'BertPreTokenizer' }, post_processor: null, decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word: 100, vocab: wordVocab } });
  const wordFiles = { 'vocab.txt': words.join('\n') + '\n' };
  const more = [...texts, 'the[MASK]hello', '[mask]', '<PERSONA>', 'the [MASK].[SEP]', 'HEL hello'];
  added = fit(common(plain), wordVocab, words.length);
  await group('WordPiece, not normalized', bert(added), { ...wordFiles, 'tokenizer_config.json': JSON.stringify({ added_tokens_decoder: decoder(added) }) }, {}, more);
  added = fit(common({ normalized: true }), wordVocab, words.length);
  await group('WordPiece, normalized', bert(added), { ...wordFiles, 'tokenizer_config.json': JSON.stringify({ added_tokens_decoder: decoder(added) }) }, {}, more);
  await group('WordPiece, cased', bert(added, false), { ...wordFiles, 'tokenizer_config.json': JSON.stringify({ do_lower_case: false, added_tokens_decoder: decoder(added) }) }, {}, more);
  added = [tok(words.length, 'Café', { normalized: true }), tok(words.length + 1, 'NEW', { ...plain }), tok(words.length + 2, 'X\u0301y', { normalized: true, single_word: true })];
  await group('WordPiece, accents', bert(added), { ...wordFiles, 'tokenizer_config.json': JSON.stringify({ added_tokens_decoder: decoder(added) }) }, {},
    ['Café', 'cafe', 'CAFE\u0301', 'the café there', 'cafés', 'NEW new', 'New', 'xy', 'XY.', 'axy', 'hello X\u0301Y', '日xy本']);

  // SentencePiece, Unigram, in XLM-R's numbering.
  const pieces = [['▁', -3.1], ['h', -6.2], ['e', -5.3], ['l', -5.45], ['o', -5.6], ['t', -5.75], ['r', -5.9], ['p', -6.05], ['s', -6.35], ['n', -6.5], ['a', -5.15], ['x', -7.1], ['y', -7.25], ['z', -7.4], ['w', -6.8], ['d', -6.95],
    ['▁hello', -7.05], ['hello', -8.3], ['▁there', -7.65], ['there', -8.85], ['▁the', -5.05], ['hel', -7.85], ['lo', -7.95], ['.', -4.05], ['<', -8.01], ['>', -8.02], ['q', -8.03], ['9', -8.04], ['_', -8.06], ['N', -8.07], ['E', -8.08], ['W', -8.09], ['é', -8.11], ['語', -8.12], ['b', -8.13]];
  const fair = [['<s>', 0], ['<pad>', 0], ['</s>', 0], ['<unk>', 0], ...pieces, ['<mask>', 0]];
  const mask = fair.length - 1;
  const own = [[0, '<s>'], [1, '<pad>'], [2, '</s>'], [3, '<unk>']].map(([i, c]) => tok(i, c, { special: true, normalized: false })).concat([tok(mask, '<mask>', { special: true, normalized: false, lstrip: true })]);
  const unigram = added => ({ version: '1.0', added_tokens: [...own, ...added], normalizer: { type: 'Sequence', normalizers: [{ type: 'Strip', strip_left: false, strip_right: true }, { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' }] },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }, post_processor: null, decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    model: { type: 'Unigram', unk_id: 3, vocab: fair, byte_fallback: false } });
  const noBlank = { skip: t => /[\t\u3000\u00a0\u2003]/.test(t) };
  const model = { cut: 'Unigram', numbering: 'xlm-roberta', addSpace: true, singleSpaces: true, pieces: [['<unk>', 0, 'Unknown'], ['<s>', 0, 'Control'], ['</s>', 0, 'Control'], ...pieces.map(p => [...p, 'Normal'])] };
  for (const [n, norm] of [['not normalized', plain], ['normalized', { normalized: true }]]) {
    added = fit(common(norm), Object.fromEntries(fair.map((p, i) => [p[0], i])), mask + 1);
    await group('Unigram, ' + n, unigram(added), { 'tokenizer_config.json': JSON.stringify({ added_tokens_decoder: decoder([...own, ...added]) }) }, { model, ...noBlank });
  }

  // SentencePiece, BPE with bytes, in the model's own numbering.
  const long = ['he', 'll', 'hell', 'hello', '▁hello', 'th', 'the', 're', 'there', '▁there', '▁t', '▁▁', 'wo', 'rd'];
  const letters = ['▁', ...'helotrpsnaxyzwdNEW<>q9_.éb'];
  const lp = [['<unk>', 0, 'Unknown'], ['<s>', 0, 'Control'], ['</s>', 0, 'Control'], ...Array.from({ length: 256 }, (_, b) => [`<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`, 0, 'Byte']),
    ...long.map((t, i) => [t, -i, 'Normal']), ...letters.map((t, i) => [t, -long.length - i, 'Normal'])];
  const lv = Object.fromEntries(lp.map((p, i) => [p[0], i])), lm = [];
  for (const t of long) for (let at = 1; at < t.length; at++) if (t.slice(0, at) in lv && t.slice(at) in lv) lm.push([t.slice(0, at), t.slice(at)]);
  const llamaSpecials = ['<unk>', '<s>', '</s>'].map((c, i) => tok(i, c, { special: true, normalized: false }));
  const llama = (added, legacy) => ({ version: '1.0', added_tokens: [...llamaSpecials, ...added],
    normalizer: legacy ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, { type: 'Replace', pattern: { String: ' ' }, content: '▁' }] } : null,
    pre_tokenizer: legacy ? null : { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false }, post_processor: null,
    decoder: { type: 'Sequence', decoders: [{ type: 'Replace', pattern: { String: '▁' }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }] },
    model: { type: 'BPE', dropout: null, unk_token: '<unk>', continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: true, byte_fallback: true, vocab: lv, merges: lm } });
  const lmodel = { cut: 'Bpe', numbering: 'own', addSpace: true, singleSpaces: false, byteFallback: true, pieces: lp };
  // Metaspace puts no space before a text that begins with one, SentencePiece does.
  const spaced = { skip: t => t.startsWith(' ') };
  for (const [n, norm] of [['not normalized', plain], ['normalized', { normalized: true }]]) {
    added = fit(common(norm), lv, lp.length);
    await group('BPE of SentencePiece, ' + n, llama(added, false), { 'tokenizer_config.json': JSON.stringify({ legacy: false, added_tokens_decoder: decoder([...llamaSpecials, ...added]) }) }, { model: lmodel, ...spaced });
  }
  added = fit(common(plain).filter(t => !t.normalized), lv, lp.length);
  await group('BPE of SentencePiece, legacy', llama(added, true), { 'tokenizer_config.json': JSON.stringify({ legacy: true, added_tokens_decoder: decoder([...llamaSpecials, ...added]) }) }, { model: lmodel, decodes: false });

  // tokenizer.json alone: a normalizer that rewrites, and a space before every piece.
  added = [tok(8, 'Straße', { normalized: true }), tok(9, 'ﬁn', { normalized: true, single_word: true }), tok(10, 'ﬀ', plain), tok(11, '<A>', { normalized: true, lstrip: true, rstrip: true })];
  await group('WordLevel, rewritten', { version: '1.0', added_tokens: added, normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }] }, pre_tokenizer: { type: 'WhitespaceSplit' }, post_processor: null, decoder: null,
    model: { type: 'WordLevel', unk_token: 'u', vocab: { u: 0, a: 1, b: 2, ff: 3, fin: 4, strasse: 5, 'straße': 6, 's': 7 } } }, null, {},
    ['Straße a', 'STRAßE', 'strasse', 'aStraßeb', 'fin', 'ﬁn', 'FIN b', 'fins', 'fin s', 'ﬀ', 'ff', 'aﬀb', 'a  <A>  b', 'a <a> b', '<Ａ>', 'ﬁnﬀﬁn']);
  added = fit(common(plain), vocab, eot + 1);
  const prefixed = bpe(added); prefixed.pre_tokenizer.add_prefix_space = true;
  await group('byte-level, a space before every piece', prefixed, null, {});

  const out = groups.map(g => JSON.stringify(g));
  fs.writeFileSync('added-tokens.json', '[\n' + out.join(',\n') + '\n]\n');
})();
